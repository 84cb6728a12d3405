"""From what a person writes to the municipality they mean."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.region.service import Region
from tests.catalogue.kit import KOETHEN, SUED, ZERBST


def found(region: Region, text: str) -> list[str]:
    return [place.ars for place in region.gazetteer.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Köthen",
        "köthen",
        "KÖTHEN",
        "Koethen",
        "Kothen",
        "Köthen (Anhalt)",
        "Köthen (Anhalt), Stadt",
        "06366",
        "06366 Köthen",
        "06369 Köthen",
        "Ich bin nach Köthen gezogen, was muss ich tun?",
        "ich wohne in Baasdorf",
        "Baasdorf",
        "PLZ 06366!",
        "I live in Koethen",
    ],
)
def test_koethen_is_understood_in_every_spelling(region: Region, text: str) -> None:
    assert found(region, text) == [KOETHEN]


@pytest.mark.parametrize(
    "text", ["Südliches Anhalt", "Suedliches Anhalt", "Sudliches Anhalt", "Gröbzig", "Grobzig"]
)
def test_umlauts_may_be_spelled_out_or_dropped(region: Region, text: str) -> None:
    assert found(region, text) == [SUED]


def test_a_postcode_of_two_municipalities_means_both(region: Region) -> None:
    assert found(region, "06369") == [KOETHEN, SUED]


def test_a_name_beats_a_postcode(region: Region) -> None:
    assert found(region, "06369 Südliches Anhalt") == [SUED]
    assert found(region, "39261 Köthen") == [KOETHEN]


def test_a_postcode_decides_between_two_places_of_one_name(region: Region) -> None:
    assert found(region, "Steutz") == [ZERBST, SUED]
    assert found(region, "Steutz 39261") == [ZERBST]


def test_two_places_in_one_question_are_both_found_once(region: Region) -> None:
    assert found(region, "von Zerbst nach Köthen, nach Köthen!") == [ZERBST, KOETHEN]


@pytest.mark.parametrize(
    "text", ["", "   ", "🙂", "12345", "063660", "606366", "Berlin", "Köthener", "0 6 3 6 6"]
)
def test_what_is_no_place_of_the_county_is_none(region: Region, text: str) -> None:
    assert found(region, text) == []


def test_a_village_named_like_a_word_needs_a_preposition(region: Region) -> None:
    assert found(region, "Welche Marke hat mein Auto") == []
    assert found(region, "ich wohne in Marke") == [KOETHEN]
    assert found(region, "Marke") == [KOETHEN], "an answer to: where do you live?"


@pytest.mark.parametrize(
    "text",
    ["Köthen", "ich wohne in Köthen", "06366", "PLZ 06366 Köthen", "in Baasdorf.", "Stadt Zerbst"],
)
def test_a_place_and_nothing_else_is_told_apart(region: Region, text: str) -> None:
    assert region.gazetteer.is_only_a_place(text)


@pytest.mark.parametrize(
    "text", ["Hund anmelden in Köthen", "06366 Sperrmüll", "", "in", "Berlin", "Köthen Zerbst"]
)
def test_a_question_with_a_place_is_more_than_a_place(region: Region, text: str) -> None:
    assert not region.gazetteer.is_only_a_place(text)


@settings(max_examples=100)
@given(text=st.text(max_size=300))
def test_any_text_finds_known_places_or_none(region: Region, text: str) -> None:
    places = region.gazetteer.find(text)
    assert set(places) <= set(region.municipalities)
    assert len(set(places)) == len(places)


@settings(max_examples=50)
@given(
    before=st.text("abc xyz,.!?🙂\n", max_size=30), after=st.text("abc xyz,.!?🙂\n", max_size=30)
)
def test_a_town_is_found_whatever_stands_around_it(
    region: Region, before: str, after: str
) -> None:
    assert found(region, f"{before} Zerbst {after}") == [ZERBST]


def test_a_huge_text_is_searched_too(region: Region) -> None:
    assert found(region, "wort " * 2_000 + "Zerbst") == [ZERBST]
