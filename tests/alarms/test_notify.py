"""A chat is told each thing once, grave things at once, and of every told alarm its end."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.alarms.rules.calm import Held
from services.alarms.rules.notify import Group, News, Pace, Plan, Standing, plan
from services.alarms.rules.records import Severity

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
PACE = Pace()
SECOND = timedelta(seconds=1)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def alarm(
    severity: Severity | None = Severity.START, since: float = 0, **more: object
) -> Standing:
    return Standing(severity, at(since), **more)  # type: ignore[arg-type]


def told(**alarms: Standing) -> Group:
    """Return a group that was told of alarms (a1=…) at noon."""
    numbered = {int(name[1:]): one for name, one in alarms.items()}
    first = plan(Group(), numbered, PACE, at(30))
    assert first.news
    return first.group


def test_the_first_news_wait_for_others() -> None:
    early = plan(Group(), {1: alarm()}, PACE, at(29))
    assert not early.news
    assert early.look_again == at(30)
    both = plan(Group(), {1: alarm(), 2: alarm(since=20)}, PACE, at(30))
    assert both.news == {1: News.FIRED, 2: News.FIRED}
    assert not both.silently


@pytest.mark.parametrize("severity", [Severity.GUARD, Severity.DEFENCE])
def test_what_is_grave_waits_for_nothing(severity: Severity) -> None:
    assert plan(Group(), {1: alarm(severity)}, PACE, at(0)).news == {1: News.FIRED}
    group = told(a1=alarm())
    assert plan(group, {1: alarm(severity, since=31)}, PACE, at(31)).news == {1: News.ROSE}


def test_later_news_keep_the_interval() -> None:
    group = told(a1=alarm())
    more = {1: alarm(), 2: alarm(since=40)}
    assert plan(group, more, PACE, at(70)).look_again == at(330)
    assert plan(group, more, PACE, at(330)).news == {2: News.FIRED}


def test_a_new_value_is_an_edit_and_not_too_often() -> None:
    group = told(a1=alarm(value="3,10 m"))
    new = {1: alarm(value="3,20 m")}
    soon = plan(group, new, PACE, at(40))
    assert (soon.edit, soon.news, soon.look_again) == (False, {}, at(90))
    later = plan(group, new, PACE, at(90))
    assert later.edit
    assert not later.news
    assert not plan(later.group, new, PACE, at(200)).edit


def test_a_new_level_is_a_new_message_also_downwards() -> None:
    group = told(a1=alarm(Severity.WATCH))
    risen = plan(group, {1: alarm(Severity.GUARD, since=100)}, PACE, at(100))
    assert risen.news == {1: News.ROSE}
    fallen = plan(group, {1: alarm(Severity.START, since=400)}, PACE, at(430))
    assert fallen.news == {1: News.FELL}
    assert fallen.silently


def test_the_end_is_told_once_also_when_silenced_meanwhile() -> None:
    group = told(a1=alarm())
    silenced = {1: alarm(held=Held.SILENCE)}
    assert not plan(group, silenced, PACE, at(100_000)).news
    over = {1: alarm(None, since=1000, held=Held.SILENCE)}
    end = plan(group, over, PACE, at(1030))
    assert end.news == {1: News.RESOLVED}
    assert end.silently
    assert not plan(end.group, over, PACE, at(100_000)).news


def test_what_nobody_was_told_of_has_no_end() -> None:
    assert not plan(Group(), {1: alarm(None, since=10)}, PACE, at(1000)).news


def test_unacknowledged_it_comes_again_by_severity() -> None:
    group = told(a1=alarm(Severity.DEFENCE))
    still = {1: alarm(Severity.DEFENCE)}
    assert plan(group, still, PACE, at(30 + 29 * 60)).look_again == at(30 + 30 * 60)
    assert plan(group, still, PACE, at(30 + 30 * 60)).news == {1: News.REPEATED}
    taken = {1: alarm(Severity.DEFENCE, acknowledged=True)}
    assert not plan(group, taken, PACE, at(100_000)).news


def test_a_light_notice_makes_no_sound() -> None:
    assert plan(Group(), {1: alarm(Severity.NOTICE)}, PACE, at(30)).silently


class Chat(RuleBasedStateMachine):
    """Alarms come and go at random; the plan is asked only when it says, or something happens."""

    @initialize()
    def begin(self) -> None:
        self.now = NOON
        self.group = Group()
        self.alarms: dict[int, Standing] = {}
        self.messages: list[tuple[datetime, dict[int, News]]] = []
        self.grave: list[datetime] = []
        self.look_again: datetime | None = None

    def ask(self) -> None:
        found: Plan = plan(self.group, self.alarms, PACE, self.now)
        self.group, self.look_again = found.group, found.look_again
        if found.news:
            self.messages.append((self.now, dict(found.news)))
            if any(
                kind in (News.FIRED, News.ROSE)
                and (self.alarms[n].severity or Severity.NOTICE) >= Severity.GUARD
                for n, kind in found.news.items()
            ):
                self.grave.append(self.now)
        elif found.edit:
            assert self.messages

    @rule(number=st.integers(1, 3), severity=st.sampled_from([*Severity, None]))
    def becomes(self, number: int, severity: Severity | None) -> None:
        known = self.alarms.get(number)
        if known is not None and known.severity is None:
            return  # over is over: the next one has another number
        if known is None and severity is None:
            return
        held = known.held if known else None
        self.alarms[number] = Standing(severity, self.now, value=str(self.now), held=held)
        self.ask()

    @rule(number=st.integers(1, 3), held=st.sampled_from([None, Held.SILENCE]))
    def is_held(self, number: int, held: Held | None) -> None:
        if number in self.alarms:
            known = self.alarms[number]
            self.alarms[number] = Standing(known.severity, known.since, known.value, held=held)
            self.ask()

    @rule(seconds=st.integers(1, 2000))
    def time_passes(self, seconds: int) -> None:
        until = self.now + seconds * SECOND
        for _ in range(200):
            if self.look_again is None or self.look_again > until:
                break
            assert self.look_again >= self.now
            self.now = max(self.now, self.look_again)
            self.ask()
        else:
            raise AssertionError("it never comes to rest")
        self.now = until

    @invariant()
    def of_each_alarm_one_beginning_and_at_most_one_end(self) -> None:
        for number in (1, 2, 3):
            kinds = [news[number] for _, news in self.messages if number in news]
            assert kinds.count(News.RESOLVED) <= 1
            assert kinds.count(News.FIRED) <= 1
            assert not kinds or kinds[0] is News.FIRED
            assert News.RESOLVED not in kinds[:-1]

    @invariant()
    def only_what_is_grave_breaks_the_interval(self) -> None:
        times = [when for when, _ in self.messages]
        for before, after in pairwise(times):
            assert after - before >= PACE.group_interval or after in self.grave

    def teardown(self) -> None:
        if not hasattr(self, "now"):
            return
        for number, one in self.alarms.items():
            self.alarms[number] = Standing(one.severity, one.since, one.value)
        self.ask()
        self.time_passes(1000)
        for number, one in self.alarms.items():
            known = self.group.told.get(number)
            if one.severity is not None:
                assert known is not None
                assert known.severity == one.severity
            else:
                assert known is None or known.severity is None


TestChat = Chat.TestCase


@given(st.integers(0, 400), st.sampled_from(list(Severity)))
def test_the_same_question_twice_sends_nothing_twice(seconds: int, severity: Severity) -> None:
    alarms = {1: alarm(severity)}
    first = plan(Group(), alarms, PACE, at(seconds))
    again = plan(first.group, alarms, PACE, at(seconds))
    assert not (first.news and again.news)
