"""From text to comparable words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.words import MAX_LENGTH, fold, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ich möchte meinen Hund anmelden, bitte!", ["hund", "anmelden"]),
        ("KÖTHEN Straße", ["koethen", "strasse"]),
        ("Führerschein-Umtausch", ["fuehrerschein", "umtausch"]),
        ("How do I register a dog?", ["register", "dog"]),
        ("Perso 🙂 geklaut…", ["perso", "geklaut"]),
        ("§ 17 BMG", ["17", "bmg"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("🙂 !? …", []),
    ],
)
def test_only_meaningful_words_are_left(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_filler_alone_is_better_than_nothing() -> None:
    assert words("was ist das") == ["was", "ist", "das"]


def test_nobody_asks_in_more_than_the_first_characters() -> None:
    assert words("x" * MAX_LENGTH + "y") == ["x" * MAX_LENGTH]
    assert "ende" in words("hund " * 99 + "ende")
    assert "ende" not in words("hund " * 100 + "ende")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hunde", "hund"),
        ("anmelden", "anmeldung"),
        ("verloren", "verlorene"),
        ("steuern", "steuer"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_different_words_keep_different_stems() -> None:
    assert len({stem(word) for word in ("anmelden", "abmelden", "hund", "hand", "reisepass")}) == 5


@settings(max_examples=100)
@given(text=st.text(max_size=600))
def test_words_are_folded_and_found_again_in_the_folded_text(text: str) -> None:
    found = words(text)
    for word in found:
        assert word
        assert word in fold(text)
        assert word == fold(word)
        assert isinstance(stem(word), str)
