"""The vocabulary: the shared one word for word, and what a county needs beyond it."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorawan.measurement import Mark
from lorawan.vocabulary import COUNTY, QUANTITIES, SHARED, Quantity, mark
from tests.conftest import SHARED as DATA

VOCABULARY = DATA / "data" / "lorawan" / "measurement_vocabulary.json"
OURS = {"position.latitude", "position.longitude"}
"""Quantities whose range is ours: the vocabulary gives none."""


def published() -> dict[str, Any]:
    if not VOCABULARY.exists():
        pytest.skip("the shared vocabulary is missing")
    found: dict[str, Any] = json.loads(VOCABULARY.read_text(encoding="utf-8"))["measurement"]
    return {name: facts for name, facts in found.items() if name != "time"}


def test_it_has_the_published_quantities_with_their_units_and_ranges() -> None:
    facts = published()
    assert {quantity.name for quantity in SHARED} == set(facts)
    for name, one in facts.items():
        quantity = QUANTITIES[name]
        assert quantity.unit == one.get("unit", ""), name
        assert list(quantity.words) == one.get("enum", []), name
        assert quantity.yes_no is one.get("type", "").startswith("boolean"), name
        if quantity.words or quantity.yes_no or name in OURS:
            continue
        highest = one.get("exclusiveMax", one.get("max"))
        assert (quantity.lowest, quantity.highest) == (one.get("min"), highest), name
        assert quantity.highest_excluded is ("exclusiveMax" in one), name


def test_no_name_comes_twice_or_is_too_long_to_store() -> None:
    names = [quantity.name for quantity in SHARED + COUNTY]
    assert len(names) == len(set(names)) == len(QUANTITIES)
    assert max(map(len, names)) <= 40


@pytest.mark.parametrize("quantity", COUNTY, ids=lambda quantity: quantity.name)
def test_each_quantity_of_ours_is_a_number_with_a_unit_or_yes_and_no(quantity: Quantity) -> None:
    assert bool(quantity.unit) is not quantity.yes_no
    assert "." in quantity.name


@pytest.mark.parametrize(
    ("quantity", "value", "expected"),
    [
        ("wind.direction", 359.9, Mark.FINE),
        ("wind.direction", 360, Mark.OUT_OF_RANGE),
        ("air.relativeHumidity", 100, Mark.FINE),
        ("air.relativeHumidity", 127, Mark.OUT_OF_RANGE),
        ("water.level", -0.3, Mark.FINE),
        ("water.level", -32.768, Mark.OUT_OF_RANGE),
        ("soil.temperature", -327.68, Mark.OUT_OF_RANGE),
        ("parking.occupied", 2, Mark.OUT_OF_RANGE),
        ("action.contactState", 1, Mark.FINE),
        ("action.contactState", 2, Mark.OUT_OF_RANGE),
        ("electricity.power", -5000, Mark.FINE),
    ],
)
def test_impossible_values_are_marked(quantity: str, value: float, expected: Mark) -> None:
    assert mark(quantity, value) is expected


@given(quantity=st.sampled_from(sorted(QUANTITIES)), value=st.floats())
def test_a_mark_is_about_the_range_and_nothing_else(quantity: str, value: float) -> None:
    facts = QUANTITIES[quantity]
    low = -math.inf if facts.lowest is None else facts.lowest
    high = math.inf if facts.highest is None else facts.highest
    inside = math.isfinite(value) and low <= value <= high
    inside = inside and not (facts.highest_excluded and value == high)
    assert mark(quantity, value) is (Mark.FINE if inside else Mark.OUT_OF_RANGE)
