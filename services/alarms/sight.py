"""Alarms as the heralds see them: the view everybody has, who took it on, whose message it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import views
from services.alarms.declared import Declared, open_stages
from services.alarms.model import Alarm, AlarmChange, Kind
from services.alarms.rules.matching import Labels
from services.alarms.rules.records import Severity
from services.alarms.views import AlarmView
from services.staff.model import StaffMember

EXERCISE = "/x"
"""Ends the key of a group of exercises: they never stand in one message with what is real."""


@dataclass(frozen=True)
class Sight:
    """An alarm as it stands.

    Attributes:
        taken_by: label of who acknowledged it.
        area: where it belongs when no device says so: the county.
        declared: the stages that hold where its sensor stands, the widest first.
    """

    alarm: AlarmView
    taken_by: str
    area: str
    declared: tuple[Declared, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.alarm.severity

    @property
    def rule(self) -> str:
        return self.alarm.labels.rule

    @property
    def is_own(self) -> bool:
        return self.alarm.own

    @cached_property
    def labels(self) -> Labels:
        """Return what matchers look at; a gateway belongs to the whole county."""
        labels = self.alarm.labels
        gateway = Kind.GATEWAY if self.alarm.device_id is None else labels.type
        return replace(labels, ars=labels.ars or self.area, type=gateway)

    @cached_property
    def group(self) -> str:
        """Return which alarms it shares a message with: those of one place and type."""
        if self.is_own:
            return self.rule
        labels = self.labels
        return f"{labels.ars}/{labels.type}" + (EXERCISE if self.alarm.exercise else "")

    @property
    def threshold(self) -> float | None:
        """Return the value of the present level, in the quantity's unit."""
        alarm = self.alarm
        known = 0 <= alarm.level < len(alarm.thresholds)
        return alarm.thresholds[alarm.level] if known else None


async def open_alarms(session: AsyncSession, area: str) -> Sequence[Sight]:
    """Return every alarm that has not ended."""
    query = select(Alarm).where(Alarm.ended_at.is_(None)).order_by(Alarm.id)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return await _seen(session, rows.all(), area)


async def alarms(session: AsyncSession, numbers: Collection[int], area: str) -> Sequence[Sight]:
    """Return alarms by their numbers, also ended ones."""
    if not numbers:
        return ()
    query = select(Alarm).where(Alarm.id.in_(numbers)).order_by(Alarm.id)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return await _seen(session, rows.all(), area)


async def _seen(session: AsyncSession, rows: Sequence[Alarm], area: str) -> Sequence[Sight]:
    found = await views.load(session, rows)
    by = {one.acknowledged_by for one in found} - {None}
    labels: dict[int | None, str] = {}
    if by:
        query = select(StaffMember.id, StaffMember.label).where(StaffMember.id.in_(by))
        labels = {row.id: row.label for row in await session.execute(query)}
    stages = await open_stages(session) if any(one.water for one in found) else []
    return [
        Sight(
            one,
            labels.get(one.acknowledged_by, ""),
            area,
            tuple(each for each in stages if each.holds_at(one.water, one.labels.ars or area)),
        )
        for one in found
    ]


async def changes_since(session: AsyncSession, alarm: AlarmView, since: datetime) -> int:
    """Return how often an alarm changed its level since a time (of the readings)."""
    query = select(func.count()).where(
        AlarmChange.rule_key == alarm.labels.rule,
        AlarmChange.series_id == alarm.series_id,
        AlarmChange.time >= since,
        AlarmChange.what.in_(("rose", "fell")),
    )
    return await session.scalar(query) or 0
