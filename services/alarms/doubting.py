"""Sensors that cannot be right are told to whoever looks after them.

Such an alarm is a mere notice: it raises no level, ends none, and escalates as notices do. It
follows the present state of a track: what was doubted and fine again within one batch stands in
the log alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.alarms.keeping import End, Keeper
from services.alarms.model import Alarm, Kind
from services.alarms.reconciling import Moved
from services.alarms.rules.doubts import doubted, is_fine, stuck
from services.alarms.rules.records import Sample, Severity
from services.clock import Clock

SEVERITY = Severity.NOTICE
MOST_COUNTED = 32_767
"""More equal values in a row are not told apart."""


def about(kind: Kind, weighing_about: str) -> str:
    """Return the word of a doubt about a series in the eyes of a rule."""
    return f"{kind}:{weighing_about}"


@dataclass(frozen=True)
class Doubting:
    """Opens and ends alarms about sensors that cannot be right."""

    keeper: Keeper
    clock: Clock

    async def look(self, moved: Moved, open_doubts: Sequence[Alarm]) -> None:
        """Bring the doubts about a series up to date; own thresholds have none."""
        if moved.weighing.known.device_id is not None:
            return
        known = {Kind(one.kind): one for one in open_doubts if one.ended_at is None}
        await self._doubt(moved, known.get(Kind.DOUBT))
        await self._stuck(moved, known.get(Kind.STUCK))

    async def _doubt(self, moved: Moved, alarm: Alarm | None) -> None:
        newest = doubted(moved.after)
        if newest is None:
            await self._perhaps_fine(moved, alarm)
        elif alarm is None:
            began = moved.after.present.doubted[0].time
            await self._open(moved, Kind.DOUBT, newest, began_at=began, level=0)
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

    async def _stuck(self, moved: Moved, alarm: Alarm | None) -> None:
        last = moved.after.present.last
        count = min(stuck(moved.after.present, moved.weighing.rule), MOST_COUNTED)
        if last is None:
            return
        if count and alarm is None:
            await self._open(moved, Kind.STUCK, last, began_at=last.time, level=count)
        elif count and alarm is not None:
            alarm.level, alarm.value, alarm.value_at = count, last.value, last.time
        elif alarm is not None:
            why, at = (End.RULE_CHANGED, self.clock()) if moved.anew else (End.CLEARED, last.time)
            await self.keeper.end(alarm, why, at)

    async def _open(
        self, moved: Moved, kind: Kind, sample: Sample, *, began_at: datetime, level: int
    ) -> None:
        weighing = moved.weighing
        series, rule_key = weighing.series, weighing.known.key
        await self.keeper.open(
            SEVERITY,
            SEVERITY,
            labels=series.device.labels(rule_key, series.quantity),
            kind=kind.value,
            about=about(kind, weighing.about),
            rule_key=rule_key,
            device_id=series.device.id,
            series_id=series.id,
            level=level,
            began_at=began_at,
            value=sample.value,
            value_at=sample.time,
            exercise=weighing.known.record.exercise,
        )
