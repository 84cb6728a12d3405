"""Who hears of an alarm, and whom nobody's answer brings in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms.rules.audience import Wish, concerns, hears, inhibited, steps_due
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Severity

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
ZERBST = Labels("flood", 1, "gauge", "150820430430", "water.level", frozenset({"mulde"}))


def hear(wish: Wish, severity: Severity = Severity.GUARD, escalated: int = 0) -> bool:
    return hears(wish, ZERBST.rule, ZERBST, severity, escalated)


def test_a_second_chat_hears_only_when_nobody_answered() -> None:
    second = Wish(Matcher(), step=1)
    assert not hear(second)
    assert hear(second, escalated=1)
    assert hear(second, escalated=2)


def test_at_last_all_of_the_place_hear_whatever_they_chose() -> None:
    weather = Wish(Matcher(area="15082043", type="weather", at_least=Severity.DEFENCE), step=2)
    elsewhere = Wish(Matcher(area="15082018"))
    assert not hear(weather, escalated=2)
    assert hear(weather, escalated=3)
    assert not hear(elsewhere, escalated=3)


def test_somebodys_own_threshold_is_nobody_elses() -> None:
    own, group = Wish(Matcher(), own="own:7"), Wish(Matcher())
    for ask in (concerns, lambda *given: hears(*given, Severity.NOTICE, 3)):
        assert ask(own, "own:7", ZERBST)
        assert not ask(own, "own:8", ZERBST)
        assert not ask(own, "flood", ZERBST)
        assert not ask(group, "own:7", ZERBST)


@pytest.mark.parametrize(
    ("minutes", "escalated", "expected"),
    [
        (0, 0, None),
        (14, 0, None),
        (15, 0, 1),
        (15, 1, None),
        (30, 1, 2),
        (99, 0, 3),
        (99, 3, None),
    ],
)
def test_steps_fall_due_and_missed_ones_are_made_up(
    minutes: int, escalated: int, expected: int | None
) -> None:
    now = NOON + timedelta(minutes=minutes)
    assert steps_due((15, 30, 45), NOON, escalated, now) == expected


def test_without_steps_nobody_is_brought_in() -> None:
    assert steps_due((), NOON, 0, NOON + timedelta(days=9)) is None


def test_only_a_graver_alarm_of_the_same_series_explains() -> None:
    alarms = {
        1: (10, Severity.START),
        2: (10, Severity.GUARD),
        3: (11, Severity.NOTICE),
        4: (None, Severity.NOTICE),
        5: (10, Severity.GUARD),
    }
    assert inhibited(alarms) == {1}


SEVERITIES = st.sampled_from(list(Severity))
MATCHERS = st.builds(
    Matcher,
    rule=st.none() | st.sampled_from(["flood", "frost"]),
    device=st.none() | st.integers(1, 3),
    type=st.none() | st.sampled_from(["gauge", "weather"]),
    area=st.sampled_from(["", "15082", "150820430430"]),
    quantity=st.none() | st.sampled_from(["water.level", "air.temperature"]),
    tags=st.frozensets(st.sampled_from(["mulde", "bad"])),
    at_least=SEVERITIES,
    at_most=SEVERITIES,
)


@given(MATCHERS)
def test_a_matcher_comes_back_as_it_was_stored(matcher: Matcher) -> None:
    assert Matcher.of(matcher.document()) == matcher


@given(MATCHERS, SEVERITIES, st.integers(0, 3))
def test_more_steps_never_make_anybody_unheard_of(
    matcher: Matcher, severity: Severity, step: int
) -> None:
    heard = [hear(Wish(matcher, min(step, 2)), severity, taken) for taken in range(4)]
    assert heard == sorted(heard)
