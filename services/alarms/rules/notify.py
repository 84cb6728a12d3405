"""What a chat is told of its alarms, and when: grouped, once, and taken back once.

A chat has groups of alarms (one place and type). The first news of a group waits a little for
others of the same cause; later ones keep an interval. Grave ones wait for nothing. A message for
each new level, an edit for new values, one all-clear for each alarm that was told, also when it
was silenced meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.alarms.rules.calm import NEVER_HELD, Held
from services.alarms.rules.records import Severity

REPEAT: Mapping[Severity, timedelta] = MappingProxyType(
    {
        Severity.NOTICE: timedelta(hours=24),
        Severity.START: timedelta(hours=12),
        Severity.WATCH: timedelta(hours=4),
        Severity.GUARD: timedelta(hours=1),
        Severity.DEFENCE: timedelta(minutes=30),
    }
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a chat is told (Alertmanager's words for it).

    Attributes:
        group_wait: how long the first news of a group waits for more.
        group_interval: the shortest time between two messages about a group.
        repeat: how often an alarm nobody acknowledged is told again, by severity.
        edit: the shortest time between two edits of a message.
    """

    group_wait: timedelta = timedelta(seconds=30)
    group_interval: timedelta = timedelta(minutes=5)
    repeat: Mapping[Severity, timedelta] = field(default_factory=lambda: REPEAT)
    edit: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alarm stands now.

    Attributes:
        severity: of the present level; None: below all of them (resolved).
        since: when it came to this level (the time we learnt of it, not the event's).
        value: shown, and a reason to edit a message.
        acknowledged: somebody has taken it on, at this level.
        held: why nobody is told.
        flapping: it comes and goes too often: only what is graver than told is news.
    """

    severity: Severity | None
    since: datetime
    value: str = ""
    acknowledged: bool = False
    held: Held | None = None
    flapping: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a chat was last told of an alarm: the severity and value, or that it is over."""

    severity: Severity | None
    value: str
    at: datetime
    flapping: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A chat's alarms of one place and type, and what was said about them.

    Attributes:
        told: by the alarm's id; what is not there was never told.
        sent_at: when the newest message about the group went out.
        edited_at: when it was changed last.
    """

    told: Mapping[int, Told] = field(default_factory=dict)
    sent_at: datetime | None = None
    edited_at: datetime | None = None


class News(StrEnum):
    """Why an alarm is in a message."""

    FIRED = "fired"
    ROSE = "rose"
    FELL = "fell"
    RESOLVED = "resolved"
    REPEATED = "repeated"
    FLAPPING = "flapping"
    """From now on it is left in peace."""
    CALM = "calm"
    """It does not flap any more."""


SOFT = frozenset({News.FELL, News.FLAPPING, News.CALM})
"""Makes no sound."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for a group now.

    Attributes:
        news: alarms of a new message, and why; empty: no message.
        edit: the newest message is to show new values.
        silently: without a sound.
        group: the group once this is done.
        look_again: when something else falls due; None: when something happens.
    """

    news: Mapping[int, News]
    edit: bool
    silently: bool
    group: Group
    look_again: datetime | None


def plan(group: Group, alarms: Mapping[int, Standing], pace: Pace, now: datetime) -> Plan:
    """Return what a chat is told of a group now.

    `alarms` holds every alarm of the group that fires, and each one told that is over.
    """
    news = {
        number: kind
        for number, one in alarms.items()
        if (kind := _news(one, group.told.get(number), pace, now)) is not None
    }
    due = _due(news, alarms, group, pace)
    if news and due is not None and due <= now:
        return _message(group, alarms, news, pace, now)
    stale = _stale(group, alarms)
    edit = bool(stale) and group.sent_at is not None and _may_edit(group, pace) <= now
    after = _edited(group, alarms, stale, now) if edit else group
    waits = [due, None if edit or not stale else _may_edit(group, pace)]
    waits += [
        _repeat_at(one, group.told.get(n), pace) for n, one in alarms.items() if n not in news
    ]
    open_waits = [one for one in waits if one is not None]
    return Plan({}, edit, True, after, min(open_waits, default=None))


def _news(alarm: Standing, told: Told | None, pace: Pace, now: datetime) -> News | None:
    if alarm.severity is None:
        return None if told is None or told.severity is None else News.RESOLVED
    if alarm.held is not None:
        return None
    if told is None or told.severity is None:
        return News.FIRED
    if changed := _change(alarm.severity, alarm, told, told.severity):
        return changed
    again = _repeat_at(alarm, told, pace)
    return News.REPEATED if again is not None and again <= now else None


def _change(now: Severity, alarm: Standing, told: Told, known: Severity) -> News | None:
    """Return what is new at an alarm that was told; of a flapping one only what is graver."""
    if now > known:
        return News.ROSE
    if alarm.flapping != told.flapping:
        return News.FLAPPING if alarm.flapping else News.CALM
    return News.FELL if now < known and not alarm.flapping else None


def _repeat_at(alarm: Standing, told: Told | None, pace: Pace) -> datetime | None:
    """Return when an unchanged alarm is told again; None: never, as it stands."""
    if alarm.severity is None or alarm.held is not None or alarm.acknowledged:
        return None
    if told is None or told.severity is None:
        return None
    if told.severity != alarm.severity and not alarm.flapping:
        return None
    return told.at + pace.repeat[told.severity]


def _due(
    news: Mapping[int, News], alarms: Mapping[int, Standing], group: Group, pace: Pace
) -> datetime | None:
    """Return when the news of a group may leave; grave ones at once."""
    if not news:
        return None
    first = min(alarms[number].since for number in news)
    if any(_is_urgent(kind, alarms[number]) for number, kind in news.items()):
        return first
    due = first + pace.group_wait
    return due if group.sent_at is None else max(due, group.sent_at + pace.group_interval)


def _is_urgent(kind: News, alarm: Standing) -> bool:
    severity = alarm.severity
    return severity is not None and severity >= NEVER_HELD and kind in (News.FIRED, News.ROSE)


def _message(
    group: Group,
    alarms: Mapping[int, Standing],
    news: Mapping[int, News],
    pace: Pace,
    now: datetime,
) -> Plan:
    told = dict(group.told)
    for number in news:
        told[number] = _told(alarms[number], told.get(number), now)
    gone = [n for n, one in told.items() if one.severity is None and n not in news]
    for number in gone:
        del told[number]
    severities = [alarms[n].severity for n, kind in news.items() if kind not in SOFT]
    loud = any(one is not None and one >= Severity.START for one in severities)
    after = Group(told, sent_at=now, edited_at=now)
    repeats = [_repeat_at(one, told.get(n), pace) for n, one in alarms.items()]
    look_again = min((one for one in repeats if one is not None), default=None)
    return Plan(news, edit=False, silently=not loud, group=after, look_again=look_again)


def _told(alarm: Standing, before: Told | None, now: datetime) -> Told:
    """Return what a chat knows after a message; of a flapping alarm the gravest it was told."""
    severity = alarm.severity
    known = before.severity if before else None
    if alarm.flapping and severity is not None and known is not None:
        severity = max(severity, known)
    return Told(severity, alarm.value, now, alarm.flapping)


def _stale(group: Group, alarms: Mapping[int, Standing]) -> list[int]:
    """Return told alarms whose newest message shows an old value."""
    return [
        number
        for number, one in alarms.items()
        if (told := group.told.get(number)) is not None
        and one.severity is not None
        and (one.severity == told.severity or one.flapping)
        and one.value != told.value
    ]


def _may_edit(group: Group, pace: Pace) -> datetime:
    last = group.edited_at or group.sent_at
    assert last is not None  # noqa: S101 - only asked of groups that were told something
    return last + pace.edit


def _edited(
    group: Group, alarms: Mapping[int, Standing], stale: list[int], now: datetime
) -> Group:
    shown = {n: replace(group.told[n], value=alarms[n].value) for n in stale}
    return replace(group, told={**group.told, **shown}, edited_at=now)
