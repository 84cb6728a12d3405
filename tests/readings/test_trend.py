"""Rising, falling, steady: told where the measurements allow it, and only there."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.readings.trend import (
    Direction,
    Point,
    interval_of,
    is_stale,
    trend,
    unbroken,
    window_of,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def points(*values: float, step: timedelta = QUARTER, until: datetime = NOW) -> list[Point]:
    first = until - step * (len(values) - 1)
    return [(first + step * at, value) for at, value in enumerate(values)]


def judged(found: list[Point], steady: float = 1.0, interval: timedelta = QUARTER) -> str:
    told = trend(found, now=NOW, interval=interval, steady=steady)
    return told.direction if told else "unknown"


def test_a_steady_rise_is_told_by_the_hour() -> None:
    told = trend(points(*range(13)), now=NOW, interval=QUARTER, steady=1.0)
    assert told
    assert told.direction is Direction.RISING
    assert told.per_hour == pytest.approx(4.0)
    assert told.window == timedelta(hours=3)


def test_the_rate_of_a_real_flood_is_seen() -> None:
    """Bad Düben, 25 December 2023: from 4.86 m to 6.50 m in 13 hours."""
    rise = (650 - 486) / 13
    told = trend(
        points(*(486 + rise / 4 * at for at in range(53))), now=NOW, interval=QUARTER, steady=1.0
    )
    assert told
    assert told.per_hour == pytest.approx(12.6, abs=0.1)


def test_one_wrong_value_changes_nothing() -> None:
    found = points(*range(13))
    found[6] = (found[6][0], 900.0)
    assert judged(found) == Direction.RISING
    told = trend(found, now=NOW, interval=QUARTER, steady=1.0)
    assert told
    assert told.per_hour == pytest.approx(4.0, rel=0.1)


def test_small_changes_are_none() -> None:
    assert judged(points(*(0.1 * at for at in range(13)))) == Direction.STEADY
    assert judged(points(*(-0.1 * at for at in range(13)))) == Direction.STEADY
    assert judged(points(*(-at for at in range(13)))) == Direction.FALLING


@pytest.mark.parametrize(
    "found",
    [
        [],
        points(1.0),
        points(1.0, 2.0),
        points(1, 2, 3, step=timedelta(minutes=1)),
        points(*range(13), until=NOW - timedelta(hours=9)),
        [*points(*range(13), until=NOW - timedelta(hours=1)), *points(40, 41)],
        [(NOW, 1.0)] * 9,
    ],
    ids=["none", "one", "two", "too short", "too old", "after a gap", "one moment"],
)
def test_too_little_is_no_trend(found: list[Point]) -> None:
    assert judged(found) == "unknown"


def test_what_lies_before_a_gap_does_not_count() -> None:
    before = points(*range(100, 80, -1), until=NOW - timedelta(hours=3))
    after = points(*range(9), until=NOW)
    assert unbroken([*before, *after], QUARTER) == after
    assert judged([*before, *after]) == Direction.RISING


def test_rare_values_are_looked_at_longer() -> None:
    assert window_of(QUARTER) == timedelta(hours=3)
    assert window_of(timedelta(hours=2)) == timedelta(hours=12)
    assert window_of(timedelta(hours=12)) == timedelta(hours=24)


def test_the_interval_is_registered_or_learned() -> None:
    times = [moment for moment, _ in points(*range(9))]
    assert interval_of(times) == QUARTER
    assert interval_of([*times, NOW + timedelta(days=3)]) == QUARTER
    assert interval_of(times, timedelta(hours=1)) == timedelta(hours=1)
    assert interval_of([]) == interval_of([NOW]) == interval_of([NOW, NOW]) == timedelta(hours=1)


def test_stale_after_two_and_a_half_intervals() -> None:
    assert not is_stale(NOW - QUARTER * 2.5, NOW, QUARTER)
    assert is_stale(NOW - QUARTER * 2.5 - timedelta(seconds=1), NOW, QUARTER)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=0, max_size=200),
    st.floats(-1000, 1000),
    st.floats(0.001, 1000),
)
def test_a_shift_changes_nothing_and_a_mirror_turns_it(
    values: list[float], shift: float, steady: float
) -> None:
    told = trend(points(*values), now=NOW, interval=QUARTER, steady=steady)
    mirrored = trend(
        points(*(-value for value in values)), now=NOW, interval=QUARTER, steady=steady
    )
    shifted = trend(
        points(*(value + shift for value in values)), now=NOW, interval=QUARTER, steady=steady
    )
    assert (told is None) == (mirrored is None) == (shifted is None)
    if told and mirrored and shifted:
        assert mirrored.per_hour == pytest.approx(-told.per_hour, abs=1e-6)
        assert shifted.per_hour == pytest.approx(told.per_hour, abs=1e-4)
