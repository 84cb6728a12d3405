"""Stages that authorities declared, as people see them; queries, no decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import DeclaredStage
from services.alarms.rules.matching import Labels
from services.devices.model import Device, State
from services.records import Localised, covers

GAUGE, LEVEL = "gauge", "water.level"


@dataclass(frozen=True, slots=True)
class Declared:
    """An Alarmstufe that somebody declared; never shown without who did.

    Attributes:
        water: as region.toml names it.
        ars: the area where it holds.
        stage: 1 to 4.
        declarer: who declared it, as it stands behind "ausgerufen von".
        at: since when.
        ended_at: since when it holds no more; None: it does.
    """

    id: int
    water: str
    ars: str
    stage: int
    declarer: Localised
    at: datetime
    ended_at: datetime | None = None

    def holds_at(self, water: str, ars: str) -> bool:
        """Whether it is about a water in a place; a place that is not known is the county."""
        return self.ended_at is None and self.water == water and covers(self.ars, ars)


def declared(row: DeclaredStage) -> Declared:
    """Return what a row says."""
    name = Localised(de=row.declarer["de"], en=row.declarer["en"])
    return Declared(row.id, row.water, row.ars, row.stage, name, row.at, row.ended_at)


async def open_stages(session: AsyncSession) -> list[Declared]:
    """Return the stages that hold, by water, the widest area first."""
    query = select(DeclaredStage).where(DeclaredStage.ended_at.is_(None))
    rows = await session.scalars(query.order_by(DeclaredStage.water, DeclaredStage.ars))
    return [declared(row) for row in rows]


async def gauges_at(session: AsyncSession, water: str, area: str) -> Sequence[Labels]:
    """Return the gauges in use at a water within an area, for matchers."""
    query = select(Device.id, Device.ars, Device.tags).where(
        Device.type == GAUGE, Device.water == water, Device.state == State.RELEASED
    )
    return [
        Labels("", row.id, GAUGE, row.ars, LEVEL, frozenset(row.tags.split()))
        for row in await session.execute(query.order_by(Device.id))
        if covers(area, row.ars)
    ]
