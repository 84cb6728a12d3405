"""Sensors that cannot be right are told to whoever looks after them.

Such an alarm is a mere notice: it raises no level, ends none, and escalates as notices do. It
follows the present state of a track: what was doubted and fine again within one batch stands in
the log alone.
"""

from dataclasses import dataclass
from datetime import datetime

from services.alarms.keeping import End, Keeper
from services.alarms.model import Alarm, Kind
from services.alarms.reconciling import Moved, Weighing
from services.alarms.rules.doubts import doubted, is_fine, stuck
from services.alarms.rules.records import Sample, Severity
from services.alarms.sight import EXERCISE
from services.clock import Clock

SEVERITY = Severity.NOTICE
MOST_COUNTED = 32_767
"""More equal values in a row are not told apart."""


Known = dict[str, list[Alarm]]
"""Alarms by what they are about."""


def about(kind: Kind, weighing: Weighing) -> str:
    """Return the word of a doubt: whatever rules look at a series, its sensor is one."""
    word = f"{kind}:series:{weighing.series.id}"
    return word + EXERCISE if weighing.known.record.exercise else word


@dataclass(frozen=True)
class Doubting:
    """Opens and ends alarms about sensors that cannot be right."""

    keeper: Keeper
    clock: Clock

    async def look(self, moved: Moved, known: Known) -> None:
        """Bring the doubts about a series up to date; own thresholds have none.

        The rule that doubted first says when it is over; what another one opens is added to
        `known`.
        """
        if moved.weighing.known.device_id is not None:
            return
        for kind, weigh in ((Kind.DOUBT, self._doubt), (Kind.STUCK, self._stuck)):
            alarm = _open(known, about(kind, moved.weighing))
            if alarm is None or alarm.rule_key == moved.weighing.known.key:
                await weigh(moved, alarm, known)

    async def _doubt(self, moved: Moved, alarm: Alarm | None, known: Known) -> None:
        newest = doubted(moved.after)
        if newest is None:
            await self._perhaps_fine(moved, alarm)
        elif alarm is None:
            began = moved.after.present.doubted[0].time
            fresh = await self._open(moved, Kind.DOUBT, newest, began_at=began, level=0)
            known.setdefault(fresh.about, []).append(fresh)
        elif (alarm.value, alarm.value_at) != (newest.value, newest.time):
            alarm.value, alarm.value_at = newest.value, newest.time
            await self.keeper.told(alarm)

    async def _perhaps_fine(self, moved: Moved, alarm: Alarm | None) -> None:
        last = moved.after.present.last
        if alarm is None or alarm.value is None or alarm.value_at is None:
            return
        doubt = Sample(alarm.value_at, 0, alarm.value)
        if moved.anew or last is None:
            await self.keeper.end(alarm, End.RULE_CHANGED, self.clock())
        elif is_fine(doubt, last, moved.weighing.rule):
            await self.keeper.end(alarm, End.CLEARED, last.time)

    async def _stuck(self, moved: Moved, alarm: Alarm | None, known: Known) -> None:
        last = moved.after.present.last
        count = min(stuck(moved.after.present, moved.weighing.rule), MOST_COUNTED)
        if last is None:
            return
        if count and alarm is None:
            fresh = await self._open(moved, Kind.STUCK, last, began_at=last.time, level=count)
            known.setdefault(fresh.about, []).append(fresh)
        elif count and alarm is not None:
            alarm.level, alarm.value, alarm.value_at = count, last.value, last.time
        elif alarm is not None:
            why, at = (End.RULE_CHANGED, self.clock()) if moved.anew else (End.CLEARED, last.time)
            await self.keeper.end(alarm, why, at)

    async def _open(
        self, moved: Moved, kind: Kind, sample: Sample, *, began_at: datetime, level: int
    ) -> Alarm:
        weighing = moved.weighing
        series, rule_key = weighing.series, weighing.known.key
        return await self.keeper.open(
            SEVERITY,
            SEVERITY,
            labels=series.device.labels(rule_key, series.quantity),
            kind=kind.value,
            about=about(kind, weighing),
            rule_key=rule_key,
            device_id=series.device.id,
            series_id=series.id,
            level=level,
            began_at=began_at,
            value=sample.value,
            value_at=sample.time,
            exercise=weighing.known.record.exercise,
        )


def _open(known: Known, word: str) -> Alarm | None:
    return next((one for one in known.get(word, ()) if one.ended_at is None), None)
