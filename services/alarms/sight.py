"""An alarm with everything that is said of it: its device, its rule, who took it on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import Alarm, AlarmChange, AlarmRule, Kind, OwnThreshold
from services.alarms.rules.audience import OWN
from services.alarms.rules.matching import Labels
from services.alarms.rules.records import Severity
from services.devices.model import Device
from services.readings.model import Series
from services.staff.model import StaffMember

EXERCISE = "/x"
"""Ends the key of a group of exercises: they never stand in one message with what is real."""


@dataclass(frozen=True)
class Sight:
    """An alarm as it stands, with its surroundings.

    Attributes:
        device: None for a gateway's.
        document: the rule as it was written; empty when it is gone.
        taken_by: label of who acknowledged it.
        area: where it belongs when no device says so: the county.
    """

    alarm: Alarm
    device: Device | None
    quantity: str
    channel: int
    document: Mapping[str, Any]
    taken_by: str
    area: str

    @property
    def severity(self) -> Severity:
        return Severity(self.alarm.severity)

    @property
    def labels(self) -> Labels:
        """Return what matchers look at; a gateway belongs to the whole county."""
        device = self.device
        return Labels(
            rule=self.alarm.rule_key,
            device=self.alarm.device_id,
            type=device.type if device else Kind.GATEWAY,
            ars=(device.ars if device else "") or self.area,
            quantity=self.quantity,
        )

    @property
    def is_own(self) -> bool:
        return self.alarm.rule_key.startswith(OWN)

    @property
    def group(self) -> str:
        """Return which alarms it shares a message with: those of one place and type."""
        if self.is_own:
            return self.alarm.rule_key
        labels = self.labels
        return f"{labels.ars}/{labels.type}" + (EXERCISE if self.alarm.exercise else "")

    def name(self, language: str) -> str:
        """Return what the rule is called."""
        names = self.document.get("name")
        if not isinstance(names, Mapping):
            return ""
        return str(names.get("en" if language == "en" else "de", ""))

    @property
    def threshold(self) -> float | None:
        """Return the value of the present level, in the quantity's unit."""
        levels = self.document.get("levels") or ()
        at = levels[self.alarm.level].get("at") if 0 <= self.alarm.level < len(levels) else None
        return float(at) if isinstance(at, int | float) else None

    @property
    def is_below(self) -> bool:
        return self.document.get("direction") == "below"

    @property
    def is_public(self) -> bool:
        return bool(self.document.get("public"))


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(Alarm, Device, Series.quantity, Series.channel, StaffMember.label)
        .outerjoin(Device, Device.id == Alarm.device_id)
        .outerjoin(Series, Series.id == Alarm.series_id)
        .outerjoin(StaffMember, StaffMember.id == Alarm.acknowledged_by)
        .order_by(Alarm.id)
        .execution_options(populate_existing=True)
    )


async def open_alarms(session: AsyncSession, area: str) -> Sequence[Sight]:
    """Return every alarm that has not ended."""
    return await _seen(session, _query().where(Alarm.ended_at.is_(None)), area)


async def alarms(session: AsyncSession, numbers: Collection[int], area: str) -> Sequence[Sight]:
    """Return alarms by their numbers, also ended ones."""
    if not numbers:
        return ()
    return await _seen(session, _query().where(Alarm.id.in_(numbers)), area)


async def _seen(
    session: AsyncSession, query: Select[*tuple[Any, ...]], area: str
) -> Sequence[Sight]:
    rows = (await session.execute(query)).all()
    documents = await _documents(session, {row[0].rule_key for row in rows})
    return [
        Sight(
            alarm=alarm,
            device=device,
            quantity=quantity or "",
            channel=channel or 0,
            document=documents.get(alarm.rule_key, {}),
            taken_by=label or "",
            area=area,
        )
        for alarm, device, quantity, channel, label in rows
    ]


async def _documents(
    session: AsyncSession, keys: Collection[str]
) -> dict[str, Mapping[str, Any]]:
    """Return how rules are written now, by their keys."""
    own = [int(key.removeprefix(OWN)) for key in keys if key.startswith(OWN)]
    found: dict[str, Mapping[str, Any]] = {}
    if own:
        for one in await session.scalars(select(OwnThreshold).where(OwnThreshold.id.in_(own))):
            found[f"{OWN}{one.id}"] = one.document
    shared = [key for key in keys if not key.startswith(OWN)]
    if shared:
        newest = (
            select(AlarmRule.key, func.max(AlarmRule.version).label("version"))
            .where(AlarmRule.key.in_(shared))
            .group_by(AlarmRule.key)
            .subquery()
        )
        query = select(AlarmRule.key, AlarmRule.document).join(
            newest, (newest.c.key == AlarmRule.key) & (newest.c.version == AlarmRule.version)
        )
        for key, document in await session.execute(query):
            found[key] = document
    return found


async def changes_since(session: AsyncSession, alarm: Alarm, since: datetime) -> int:
    """Return how often an alarm changed its level since a time."""
    query = select(func.count()).where(
        AlarmChange.rule_key == alarm.rule_key,
        AlarmChange.series_id == alarm.series_id,
        AlarmChange.time >= since,
        AlarmChange.what.in_(("rose", "fell")),
    )
    return await session.scalar(query) or 0
