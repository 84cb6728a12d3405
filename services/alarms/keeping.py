"""Alarms as rows: opened, moved, ended; each step is noted, and the heralds are told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import store
from services.alarms.model import Alarm
from services.alarms.rules.matching import Labels
from services.alarms.rules.records import Severity
from services.clock import Clock


class End(StrEnum):
    """Why an alarm ended."""

    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"
    """A late value shows that it never was."""
    RULE_CHANGED = "rule-changed"
    """Nobody knows whether the danger is over: no all-clear."""
    DEVICE_GONE = "device-gone"
    """In maintenance, in test or out of use: no all-clear either."""


class Herald(Protocol):
    """Tells people."""

    async def changed(self, alarm_id: int) -> None:
        """See to it that those who want to know of an alarm are told how it stands now."""
        ...


@dataclass(frozen=True)
class Keeper:
    """Keeps alarms."""

    session: AsyncSession
    heralds: Herald
    clock: Clock

    async def open(
        self,
        severity: Severity,
        highest: Severity,
        *,
        labels: Labels | None = None,
        exercise: bool = False,
        **columns: Any,
    ) -> Alarm:
        """Add an alarm; one that is over already is no news, but may stand in a digest.

        What begins in announced hours of an exercise is one to its end; what began before them
        stays real. `labels`: what an exercise could mean; None: none can.
        """
        if labels is not None and not exercise:
            exercise = await store.is_exercise(self.session, labels, columns["began_at"])
        alarm = Alarm(
            severity=severity.value,
            highest=highest.value,
            level_at=self.clock(),
            exercise=exercise,
            **columns,
        )
        self.session.add(alarm)
        await self.session.flush()
        detail = {"level": alarm.level, "severity": alarm.severity, "value": alarm.value}
        await store.note(self.session, alarm.id, self.clock(), "opened", **detail)
        await self.heralds.changed(alarm.id)
        return alarm

    async def move(self, alarm: Alarm, level: int, severity: Severity) -> None:
        """Note another level; when it is graver, whoever acknowledged it has to look again."""
        if severity > alarm.severity:
            alarm.acknowledged_by = alarm.acknowledged_at = None
            alarm.escalated = 0
        what = "rose" if (severity, level) > (alarm.severity, alarm.level) else "fell"
        alarm.level, alarm.severity, alarm.level_at = level, severity.value, self.clock()
        alarm.highest = max(alarm.highest, alarm.severity)
        await store.note(
            self.session, alarm.id, self.clock(), what, level=level, severity=severity.value
        )

    async def reopen(self, alarm: Alarm) -> None:
        """Note that an alarm is not over after all."""
        alarm.ended_at, alarm.end, alarm.level_at = None, "", self.clock()
        alarm.acknowledged_by = alarm.acknowledged_at = None
        alarm.escalated = 0
        await store.note(self.session, alarm.id, self.clock(), "reopened")

    async def end(self, alarm: Alarm, why: End, at: datetime) -> None:
        """Note that an alarm is over, and tell it."""
        alarm.ended_at, alarm.end, alarm.level_at = at, why.value, self.clock()
        alarm.recovering = alarm.flapping = False
        await store.note(self.session, alarm.id, self.clock(), "ended", why=why.value)
        await self.told(alarm)

    async def told(self, alarm: Alarm) -> None:
        """Write what was changed, and have it told."""
        await self.session.flush()
        await self.heralds.changed(alarm.id)
