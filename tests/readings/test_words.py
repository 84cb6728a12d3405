"""Numbers, units, distances and times as people write them."""

from datetime import timedelta
from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.readings.charts import unit_sign
from handlers.readings.lists import distance
from handlers.readings.quantities import MEASURES, QUANTITIES, in_order, shown
from lorawan import vocabulary
from nlu.measured import Measured
from services.devices.distance import metres
from services.text import Texts


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "236 cm"),
        ("en", "236 cm"),
        ("uk", "236 см"),
        ("ru", "236 см"),
        ("tr", "236 cm"),
        ("pl", "236 cm"),
    ],
)
def test_a_level_is_read_in_centimetres(texts: Texts, language: str, expected: str) -> None:
    said = shown("water.level").words(2.3649, texts.of(language))
    assert said.replace("\xa0", " ") == expected


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("language", ["de", "en", "uk", "ru", "ar", "tr", "pl"])
def test_every_quantity_has_words_in_every_language(
    texts: Texts, language: str, quantity: str
) -> None:
    text = texts.of(language)
    how = shown(quantity)
    for value in (-3.21, 0.0, 1.0, 12345.678):
        said = how.words(value, text)
        assert said.strip()
        assert "-0 " not in f"{said} "
    assert unit_sign(how, text) or how.yes or quantity == "people.count"
    assert not set(unit_sign(how, text)) & set(digits)


def test_every_quantity_is_one_of_the_vocabulary_in_its_unit() -> None:
    scaled = {"length-centimeter": {"m": 100.0, "cm": 1.0}}
    for quantity, how in QUANTITIES.items():
        unit = vocabulary.QUANTITIES[quantity].unit
        assert how.factor == scaled.get(how.unit, {}).get(unit, 1.0), quantity
        assert bool(how.yes) == vocabulary.QUANTITIES[quantity].yes_no


def test_nothing_is_minus_nothing(texts: Texts) -> None:
    assert texts.of("de").amount(-0.01, "temperature-celsius", 1).replace("\xa0", " ") == "0,0 °C"


def test_parking_is_said_in_words(texts: Texts) -> None:
    assert shown("parking.occupied").words(1.0, texts.of("de")) == "belegt"
    assert shown("parking.occupied").words(0.0, texts.of("en")) == "free"


def test_what_has_no_words_is_shown_with_its_name(texts: Texts) -> None:
    assert shown("door.knocks").words(3.0, texts.of("de")) == "3,00"


def test_every_question_has_quantities_and_the_level_comes_first() -> None:
    assert set(MEASURES) == set(Measured)
    assert all(set(names) <= set(QUANTITIES) for names in MEASURES.values())
    assert (
        in_order([("x.y", 0), ("air.temperature", 1), ("water.level", 0)])[0][0] == "water.level"
    )


@pytest.mark.parametrize(
    ("away", "said"), [(4, "0 m"), (268, "270 m"), (1249, "1,2 km"), (24_400, "24 km")]
)
def test_distances_are_said_as_people_do(texts: Texts, away: float, said: str) -> None:
    assert distance(away, texts.of("de")).replace("\xa0", " ") == said


def test_a_known_distance() -> None:
    """Köthen to Zerbst, church to church, is a little more than 24 km."""
    assert metres(51.7510, 11.9733, 51.9656, 12.0822) == pytest.approx(25_000, rel=0.02)


PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(PLACES, PLACES)
def test_distances_are_the_same_both_ways(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = metres(*one, *other)
    assert there == pytest.approx(metres(*other, *one), abs=1e-3)
    assert 0 <= there <= 20_100_000


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "vor 12 Minuten"), ("en", "12 minutes ago"), ("uk", "12 хвилин тому")],
)
def test_how_long_ago(texts: Texts, language: str, said: str) -> None:
    assert texts.of(language).ago(timedelta(minutes=12)) == said
    assert texts.of("de").ago(timedelta(0))
    assert texts.of("de").span(timedelta(hours=3)) == "3 Stunden"
