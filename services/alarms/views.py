"""Alarms as people and other features see them: with their rule, device and place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.documents import rule_in
from services.alarms.known import OWN
from services.alarms.model import Alarm, AlarmRule, Kind, OwnThreshold
from services.alarms.records import RuleRecord
from services.alarms.rules.matching import Labels
from services.alarms.rules.records import Direction, Severity, Signal
from services.devices.model import Device, Visibility
from services.readings.model import Series
from services.records import Localised

Row = TypeVar("Row", Device, Series)


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm with everything a message about it needs.

    Attributes:
        kind: value, offline, gateway, doubt or stuck.
        about: the same for the same thing (rule and series, device, gateway).
        name: of the rule; of an alarm of silence None, unless a rule speaks of it.
        labels: for matchers.
        device: name of the device, or of the gateway.
        level: index in `thresholds`; of a stuck sensor the number of equal values.
        thresholds: of all levels, in `unit`.
        unit: UCUM; "" none.
        direction: on which side of the thresholds the danger is.
        signal: what they are compared with: the value, or its change an hour.
        inhibited: something greater explains it.
        frozen: an alarm of silence of the same device is open: nothing new is known.
        in_danger: of an alarm of silence: an alarm of values of the device is open.
        end: why it ended: cleared, withdrawn, rule-changed, device-gone; "" while it is open.
    """

    id: int
    kind: Kind
    about: str
    name: Localised | None
    labels: Labels
    device: str
    place: str
    water: str
    latitude: float | None
    longitude: float | None
    level: int
    severity: Severity
    highest: Severity
    thresholds: tuple[float, ...]
    unit: str
    direction: Direction
    signal: Signal
    value: float | None
    value_at: datetime | None
    began_at: datetime
    level_at: datetime
    ended_at: datetime | None
    end: str
    acknowledged_by: int | None
    acknowledged_at: datetime | None
    escalated: int
    recovering: bool
    flapping: bool
    exercise: bool
    inhibited: bool
    frozen: bool
    in_danger: bool
    public: bool
    own: bool
    """A person's own threshold: told to that person alone."""
    device_id: int | None
    series_id: int | None
    channel: int
    internal: bool = False
    """Only staff may look at the device."""


async def load(session: AsyncSession, alarms: Sequence[Alarm]) -> list[AlarmView]:
    """Return views of alarms, in their order."""
    devices = await _by_id(session, Device, {one.device_id for one in alarms})
    series = await _by_id(session, Series, {one.series_id for one in alarms})
    records = await _records(session, {one.rule_key for one in alarms})
    silent = await _open_of(session, Kind.OFFLINE) if alarms else frozenset()
    missed = any(one.kind == Kind.OFFLINE and one.ended_at is None for one in alarms)
    raised = await _open_of(session, Kind.VALUE) if missed else frozenset()
    return [
        _view(
            one,
            records.get(one.rule_key),
            devices.get(one.device_id or 0),
            series.get(one.series_id or 0),
            frozen=one.kind == Kind.VALUE and one.ended_at is None and one.device_id in silent,
            in_danger=one.kind == Kind.OFFLINE and one.device_id in raised,
        )
        for one in alarms
    ]


async def _open_of(session: AsyncSession, kind: Kind) -> frozenset[int | None]:
    """Return the devices with an open alarm of a kind; exercises and own thresholds aside."""
    query = select(Alarm.device_id).where(
        Alarm.kind == kind,
        Alarm.ended_at.is_(None),
        Alarm.exercise.is_(False),
        not_(Alarm.rule_key.startswith(OWN)),
    )
    return frozenset(await session.scalars(query))


async def _by_id(
    session: AsyncSession, table: type[Row], ids: Collection[int | None]
) -> Mapping[int, Row]:
    known = {one for one in ids if one is not None}
    if not known:
        return {}
    found = await session.scalars(select(table).where(table.id.in_(known)))
    return {one.id: one for one in found}


async def _records(session: AsyncSession, keys: Collection[str]) -> Mapping[str, RuleRecord]:
    """Return the newest version of rules that can be read, active or not."""
    own = {int(key.removeprefix(OWN)) for key in keys if key.startswith(OWN)}
    found: dict[str, RuleRecord] = {}
    if keys:
        query = select(AlarmRule.key, AlarmRule.document).where(AlarmRule.key.in_(keys))
        for key, document in await session.execute(query.order_by(AlarmRule.version)):
            if record := rule_in(document):
                found[key] = record
    if own:
        thresholds = select(OwnThreshold.id, OwnThreshold.document)
        for number, document in await session.execute(thresholds.where(OwnThreshold.id.in_(own))):
            if record := rule_in(document):
                found[f"{OWN}{number}"] = record
    return found


def labels_of(rule_key: str, quantity: str, device: Device | None) -> Labels:
    """Return what an alarm is about, for matchers."""
    if device is None:
        return Labels(rule_key, None, quantity=quantity)
    return Labels(
        rule=rule_key,
        device=device.id,
        type=device.type,
        ars=device.ars,
        quantity=quantity,
        tags=frozenset(device.tags.split()),
    )


def _view(
    alarm: Alarm,
    record: RuleRecord | None,
    device: Device | None,
    series: Series | None,
    *,
    frozen: bool,
    in_danger: bool,
) -> AlarmView:
    weighs = record is not None and record.quantity is not None and alarm.kind == Kind.VALUE
    quantity = series.quantity if series else ""
    return AlarmView(
        id=alarm.id,
        kind=Kind(alarm.kind),
        about=alarm.about,
        name=record.name if record else None,
        labels=labels_of(alarm.rule_key, quantity, device),
        device=device.name if device else alarm.about.partition(":")[2],
        place=device.place if device else "",
        water=device.water if device else "",
        latitude=device.latitude if device else None,
        longitude=device.longitude if device else None,
        level=alarm.level,
        severity=Severity(alarm.severity),
        highest=Severity(alarm.highest),
        thresholds=tuple(one.at for one in record.levels) if record and weighs else (),
        unit=record.unit_of.unit if record and weighs else "",
        direction=record.direction if record else Direction.ABOVE,
        signal=record.signal if record else Signal.VALUE,
        value=alarm.value,
        value_at=alarm.value_at,
        began_at=alarm.began_at,
        level_at=alarm.level_at,
        ended_at=alarm.ended_at,
        end=alarm.end,
        acknowledged_by=alarm.acknowledged_by,
        acknowledged_at=alarm.acknowledged_at,
        escalated=alarm.escalated,
        recovering=alarm.recovering,
        flapping=alarm.flapping,
        exercise=alarm.exercise,
        inhibited=alarm.inhibited,
        frozen=frozen,
        in_danger=in_danger,
        public=bool(record and record.public),
        own=alarm.rule_key.startswith(OWN),
        device_id=alarm.device_id,
        series_id=alarm.series_id,
        channel=series.channel if series else 0,
        internal=device is not None and device.visibility == Visibility.INTERNAL,
    )
