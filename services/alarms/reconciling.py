"""The alarms of a track brought up to date with its log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.alarms.episodes import Episode, Pair, Stored, episodes_of, paired
from services.alarms.keeping import End, Keeper
from services.alarms.known import KnownRule
from services.alarms.model import Alarm, Kind
from services.alarms.rules.engine import signal_of
from services.alarms.rules.records import Machine, Rule, Sample, Severity, Track
from services.alarms.store import Key, WatchedSeries
from services.clock import Clock

NOT_AGAIN = frozenset({End.WITHDRAWN.value, End.RULE_CHANGED.value})


@dataclass(slots=True)
class Weighing:
    """A rule at a series, and what came for it."""

    known: KnownRule
    rule: Rule
    series: WatchedSeries
    samples: Sequence[Sample]
    gone: frozenset[int] = frozenset()

    @property
    def key(self) -> Key:
        return (self.series.id, self.known.key)

    @property
    def about(self) -> str:
        return f"{self.known.key}:{self.series.id}"


@dataclass(slots=True)
class Moved:
    """A track before and after a step."""

    weighing: Weighing
    before: Track
    after: Track
    anew: bool
    """The rule is new here, or another version of it was known."""
    alarms: list[Alarm] = field(default_factory=list)


@dataclass(frozen=True)
class Reconciling:
    """Opens, moves and ends the alarms that a log tells of."""

    keeper: Keeper
    clock: Clock

    async def episodes(self, moved: Moved) -> None:
        """Bring the alarms of a track up to date with its log."""
        since = moved.after.since
        now = episodes_of(moved.before.settled, moved.after.log)
        known = {
            one.id: one
            for one in moved.alarms
            if one.end not in NOT_AGAIN
            and (one.ended_at is None or (since is not None and one.ended_at > since))
        }
        if not now and not known:
            return
        stored = [Stored(one.id, one.began_at, one.ended_at) for one in known.values()]
        for pair in paired(stored, now):
            alarm = known[pair.stored.id] if pair.stored else None
            await self._apply(moved, pair, alarm)

    async def _apply(self, moved: Moved, pair: Pair, alarm: Alarm | None) -> None:
        if pair.now is None:
            if alarm is not None and alarm.ended_at is None:
                why = End.RULE_CHANGED if moved.anew else End.WITHDRAWN
                await self.keeper.end(alarm, why, self.clock())
            elif alarm is not None:
                alarm.end = End.WITHDRAWN.value
        elif alarm is None:
            await self._open(moved, pair.now)
        elif pair.now.ended is not None:
            await self._over(alarm, pair.now, moved)
        else:
            await self._goes_on(alarm, pair.now, moved)

    async def _open(self, moved: Moved, now: Episode) -> None:
        weighing = moved.weighing
        value, at = _newest(moved.after.present, weighing.rule)
        highest = _severity(weighing.rule, now.peak)
        series, rule_key = weighing.series, weighing.known.key
        await self.keeper.open(
            highest if now.ended else _severity(weighing.rule, now.level),
            highest,
            labels=series.device.labels(rule_key, series.quantity),
            kind=Kind.VALUE.value,
            about=weighing.about,
            rule_key=rule_key,
            device_id=series.device.id,
            series_id=series.id,
            level=now.peak if now.ended else now.level,
            began_at=now.began,
            ended_at=now.ended,
            end=End.CLEARED.value if now.ended else "",
            value=value,
            value_at=at,
            exercise=weighing.known.record.exercise,
            flapping=not now.ended and moved.after.present.flapping_since is not None,
        )

    async def _over(self, alarm: Alarm, now: Episode, moved: Moved) -> None:
        _correct(alarm, now, moved.weighing.rule)
        if now.ended is None:
            return
        if alarm.ended_at is None:
            alarm.value, alarm.value_at = _newest(moved.after.present, moved.weighing.rule)
            await self.keeper.end(alarm, End.CLEARED, now.ended)
        else:
            alarm.ended_at, alarm.end = now.ended, End.CLEARED.value

    async def _goes_on(self, alarm: Alarm, now: Episode, moved: Moved) -> None:
        rule, present = moved.weighing.rule, moved.after.present
        shown = _shown(alarm)
        if alarm.ended_at is not None:
            await self.keeper.reopen(alarm)
        severity = _severity(rule, now.level)
        if (alarm.level, alarm.severity) != (now.level, severity):
            await self.keeper.move(alarm, now.level, severity)
        _correct(alarm, now, rule)
        alarm.value, alarm.value_at = _newest(present, rule)
        alarm.recovering = bool(present.down) and present.down[now.level] is not None
        alarm.flapping = present.flapping_since is not None
        if _shown(alarm) != shown:
            await self.keeper.told(alarm)


def _correct(alarm: Alarm, now: Episode, rule: Rule) -> None:
    alarm.began_at = now.began
    alarm.highest = _severity(rule, now.peak).value


def _shown(alarm: Alarm) -> tuple[object, ...]:
    return (
        alarm.level,
        alarm.severity,
        alarm.value,
        alarm.value_at,
        alarm.recovering,
        alarm.flapping,
        alarm.ended_at,
    )


def _severity(rule: Rule, level: int) -> Severity:
    return rule.levels[level].severity


def _newest(machine: Machine, rule: Rule) -> tuple[float | None, datetime | None]:
    return signal_of(machine, rule), machine.last.time if machine.last else None
