"""Staff look at rules and change them; every change is a version, none is ever overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import store
from services.alarms.documents import problems_in, rule_in
from services.alarms.known import KnownRule
from services.alarms.model import AlarmRule, Origin
from services.alarms.records import LevelRecord, RuleRecord
from services.alarms.rehearsing import Rehearsal
from services.alarms.rules.records import Direction, Severity
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


class NoSuchRuleError(ServiceError):
    """There is no such rule."""

    text_key = "alarms.no-such-rule"


class UnreadableRuleError(ServiceError):
    """The newest version of a rule cannot be read, so it does not hold."""

    text_key = "alarms.rule-unreadable"


class RuleChangedError(ServiceError):
    """Somebody else changed the rule meanwhile."""

    text_key = "alarms.rule-changed"


class BadRuleError(ServiceError):
    """The rule would make no sense: levels that do not rise, a value that cannot be."""

    text_key = "alarms.bad-rule"


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


def with_level(record: RuleRecord, level: int, **changes: Any) -> RuleRecord:
    """Return a rule with one level changed, or raise `BadRuleError`.

    A threshold takes its clear value along: the band between them stays as wide as it was.
    """
    if not 0 <= level < len(record.levels):
        raise BadRuleError
    levels = [one.model_dump(exclude_none=True) for one in record.levels]
    before = record.levels[level]
    if "at" in changes and before.clear is not None:
        changes["clear"] = round(before.clear + changes["at"] - before.at, 6)
    levels[level] |= changes
    try:
        return changed(record, levels=tuple(map(LevelRecord.model_validate, levels)))
    except ValidationError:
        raise BadRuleError from None


def changed(record: RuleRecord, **changes: Any) -> RuleRecord:
    """Return a rule with other values, checked as a whole, or raise `BadRuleError`."""
    try:
        return RuleRecord.model_validate(record.model_copy(update=changes).document())
    except ValidationError:
        raise BadRuleError from None


def lasting(record: RuleRecord, minutes: int, *, up: bool) -> RuleRecord:
    """Return a rule with another patience, as many values as before."""
    name = "up_for" if up else "down_for"
    before = record.up_for if up else record.down_for
    return changed(
        record, **{name: before.model_copy(update={"time": timedelta(minutes=minutes)})}
    )


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
        self._require(actor)
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
        self._require(actor)
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
        self._require(actor)
        row = AlarmRule(
            key=standing.key,
            version=standing.version + 1,
            origin=Origin.STAFF.value,
            document=record.document(),
            active=standing.active if active is None else active,
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
            f"rule:{standing.key}:{row.version}",
            before=_noted(standing.record.document(), active=standing.active),
            after=_noted(record.document(), active=row.active),
        )
        return _standing(row)

    async def rehearse(self, actor: Actor, record: RuleRecord) -> Sequence[Trial]:
        """Return what a rule would have done with some sensors' last 30 days; writes nothing."""
        self._require(actor)
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

    async def _newest(self, key: str) -> AlarmRule | None:
        query = select(AlarmRule).where(AlarmRule.key == key)
        return await self.session.scalar(query.order_by(AlarmRule.version.desc()).limit(1))

    def _require(self, actor: Actor) -> None:
        self.staff.require(actor, Action.HANDLE_ALARMS, self.region.facts.ars)


def _standing(row: AlarmRule) -> Standing:
    record = RuleRecord.model_validate(row.document)
    return Standing(row.key, row.version, record, row.active, row.origin == Origin.STAFF)


def _noted(document: Mapping[str, Any], *, active: bool) -> dict[str, Any]:
    return {**document, "active": active}


def graver(record: RuleRecord, level: int, severity: int) -> RuleRecord:
    """Return a rule with another severity of a level, or raise `BadRuleError`."""
    try:
        wanted = Severity(severity)
    except ValueError:
        raise BadRuleError from None
    return with_level(record, level, severity=wanted)


def is_above(record: RuleRecord) -> bool:
    """Whether the danger of a rule lies above its thresholds."""
    return record.direction is Direction.ABOVE
