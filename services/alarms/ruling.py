"""Staff look at rules and change them; every change is a version, none is ever overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import store
from services.alarms.documents import problems_in, rule_in
from services.alarms.drafting import changed, key_for
from services.alarms.known import KnownRule, Watched, means
from services.alarms.model import AlarmRule, Origin
from services.alarms.records import AppliesTo, RuleRecord
from services.alarms.rehearsing import Rehearsal
from services.alarms.rules.records import Direction
from services.alarms.service import Alarms
from services.audit.service import Audit
from services.clock import Clock
from services.devices.lookups import Sensor, Sensors
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

REHEARSED = 3
"""Series a dry run looks at."""
DAYS = 30
ALL_DEVICES = AppliesTo()


class NoSuchRuleError(ServiceError):
    """There is no such rule."""

    text_key = "alarms.no-such-rule"


class UnreadableRuleError(ServiceError):
    """The newest version of a rule cannot be read, so it does not hold."""

    text_key = "alarms.rule-unreadable"


class RuleChangedError(ServiceError):
    """Somebody else changed the rule meanwhile."""

    text_key = "alarms.rule-changed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule in its newest version."""

    key: str
    version: int
    record: RuleRecord
    active: bool
    by_staff: bool


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A rule whose newest version cannot be read."""

    key: str
    version: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done with a sensor's last 30 days."""

    sensor: Sensor
    channel: int
    rehearsal: Rehearsal


@dataclass(frozen=True, slots=True)
class Meant:
    """A device that measures something, as people and as rules look at it."""

    sensor: Sensor
    device: Watched


@dataclass(frozen=True)
class Ruling:
    """Use cases around rules that people change."""

    session: AsyncSession
    alarms: Alarms
    sensors: Sensors
    staff: Staff
    audit: Audit
    region: Region
    clock: Clock

    async def listed(self, actor: Actor) -> Sequence[Standing | Unreadable]:
        """Return every rule in its newest version, by key."""
        self.require(actor)
        return await self.everything()

    async def everything(self) -> Sequence[Standing | Unreadable]:
        """Return the same for the terminal, where nobody is asked who they are."""
        newest: dict[str, AlarmRule] = {}
        query = select(AlarmRule).order_by(AlarmRule.key, AlarmRule.version)
        for row in await self.session.scalars(query):
            newest[row.key] = row
        return [
            Unreadable(row.key, row.version) if rule_in(row.document) is None else _standing(row)
            for row in newest.values()
        ]

    async def get(self, actor: Actor, key: str) -> Standing:
        """Return a rule in its newest version; raise `NoSuchRuleError`, `UnreadableRuleError`."""
        self.require(actor)
        row = await self._newest(key)
        if row is None:
            raise NoSuchRuleError
        if where := problems_in(row.document):
            raise UnreadableRuleError(rule=key, version=row.version, where=where)
        return _standing(row)

    async def save(
        self, actor: Actor, standing: Standing, record: RuleRecord, *, active: bool | None = None
    ) -> Standing:
        """Make a new version, or raise `RuleChangedError` when somebody else was faster."""
        holds = standing.active if active is None else active
        return await self._write(actor, standing.key, record, before=standing, active=holds)

    async def create(self, actor: Actor, record: RuleRecord) -> Standing:
        """Make a new rule under a key of its own; it holds at once."""
        self.require(actor)
        taken = set(await self.session.scalars(select(AlarmRule.key)))
        key = key_for(record.name.de, taken)
        return await self._write(actor, key, changed(record, id=key))

    async def of_region(self, actor: Actor, key: str) -> RuleRecord | None:
        """Return the newest text of a rule that came from the region's folder; None: none did."""
        self.require(actor)
        query = select(AlarmRule).where(
            AlarmRule.key == key, AlarmRule.origin == Origin.REGION.value
        )
        row = await self.session.scalar(query.order_by(AlarmRule.version.desc()).limit(1))
        return RuleRecord.model_validate(row.document) if row else None

    async def give_back(self, actor: Actor, standing: Standing) -> Standing:
        """Let the folder's text hold again: from now on its changes come in as before.

        Raises:
            NoSuchRuleError: the rule never stood in the folder.
            RuleChangedError: somebody else was faster.
        """
        record = await self.of_region(actor, standing.key)
        if record is None:
            raise NoSuchRuleError
        return await self._write(
            actor, standing.key, record, before=standing, origin=Origin.REGION
        )

    async def _write(
        self,
        actor: Actor,
        key: str,
        record: RuleRecord,
        *,
        before: Standing | None = None,
        active: bool = True,
        origin: Origin = Origin.STAFF,
    ) -> Standing:
        self.require(actor)
        row = AlarmRule(
            key=key,
            version=before.version + 1 if before else 1,
            origin=origin.value,
            document=record.document(),
            active=active,
            created_by=actor.staff_id,
            created_at=self.clock(),
        )
        try:
            async with self.session.begin_nested():
                self.session.add(row)
        except IntegrityError:
            raise RuleChangedError from None
        await self.audit.note(
            actor.staff_id,
            "alarms.rule",
            f"rule:{key}:{row.version}",
            before=_noted(before.record.document(), active=before.active) if before else None,
            after=_noted(record.document(), active=row.active),
        )
        return _standing(row)

    async def rehearse(self, actor: Actor, record: RuleRecord) -> Sequence[Trial]:
        """Return what a rule would have done with some sensors' last 30 days; writes nothing."""
        self.require(actor)
        if record.quantity is None or not record.levels:
            return []
        sensors = {one.id: one for one in await self.sensors.visible(actor, (record.quantity,))}
        rule, channel = KnownRule(record.id, 0, record), record.applies_to.channel
        found = [
            one
            for one in await store.series(self.session, sorted(sensors))
            if one.quantity == record.quantity
            and channel in (None, one.channel)
            and rule.watches(one.device)
        ]
        return [
            Trial(
                sensors[one.device.id],
                one.channel,
                await self.alarms.rehearse(record, one.device.id, DAYS, one.channel),
            )
            for one in found[:REHEARSED]
        ]

    async def meant(self, actor: Actor, wanted: AppliesTo = ALL_DEVICES) -> Sequence[Meant]:
        """Return the devices a rule would be about, those on trial too, by name."""
        self.require(actor)
        sensors = await self.sensors.visible(actor)
        devices = {
            one.device.id: one.device
            for one in await store.series(self.session, [one.id for one in sensors])
        }
        return [
            Meant(one, devices[one.id])
            for one in sensors
            if one.id in devices and means(wanted, devices[one.id])
        ]

    async def _newest(self, key: str) -> AlarmRule | None:
        query = select(AlarmRule).where(AlarmRule.key == key)
        return await self.session.scalar(query.order_by(AlarmRule.version.desc()).limit(1))

    def require(self, actor: Actor) -> None:
        """Raise `NotAllowedError` unless somebody may change rules: those of the whole county."""
        self.staff.require(actor, Action.HANDLE_ALARMS, self.region.facts.ars)


def _standing(row: AlarmRule) -> Standing:
    record = RuleRecord.model_validate(row.document)
    return Standing(row.key, row.version, record, row.active, row.origin == Origin.STAFF)


def _noted(document: Mapping[str, Any], *, active: bool) -> dict[str, Any]:
    return {**document, "active": active}


def is_above(record: RuleRecord) -> bool:
    """Whether the danger of a rule lies above its thresholds."""
    return record.direction is Direction.ABOVE
