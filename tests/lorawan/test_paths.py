"""Paths into decoded objects."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorawan.profiles.paths import PathError, fill, find, leaves, parse_path, stars, written

OBJECT: dict[str, Any] = {
    "temperatures": [{"values": [43.5, 50]}, {"values": [-10, -0.1]}],
    "temperature_12": 1,
    "temperature_2": 2,
    "temperature_x": 3,
    "humiditySensor": {"4": 45.5},
    "water.level": 2.4,
    "status": None,
    "single": 7,
}


@pytest.mark.parametrize(
    ("path", "values", "numbers"),
    [
        ("single", [7], [()]),
        ("temperatures[0].values[1]", [50], [()]),
        ("temperatures[*].values[0]", [43.5, -10], [(0,), (1,)]),
        ("temperatures[*].values[*]", [43.5, 50, -10, -0.1], [(0, 0), (0, 1), (1, 0), (1, 1)]),
        ("temperature_*", [2, 1], [(2,), (12,)]),
        ("humiditySensor.*", [45.5], [(4,)]),
        ('["water.level"]', [2.4], [()]),
        ("single[*]", [7], [(0,)]),
        ("status", [None], [()]),
        ("temperatures[2].values[0]", [], []),
        ("single.deeper", [], []),
        ("single[0]", [], []),
        ("water.level", [], []),
        ("status[*].x", [], []),
    ],
)
def test_a_path_finds_values_in_the_order_of_its_stars(
    path: str, values: list[Any], numbers: list[tuple[int, ...]]
) -> None:
    found = find(OBJECT, parse_path(path))
    assert [one.value for one in found] == values
    assert [one.numbers for one in found] == numbers


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a*b*", "a]"]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(PathError):
        parse_path(text)


@pytest.mark.parametrize("place", ["a", "a.b", "a[0].b", "a[3][1]", '["a.b"].c', "a_1"])
def test_an_exact_place_is_written_as_its_path(place: str) -> None:
    path = parse_path(place)
    assert written(path) == place  # type: ignore[arg-type]


def test_stars_are_counted_and_filled_in_from_the_left() -> None:
    path = parse_path("history[*].value_*")
    assert stars(path) == 2
    assert stars(fill(path, (3,))) == 1
    assert fill(path, (3, 12)) == parse_path("history[3].value_12")


KEYS = st.text(st.characters(exclude_characters='".[]*', exclude_categories=["Cs"]), min_size=1)
TREES = st.recursive(
    st.integers() | st.none() | st.booleans() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(KEYS, children),
    max_leaves=10,
)


@settings(deadline=None)
@given(data=st.dictionaries(KEYS, TREES))
def test_every_leaf_is_found_at_its_written_place(data: dict[str, Any]) -> None:
    for place in leaves(data):
        (found,) = find(data, parse_path(written(place)))
        assert found.place == place
        assert not isinstance(found.value, dict | list)
