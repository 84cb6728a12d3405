"""What a month had: alarms by rule and severity, and how long devices were not heard.

Figures of operations, never of a person: there is no way back from them to who was on duty, and a
share of few alarms, which would tell of a single shift, is not given at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.alarms.rules.records import Severity

LEAST_FOR_SHARE = 5
"""Of fewer alarms no share is given."""
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Episode:
    """An alarm that began in the month.

    Attributes:
        kind, rule: what it is counted under.
        highest: the gravest severity it had.
        ended: None while it goes on.
        withdrawn: a late value showed that it never was.
        taken_on: whether somebody took it on before others were brought in; None: neither
            happened, because it was over before.
    """

    kind: str
    rule: str
    highest: Severity
    began: datetime
    ended: datetime | None = None
    withdrawn: bool = False
    exercise: bool = False
    taken_on: bool | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a device was not heard; `type` is what it is to people."""

    type: str
    device: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Alarms of a rule and severity.

    Attributes:
        number: how many there really were: neither withdrawn nor exercises.
        lasted: how long they fired, added up; those that go on until now.
        longest: the longest of them.
        open: how many go on.
        in_time: share that was taken on before others were brought in; None: too few to tell.
    """

    severity: Severity
    number: int = 0
    lasted: timedelta = NOTHING
    longest: timedelta = NOTHING
    open: int = 0
    withdrawn: int = 0
    exercises: int = 0
    in_time: float | None = None


@dataclass(frozen=True, slots=True)
class OfRule:
    """What a rule (or kind of alarm) had, the gravest severity first."""

    kind: str
    rule: str
    tallies: tuple[Tally, ...]

    @property
    def number(self) -> int:
        return sum(one.number for one in self.tallies)


@dataclass(frozen=True, slots=True)
class Unheard:
    """Devices of a type that were not heard: how many of them, how often, how long together."""

    type: str
    devices: int
    times: int
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of a month; `in_time` is the share of all its alarms, None: too few to tell."""

    rules: tuple[OfRule, ...] = ()
    unheard: tuple[Unheard, ...] = field(default=())
    in_time: float | None = None


def month(
    episodes: Sequence[Episode],
    outages: Iterable[Outage],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> Month:
    """Return the figures of a month from `since` to before `until`.

    Alarms count whole where they began; of outages only what lies in the month.
    """
    rules: dict[tuple[str, str], dict[Severity, list[Episode]]] = {}
    for one in episodes:
        severities = rules.setdefault((one.kind, one.rule), defaultdict(list))
        severities[one.highest].append(one)
    found = [
        OfRule(*key, tuple(_tally(each, mine[each], now) for each in sorted(mine, reverse=True)))
        for key, mine in rules.items()
    ]
    found.sort(key=lambda one: (-one.number, one.kind, one.rule))
    end = min(until, now)
    return Month(tuple(found), _unheard(outages, since, end), _share(episodes))


def _tally(severity: Severity, episodes: Sequence[Episode], now: datetime) -> Tally:
    real = _real(episodes)
    spans = [max((one.ended or now) - one.began, NOTHING) for one in real]
    return Tally(
        severity=severity,
        number=len(real),
        lasted=sum(spans, NOTHING),
        longest=max(spans, default=NOTHING),
        open=sum(one.ended is None for one in real),
        withdrawn=sum(one.withdrawn and not one.exercise for one in episodes),
        exercises=sum(one.exercise for one in episodes),
        in_time=_share(episodes),
    )


def _real(episodes: Iterable[Episode]) -> list[Episode]:
    return [one for one in episodes if not (one.exercise or one.withdrawn)]


def _share(episodes: Iterable[Episode]) -> float | None:
    judged = [one.taken_on for one in _real(episodes) if one.taken_on is not None]
    return sum(judged) / len(judged) if len(judged) >= LEAST_FOR_SHARE else None


def _unheard(outages: Iterable[Outage], since: datetime, until: datetime) -> tuple[Unheard, ...]:
    types: dict[str, dict[str, list[tuple[datetime, datetime]]]] = {}
    for one in outages:
        begin, end = max(one.since, since), min(one.until or until, until)
        if begin < end:
            types.setdefault(one.type, {}).setdefault(one.device, []).append((begin, end))
    found = []
    for kind, devices in types.items():
        spans = [span for each in devices.values() for span in _joined(each)]
        lasted = sum((end - begin for begin, end in spans), NOTHING)
        found.append(Unheard(kind, len(devices), len(spans), lasted))
    return tuple(sorted(found, key=lambda one: (-one.lasted, one.type)))


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return the same time without overlaps: a gateway's outage may begin within a device's."""
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
