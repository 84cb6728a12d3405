"""A language that does not say everything falls back to German; Arabic runs from right to left."""

import pytest
from markupsafe import Markup

from services.direction import BEGIN, END, MARK, from_right_to_left


def bare(text):
    return text.replace(BEGIN, "").replace(END, "").replace(MARK, "")


def test_what_a_language_does_not_say_is_said_in_german(texts):
    for language in ("uk", "ru", "ar", "tr", "pl"):
        said = texts.of(language)("staff.button-sure")
        assert bare(said) == texts.of("de")("staff.button-sure")


def test_plural_forms_of_german_where_the_language_has_none(texts):
    said = texts.of("uk")("golive.stopped", count=2)
    assert said == texts.of("de")("golive.stopped", count=2)


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("uk", 1, "1 день"),
        ("uk", 3, "3 дні"),
        ("uk", 12, "12 днів"),
        ("uk", 21, "21 день"),
        ("ru", 24, "24 дня"),
        ("ru", 11, "11 дней"),
        ("pl", 22, "22 dni"),
        ("tr", 5, "5 gün"),
        ("ar", 2, "2 يومين"),
        ("ar", 7, "7 أيام"),
        ("ar", 14, "14 يومًا"),
    ],
)
def test_plurals(texts, language, count, said):
    assert bare(texts.of(language)("ask.days", count=count)) == said


@pytest.mark.parametrize(
    "value", ["+49 3493 341-0", "Bürgeramt Köthen", "https://example.de/a?b=c"]
)
def test_numbers_and_german_words_in_arabic_are_set_apart(texts, value):
    said = texts.of("ar")("ask.phone", value=value)
    assert said == f"الهاتف: {BEGIN}{value}{END}"


def test_other_languages_have_no_marks(texts):
    for language in ("de", "en", "uk", "ru", "tr", "pl"):
        said = texts.of(language)("ask.phone", value="115")
        assert said == bare(said)


def test_commands_and_german_terms_in_arabic_are_set_apart():
    assert from_right_to_left("<b>المواضيع</b> /menu (Gebühren, Fristen)\n{lines}") == (
        f"<b>المواضيع</b> {BEGIN}/menu{END} ({BEGIN}Gebühren, Fristen{END})\n{MARK}{{lines}}"
    )


def test_a_line_that_begins_with_a_command_or_a_name_still_runs_from_the_right(texts):
    menu = texts.of("ar")("welcome.help", hotline="115").splitlines()[3]
    assert menu.startswith(f"{MARK}{BEGIN}/menu{END} ")
    assert texts.of("ar")("ask.item", item="Ausweis") == f"{MARK}• {BEGIN}Ausweis{END}"


def test_several_lines_and_numbers_stay_as_they_are(texts):
    arabic = texts.of("ar")
    assert "\nb" in arabic("privacy.imprint", lines=Markup("a\nb"))
    assert f"{BEGIN}2" not in arabic("ask.days", count=2)


def test_what_people_wrote_stays_harmless(texts):
    for text in texts.languages.values():
        assert "&lt;b&gt;" in text("ask.phone", value="<b>")
        assert "&lt;b&gt;" in text.plain("<b>")
