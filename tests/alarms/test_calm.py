"""Silences end, windows follow the wall clock, and what is grave gets through."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms.rules.calm import Held, LocalHours, Maintenance, Peace, Silence
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Severity

BERLIN = ZoneInfo("Europe/Berlin")
GAUGE = Labels("mulde", 7, type="gauge", ars="150820015015", tags=frozenset({"river"}))
NIGHT = LocalHours(time(22), time(6), BERLIN)
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


def berlin(words: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("matcher", "yes"),
    [
        (Matcher(), True),
        (Matcher(area="15082"), True),
        (Matcher(area="14"), False),
        (Matcher(type="gauge", tags=frozenset({"river"})), True),
        (Matcher(tags=frozenset({"river", "north"})), False),
        (Matcher(device=8), False),
        (Matcher(at_least=Severity.GUARD), False),
        (Matcher(at_most=Severity.NOTICE), False),
    ],
)
def test_who_is_meant(matcher: Matcher, yes: bool) -> None:
    assert matcher.matches(GAUGE, Severity.START) is yes


def test_a_silence_holds_until_it_ends() -> None:
    silence = Silence(Matcher(device=7), NOON, NOON + timedelta(hours=2), "Bauarbeiten")
    peace = Peace(silences=[silence])
    assert peace.held(GAUGE, Severity.DEFENCE, NOON) is Held.SILENCE
    assert peace.held(GAUGE, Severity.DEFENCE, NOON + timedelta(hours=2)) is None
    assert peace.held(Labels("mulde", 8), Severity.DEFENCE, NOON) is None


class TestQuietHours:
    def test_they_hold_back_what_is_light(self) -> None:
        peace = Peace(quiet=NIGHT)
        assert peace.held(GAUGE, Severity.WATCH, berlin("2026-11-20 23:00")) is Held.QUIET_HOURS
        assert peace.held(GAUGE, Severity.WATCH, berlin("2026-11-21 05:59")) is Held.QUIET_HOURS
        assert peace.held(GAUGE, Severity.WATCH, berlin("2026-11-21 06:00")) is None

    @pytest.mark.parametrize("severity", [Severity.GUARD, Severity.DEFENCE])
    def test_they_never_hold_back_what_is_grave(self, severity: Severity) -> None:
        assert Peace(quiet=NIGHT).held(GAUGE, severity, berlin("2026-11-20 23:00")) is None

    def test_their_end(self) -> None:
        assert NIGHT.end_after(berlin("2026-11-20 23:00")) == berlin("2026-11-21 06:00")
        assert NIGHT.end_after(berlin("2026-11-21 03:00")) == berlin("2026-11-21 06:00")
        over_the_change = berlin("2026-10-24 23:00")
        assert NIGHT.end_after(over_the_change) - over_the_change == timedelta(hours=8)


class TestMaintenance:
    SUNDAYS = LocalHours(time(2), time(3), BERLIN, frozenset({6}))

    def held(self, now: datetime) -> Held | None:
        return Peace(
            maintenance=[Maintenance(Matcher(), self.SUNDAYS, "Prüfung")]
        ).held(GAUGE, Severity.DEFENCE, now)  # fmt: skip

    def test_it_follows_the_wall_clock_on_its_days(self) -> None:
        assert self.held(berlin("2026-11-22 02:30")) is Held.MAINTENANCE
        assert self.held(berlin("2026-11-22 03:00")) is None
        assert self.held(berlin("2026-11-23 02:30")) is None

    def test_the_hour_that_comes_twice_is_in_it_twice(self) -> None:
        assert self.held(berlin("2026-10-25 02:30", fold=0)) is Held.MAINTENANCE
        assert self.held(berlin("2026-10-25 02:30", fold=1)) is Held.MAINTENANCE

    def test_the_hour_that_does_not_come_is_not(self) -> None:
        spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
        found = {self.held(spring + timedelta(minutes=15 * n)) for n in range(8)}
        assert found == {None}

    def test_over_midnight_it_belongs_to_the_day_it_began_on(self) -> None:
        late = LocalHours(time(23), time(1), BERLIN, frozenset({4}))
        assert late.contain(berlin("2026-11-20 23:30"))
        assert late.contain(berlin("2026-11-21 00:30"))
        assert not late.contain(berlin("2026-11-20 00:30"))


@given(
    st.integers(0, 365 * 24 * 60),
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_what_is_inside_ends_within_a_day_and_an_hour(
    minutes: int, start: time, end: time, days: frozenset[int]
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = LocalHours(start.replace(microsecond=0), end.replace(microsecond=0), BERLIN, days)
    if hours.contain(now):
        ending = hours.end_after(now)
        assert now < ending <= now + timedelta(hours=25)
        assert not hours.contain(ending) or hours.start == hours.end


def test_what_something_greater_explains_is_held() -> None:
    assert Peace().held(GAUGE, Severity.DEFENCE, NOON, inhibited=True) is Held.INHIBITED
