import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.language import Language, language_of
from tests.nlu.test_emergencies import rows


def test_nearly_every_question_is_put_in_its_language():
    found = [
        language_of(row["text"], chat=Language.GERMAN) == row["lang"]
        for row in rows("questions.jsonl")
    ]
    assert sum(found) / len(found) > 0.97


def test_two_words_keep_the_language_of_the_chat():
    assert language_of("new passport", chat=Language.POLISH) is Language.POLISH


@pytest.mark.parametrize("row", rows("languages.jsonl"), ids=lambda row: row["text"])
def test_short_mixed_and_oddly_typed_texts(row):
    assert language_of(row["text"], chat=Language.GERMAN) == row["lang"]


def test_emergencies_are_put_in_their_language():
    told = [
        language_of(row["text"], chat=Language.GERMAN) == row["lang"]
        for row in rows("emergencies_blind.jsonl")
    ]
    assert sum(told) / len(told) > 0.98


@pytest.mark.parametrize("chat", Language)
def test_the_script_decides_however_short_a_text_is(chat):
    assert language_of("جواز", chat=chat) is Language.ARABIC
    assert language_of("паспорт", chat=chat) in {Language.UKRAINIAN, Language.RUSSIAN}


@pytest.mark.parametrize("chat", [Language.UKRAINIAN, Language.RUSSIAN])
def test_a_word_of_both_languages_keeps_the_chat_s(chat):
    assert language_of("паспорт", chat=chat) is chat


@pytest.mark.parametrize("text", ["ok", "115", "Köthen", "🙂", "", "Personalausweis"])
def test_what_tells_nothing_keeps_the_language_of_the_chat(text):
    for chat in Language:
        assert language_of(text, chat=chat) is chat


@given(st.text(max_size=700))
def test_any_text_has_one_of_our_languages(text):
    assert language_of(text, chat=Language.GERMAN) in Language
