"""When people are left in peace: silences, maintenance, quiet hours. Values are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Severity

NEVER_HELD = Severity.GUARD
"""From this severity on quiet hours hold nothing back."""
ONE_DAY = timedelta(days=1)


class Held(StrEnum):
    """Why nobody is told of an alarm for now."""

    SILENCE = "silence"
    MAINTENANCE = "maintenance"
    INHIBITED = "inhibited"
    """Something greater explains it: its gateway, its source, a higher level of the same."""
    QUIET_HOURS = "quiet-hours"


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody's decision to hear nothing of some alarms; it always ends and has a reason."""

    matcher: Matcher
    since: datetime
    until: datetime
    reason: str

    def holds(self, labels: Labels, severity: Severity, now: datetime) -> bool:
        return self.since <= now < self.until and self.matcher.matches(labels, severity)


@dataclass(frozen=True, slots=True)
class LocalHours:
    """Hours of the wall clock on some weekdays (0 is Monday), also over midnight.

    The wall clock decides: in the night that has 02:30 twice both are inside, in the night that
    has none nothing is.
    """

    start: time
    end: time
    zone: ZoneInfo
    weekdays: frozenset[int] = frozenset(range(7))

    def contain(self, now: datetime) -> bool:
        """Whether a moment is inside; `start` belongs to it, `end` does not."""
        local = now.astimezone(self.zone)
        clock, today = local.time(), local.weekday()
        if self.start <= self.end:
            return today in self.weekdays and self.start <= clock < self.end
        yesterday = (today - 1) % 7
        return (today in self.weekdays and clock >= self.start) or (
            yesterday in self.weekdays and clock < self.end
        )

    def end_after(self, now: datetime) -> datetime:
        """Return when hours that contain a moment end, in UTC of the same kind as given."""
        local = now.astimezone(self.zone)
        over_midnight = self.start > self.end and local.time() >= self.start
        day = local.date() + (ONE_DAY if over_midnight else timedelta(0))
        return _moment(day, self.end, self.zone, after=now).astimezone(now.tzinfo)


def _moment(day: date, clock: time, zone: ZoneInfo, after: datetime) -> datetime:
    """Return a time of the wall clock; of two equal ones the first that is not over."""
    first = datetime.combine(day, clock, zone)
    return first if first > after else first.replace(fold=1)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A recurring window in which alarms of some devices are expected."""

    matcher: Matcher
    hours: LocalHours
    reason: str


@dataclass(frozen=True, slots=True)
class Peace:
    """Everything that may hold an alarm back."""

    silences: Collection[Silence] = ()
    maintenance: Collection[Maintenance] = ()
    quiet: LocalHours | None = None

    def held(
        self, labels: Labels, severity: Severity, now: datetime, *, inhibited: bool = False
    ) -> Held | None:
        """Return why nobody is told of an alarm now; None: they are."""
        if inhibited:
            return Held.INHIBITED
        if any(one.holds(labels, severity, now) for one in self.silences):
            return Held.SILENCE
        if any(
            one.hours.contain(now) and one.matcher.matches(labels, severity)
            for one in self.maintenance
        ):
            return Held.MAINTENANCE
        if self.quiet and severity < NEVER_HELD and self.quiet.contain(now):
            return Held.QUIET_HOURS
        return None

    def free_at(self, labels: Labels, severity: Severity, now: datetime) -> datetime | None:
        """Return when what holds an alarm back now ends; None where nothing does."""
        ends = [one.until for one in self.silences if one.holds(labels, severity, now)]
        ends += [
            one.hours.end_after(now)
            for one in self.maintenance
            if one.hours.contain(now) and one.matcher.matches(labels, severity)
        ]
        if self.quiet and severity < NEVER_HELD and self.quiet.contain(now):
            ends.append(self.quiet.end_after(now))
        return min(ends, default=None)
