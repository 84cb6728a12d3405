"""Levels, hysteresis, patience, doubt and flapping, each with a case in which it must not act."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms.rules.engine import observe, written
from services.alarms.rules.records import (
    Change,
    Direction,
    Flapping,
    Level,
    Patience,
    Plausibility,
    Rule,
    Sample,
    Severity,
    Signal,
    Track,
    What,
)

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
STEP = timedelta(minutes=15)
BERLIN = ZoneInfo("Europe/Berlin")
CLOCKS_GO_BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)
CLIMB = (
    Level(Severity.NOTICE, 3.0, 2.8),
    Level(Severity.START, 3.5, 3.3),
    Level(Severity.GUARD, 4.5, 4.2),
)


def rule(**changes: object) -> Rule:
    return Rule(key="mulde", quantity="water.level", levels=CLIMB, **changes)  # type: ignore[arg-type]


def samples(*values: float, step: timedelta = STEP) -> list[Sample]:
    return [Sample(NOON + number * step, number, value) for number, value in enumerate(values)]


def log_of(rule: Rule, arrivals: Sequence[Sample]) -> tuple[Change, ...]:
    """Return the alarm log after samples that arrived one after the other."""
    track, log = Track(), ()
    for sample in arrivals:
        before, track = track, observe(track, rule, [sample])
        if track is not before:
            log = written(log, track)
    return log


def story(rule: Rule, *values: float, step: timedelta = STEP) -> list[tuple[int, str, int]]:
    """Return (number of the sample, what, level afterwards) for each change."""
    log = log_of(rule, samples(*values, step=step))
    return [(round((one.time - NOON) / step), str(one.what), one.after) for one in log]


class TestLevels:
    def test_at_the_threshold_it_rises_and_jumps_over_levels(self) -> None:
        assert story(rule(), 2.0, 3.0) == [(1, "rose", 0)]
        assert story(rule(), 2.0, 4.6) == [(1, "rose", 2)]

    def test_just_below_it_does_not(self) -> None:
        assert story(rule(), 2.0, 2.99, 2.0) == []

    def test_it_falls_step_by_step(self) -> None:
        assert story(rule(), 4.6, 1.0, 1.0, 1.0, 1.0) == [
            (0, "rose", 2),
            (1, "fell", 1),
            (2, "fell", 0),
            (3, "fell", -1),
        ]

    def test_between_threshold_and_clear_it_stays(self) -> None:
        assert story(rule(), 3.1, 2.9, 2.85, 3.05) == [(0, "rose", 0)]

    def test_frost_lies_below(self) -> None:
        frost = Rule(
            key="frost",
            quantity="air.temperature",
            direction=Direction.BELOW,
            levels=(Level(Severity.NOTICE, 0.0, 1.0),),
        )
        assert story(frost, 2.0, 0.0, 0.9, 1.1) == [(1, "rose", 0), (3, "fell", -1)]


class TestPatience:
    def test_it_must_last_in_time_and_in_samples(self) -> None:
        patient = rule(up=Patience(timedelta(minutes=30), 3))
        assert story(patient, 3.1, 3.1, 3.1) == [(2, "rose", 0)]

    def test_one_value_below_begins_anew(self) -> None:
        patient = rule(up=Patience(timedelta(minutes=30), 3))
        assert story(patient, 3.1, 3.1, 2.9, 3.1, 3.1) == []

    def test_a_slow_sensor_needs_its_samples_too(self) -> None:
        patient = rule(up=Patience(timedelta(minutes=5), 2), interval=timedelta(minutes=30))
        assert story(patient, 3.1, 3.1, step=timedelta(minutes=30)) == [(1, "rose", 0)]

    def test_coming_down_is_patient_at_each_step(self) -> None:
        patient = rule(down=Patience(timedelta(minutes=30)))
        assert story(patient, 3.6, 2.0, 2.0, 2.0, 2.0, 2.0) == [
            (0, "rose", 1),
            (3, "fell", 0),
            (5, "fell", -1),
        ]

    def test_over_a_gap_nothing_lasts(self) -> None:
        patient = rule(up=Patience(timedelta(minutes=30), 1))
        assert story(patient, 3.1, 3.1, step=timedelta(hours=1)) == []
        assert story(patient, 3.1, 3.1, step=timedelta(minutes=37)) == [(1, "rose", 0)]


class TestRate:
    RISING = Rule(
        key="rising",
        quantity="water.level",
        signal=Signal.RATE,
        levels=(Level(Severity.START, 0.12, 0.05),),
    )

    def test_twelve_centimetres_an_hour(self) -> None:
        assert story(self.RISING, 2.0, 2.0, 2.0, 2.05, 2.12) == [(4, "rose", 0)]

    def test_slower_is_none(self) -> None:
        assert story(self.RISING, 2.0, 2.02, 2.04, 2.06, 2.08) == []

    def test_one_value_has_no_rate_and_neither_has_a_gap(self) -> None:
        assert story(self.RISING, 2.0) == []
        assert story(self.RISING, 2.0, 3.0, step=timedelta(hours=2)) == []


class TestDoubt:
    def test_what_cannot_be_is_recorded_and_decides_nothing(self) -> None:
        careful = rule(plausibility=Plausibility(lowest=0, highest=10))
        assert story(careful, 2.0, 99.0, 2.0) == [(1, "implausible", -1)]

    def test_a_jump_is_doubted_once_and_believed_when_confirmed(self) -> None:
        careful = rule(plausibility=Plausibility(step_per_hour=2.0, confirmed_by=3))
        assert story(careful, 2.0, 5.0, 2.0) == [(1, "implausible", -1)]
        assert story(careful, 2.0, 5.0, 5.1, 5.2) == [(1, "implausible", -1), (3, "rose", 2)]

    def test_a_fast_but_possible_rise_is_not_doubted(self) -> None:
        careful = rule(plausibility=Plausibility(step_per_hour=2.0))
        assert story(careful, 2.6, 3.0) == [(1, "rose", 0)]

    def test_the_same_value_for_too_long(self) -> None:
        careful = rule(plausibility=Plausibility(stuck_after=4))
        assert story(careful, 2.0, 2.0, 2.0, 2.0, 2.0) == [(3, "stuck", -1)]
        assert story(careful, 2.0, 2.0, 2.0, 2.01, 2.0) == []


class TestFlapping:
    NERVOUS = rule(flapping=Flapping(changes=4, window=timedelta(hours=2)))

    def test_too_many_changes_are_told_once(self) -> None:
        found = story(self.NERVOUS, *[3.1, 2.0] * 6)
        assert [one[1] for one in found].count("flapping") == 1

    def test_it_ends_when_it_is_calm(self) -> None:
        found = story(self.NERVOUS, *[3.1, 2.0] * 4, *[2.0] * 9)
        assert found[-1][1] == "calm"

    def test_a_wave_is_no_flapping(self) -> None:
        found = story(self.NERVOUS, 3.1, 2.0, *[2.0] * 8, 3.1, 2.0)
        assert "flapping" not in {one[1] for one in found}


values = st.lists(
    st.sampled_from([0.5, 2.0, 2.79, 2.9, 3.0, 3.4, 3.6, 4.1, 4.6, 12.0]), min_size=1, max_size=40
)
rules = st.builds(
    rule,
    up=st.builds(Patience, st.sampled_from([timedelta(0), 2 * STEP]), st.integers(1, 3)),
    down=st.builds(Patience, st.sampled_from([timedelta(0), 3 * STEP]), st.integers(1, 3)),
    lateness=st.sampled_from([None, timedelta(0), 4 * STEP]),
    plausibility=st.builds(
        Plausibility,
        highest=st.sampled_from([None, 10.0]),
        step_per_hour=st.sampled_from([None, 2.0]),
        stuck_after=st.sampled_from([0, 3]),
    ),
    flapping=st.builds(Flapping, st.integers(2, 5), st.just(timedelta(hours=1))),
    signal=st.sampled_from(Signal),
)


def shuffled(ordered: Sequence[Sample], lateness: timedelta, seed: int) -> list[Sample]:
    """Return the samples so that none arrives later than allowed, some of them twice."""
    random = Random(seed)  # noqa: S311 - no secret
    delays = {one: random.random() * lateness for one in ordered}
    arrivals = sorted(ordered, key=lambda one: one.time + delays[one])
    return [one for one in arrivals for _ in range(random.choice([1, 1, 2]))]


@given(rules, values, st.integers(0, 10_000))
def test_order_and_repetition_change_nothing(rule: Rule, given: list[float], seed: int) -> None:
    ordered = samples(*given)
    arrivals = shuffled(ordered, rule.allowed_lateness * 0.99, seed)
    assert log_of(rule, arrivals) == log_of(rule, ordered)


@given(rules, values)
def test_all_at_once_is_the_same_as_one_by_one(rule: Rule, given: list[float]) -> None:
    ordered = samples(*given)
    whole = observe(Track(), rule, ordered)
    assert written((), whole) == log_of(rule, ordered)


@given(rules, values, st.integers(-12, 14))
def test_the_time_zone_changes_nothing(rule: Rule, given: list[float], hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    moved = [Sample(one.time.astimezone(zone), one.frame, one.value) for one in samples(*given)]
    assert log_of(rule, moved) == log_of(rule, samples(*given))


@given(rules, values, st.integers(0, 60))
def test_the_change_of_the_clocks_changes_nothing(
    rule: Rule, given: list[float], begun: int
) -> None:
    """Samples around the hour that there is twice, as a clock on the wall shows their times."""
    shift = CLOCKS_GO_BACK - NOON - begun * STEP
    straight = [Sample(one.time + shift, one.frame, one.value) for one in samples(*given)]
    on_the_wall = [Sample(one.time.astimezone(BERLIN), one.frame, one.value) for one in straight]
    assert log_of(rule, on_the_wall) == log_of(rule, straight)
    assert log_of(rule, straight) == tuple(
        replace(one, time=one.time + shift) for one in log_of(rule, samples(*given))
    )


@given(rules, values, values)
def test_what_is_too_late_changes_nothing(
    rule: Rule, given: list[float], late: list[float]
) -> None:
    ordered = samples(*given)
    before = NOON - rule.allowed_lateness - STEP * 100
    track = observe(Track(), rule, ordered)
    stragglers = [Sample(before + n * timedelta(seconds=1), -1 - n, v) for n, v in enumerate(late)]
    assert observe(track, rule, stragglers) is track


@given(rules, values)
def test_levels_only_fall_one_by_one(rule: Rule, given: list[float]) -> None:
    for change in log_of(rule, samples(*given)):
        if change.what is What.FELL:
            assert change.after == change.before - 1
        elif change.what is What.ROSE:
            assert change.after > change.before


@pytest.mark.parametrize("signal", list(Signal))
def test_no_samples_no_change(signal: Signal) -> None:
    assert observe(Track(), rule(signal=signal), []) == Track()
