"""Declared stages: recorded by staff, told to those who hear of the water, proposed to the public.

An Alarmstufe is declared and cancelled by people who may; nothing here looks at a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import declared as queries
from services.alarms.announcing import Announcing
from services.alarms.declared import Declared, declared
from services.alarms.model import DeclaredStage
from services.alarms.posts import Posts
from services.alarms.records import DeclarerRecord
from services.audit.service import Audit
from services.clock import Clock
from services.db import insert_new
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

HIGHEST = 4
NONE = 0
"""Stands for "cancelled"."""
LONGEST_AGO = timedelta(days=7)


class NoDeclarerError(ServiceError):
    """Nobody of that name declares stages for that water, or there is no such stage or area."""

    text_key = "alarms.stage-unknown"


class StageTimeError(ServiceError):
    """A stage holds since a time that has come, not before the last one, nor very long ago."""

    text_key = "alarms.stage-time"


class StageChangedError(ServiceError):
    """Somebody recorded something else meanwhile, or this already."""

    text_key = "alarms.stage-changed"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody says was declared.

    Attributes:
        water: one of `Stages.waters`.
        area: the county or a municipality.
        stage: 1 to 4; `NONE`: the stage that holds was cancelled by who declared it.
        declarer: id of who declared it; of no account for `NONE`.
        at: since when.
        before: the stage that was shown to hold when this was said (`NONE`: none).
    """

    water: str
    area: str
    stage: int
    declarer: str
    at: datetime
    before: int


@dataclass(frozen=True)
class Stages:
    """Use cases around declared stages."""

    session: AsyncSession
    declarers: Mapping[str, DeclarerRecord]
    staff: Staff
    audit: Audit
    announcing: Announcing
    posts: Posts
    region: Region
    clock: Clock

    def require(self, actor: Actor) -> None:
        """Raise `NotAllowedError` unless somebody may record stages somewhere."""
        self.staff.require_somewhere(actor, Action.HANDLE_ALARMS)

    def waters(self) -> Sequence[str]:
        """Return the waters for which somebody declares stages, in the county's order."""
        known = {water for one in self.declarers.values() for water in one.waters}
        return [one.name for one in self.region.facts.sensors.waters if one.name in known]

    def declarers_of(self, water: str) -> Sequence[DeclarerRecord]:
        """Return who may declare stages for a water."""
        return [one for one in self.declarers.values() if water in one.waters]

    async def areas(self, actor: Actor, water: str) -> Sequence[str]:
        """Return where somebody may record stages of a water: the county, towns with a gauge.

        Who may so only in towns without one is offered those.
        """
        now, county = self.clock(), self.region.facts.ars
        gauges = {one.ars for one in await queries.gauges_at(self.session, water, county)}
        towns = [
            one.ars
            for one in self.region.municipalities
            if actor.may(Action.HANDLE_ALARMS, one.ars, now)
        ]
        whole = [county] if actor.may(Action.HANDLE_ALARMS, county, now) else []
        return [*whole, *(one for one in towns if one in gauges)] or towns

    async def open(self) -> Sequence[Declared]:
        """Return the stages that hold, by water."""
        return await queries.open_stages(self.session)

    async def get(self, number: int) -> Declared | None:
        """Return a stage, also one that holds no more."""
        row = await self.session.get(DeclaredStage, number, populate_existing=True)
        return declared(row) if row else None

    async def record(self, actor: Actor, said: Declaration) -> None:
        """Record what was declared, and have it told.

        Raises:
            NotAllowedError: not in this area.
            NoDeclarerError: there is no such water, area, stage or declarer.
            StageTimeError: a time still to come, before the stage that holds, or long ago.
            StageChangedError: another stage holds than was shown, or this one.
        """
        self.staff.require(actor, Action.HANDLE_ALARMS, said.area)
        who = self._who(said)
        held = await self._held(said.water, said.area)
        if (held.stage if held else NONE) != said.before or _is_the_same(held, said.stage, who):
            raise StageChangedError
        if not self._could_be(said.at, held):
            raise StageTimeError
        if held is not None:
            await self._close(actor, held, said.at)
        if who is not None:
            await self._open(actor, said, who, held)
        elif held is not None:
            await self.announcing.tell(held, held=None, over=True)

    def _who(self, said: Declaration) -> DeclarerRecord | None:
        """Return who declared a stage; None: it was cancelled."""
        if not self.region.knows_area(said.area) or not NONE <= said.stage <= HIGHEST:
            raise NoDeclarerError
        if said.stage == NONE:
            return None
        for one in self.declarers_of(said.water):
            if one.id == said.declarer:
                return one
        raise NoDeclarerError

    def _could_be(self, at: datetime, held: DeclaredStage | None) -> bool:
        now = self.clock()
        return now - LONGEST_AGO <= at <= now and (held is None or at >= held.at)

    async def _held(self, water: str, area: str) -> DeclaredStage | None:
        found: DeclaredStage | None = await self.session.scalar(
            select(DeclaredStage).where(
                DeclaredStage.water == water,
                DeclaredStage.ars == area,
                DeclaredStage.ended_at.is_(None),
            )
        )
        return found

    async def _close(self, actor: Actor, held: DeclaredStage, at: datetime) -> None:
        """End the stage that holds; whoever comes second finds it ended."""
        ended = await self.session.scalar(
            update(DeclaredStage)
            .where(DeclaredStage.id == held.id, DeclaredStage.ended_at.is_(None))
            .values(ended_at=at)
            .returning(DeclaredStage.id)
        )
        if ended is None:
            raise StageChangedError
        await self.posts.stage_over(held.id)
        await self.audit.note(
            actor.staff_id,
            "alarms.stage-end",
            f"stage:{held.id}",
            before=_document(held),
            after={"ended_at": at.isoformat()},
        )

    async def _open(
        self, actor: Actor, said: Declaration, who: DeclarerRecord, held: DeclaredStage | None
    ) -> None:
        insert = insert_new(self.session, DeclaredStage).values(
            water=said.water,
            ars=said.area,
            stage=said.stage,
            declarer={"id": who.id, "de": who.name.de, "en": who.name.en},
            at=said.at,
            recorded_by=actor.staff_id,
        )
        number = await self.session.scalar(
            insert.on_conflict_do_nothing().returning(DeclaredStage.id)
        )
        if number is None:
            raise StageChangedError
        new = await self.session.get_one(DeclaredStage, number)
        await self.audit.note(
            actor.staff_id,
            "alarms.stage",
            f"stage:{number}",
            before=_document(held) if held else None,
            after=_document(new),
        )
        await self.announcing.tell(new, held=held, over=False)
        await self.posts.propose_stage(number, new.stage)


def _is_the_same(held: DeclaredStage | None, stage: int, who: DeclarerRecord | None) -> bool:
    if held is None:
        return stage == NONE
    return held.stage == stage and who is not None and held.declarer["id"] == who.id


def _document(row: DeclaredStage) -> dict[str, str | int]:
    return {
        "water": row.water,
        "area": row.ars,
        "stage": row.stage,
        "declarer": row.declarer["id"],
        "at": row.at.isoformat(),
    }
