"""The figures of a month from what is stored: alarms, what was done with them, outages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import looking, watching
from services.alarms.model import Alarm, AlarmDeed, Kind
from services.alarms.rules.monthly import Episode, Month, Outage, month
from services.alarms.rules.records import Severity
from services.devices.model import Device

TAKEN, HANDED_ON = "acknowledged", "escalated"
GATEWAYS = "gateway"
"""Stands for a type of device where a gateway itself was gone."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """The figures of a month, and what its rules are called in German and English."""

    figures: Month
    names: Mapping[str, Mapping[str, str]]


async def monthly(
    session: AsyncSession, since: datetime, until: datetime, now: datetime
) -> Monthly:
    """Return the figures of a time; exercises and what was withdrawn stand for themselves."""
    episodes = await _episodes(session, since, until)
    outages = await _outages(session, since, until)
    documents = await looking.newest_rules(session, {one.rule for one in episodes})
    names = {key: name for key, one in documents.items() if isinstance(name := one["name"], dict)}
    return Monthly(month(episodes, outages, since=since, until=until, now=now), names)


async def _episodes(session: AsyncSession, since: datetime, until: datetime) -> Sequence[Episode]:
    began = (Alarm.began_at >= since, Alarm.began_at < until, looking.NOT_OWN)
    judged = await _judged(session, since, until)
    query = select(
        Alarm.id, Alarm.kind, Alarm.rule_key, Alarm.highest, Alarm.began_at, Alarm.ended_at,
        Alarm.end, Alarm.exercise,
    )  # fmt: skip
    return [
        Episode(
            kind=row.kind,
            rule=row.rule_key,
            highest=Severity(row.highest),
            began=row.began_at,
            ended=row.ended_at,
            withdrawn=row.end == "withdrawn",
            exercise=row.exercise,
            taken_on=judged.get(row.id),
        )
        for row in await session.execute(query.where(*began))
    ]


async def _judged(session: AsyncSession, since: datetime, until: datetime) -> dict[int, bool]:
    """Return which alarms were taken on (True) before others were brought in (False)."""
    first = func.min(AlarmDeed.at, type_=AlarmDeed.at.type)
    query = (
        select(AlarmDeed.alarm_id, AlarmDeed.what)
        .join(Alarm, Alarm.id == AlarmDeed.alarm_id)
        .where(Alarm.began_at >= since, Alarm.began_at < until, looking.NOT_OWN)
        .where(AlarmDeed.what.in_((TAKEN, HANDED_ON)))
        .group_by(AlarmDeed.alarm_id, AlarmDeed.what)
        .order_by(first)
    )
    found: dict[int, bool] = {}
    for number, what in await session.execute(query):
        found.setdefault(number, what == TAKEN)
    return found


async def _outages(session: AsyncSession, since: datetime, until: datetime) -> list[Outage]:
    """Return when devices and gateways were not heard, from what they sent last."""
    begin = func.coalesce(Alarm.value_at, Alarm.began_at, type_=Alarm.began_at.type)
    query = (
        select(Alarm.id, Alarm.kind, Alarm.about, Alarm.device_id, begin, Alarm.ended_at)
        .where(Alarm.kind.in_((Kind.OFFLINE, Kind.GATEWAY)), Alarm.exercise.is_(False))
        .where(begin < until, or_(Alarm.ended_at.is_(None), Alarm.ended_at > since))
    )
    rows = (await session.execute(query)).all()
    explained = await watching.explained(session, [row[0] for row in rows])
    silent = {row[3] for row in rows if row[3] is not None}.union(*explained.values())
    kinds = await _types(session, silent)
    found: list[Outage] = []
    for number, kind, about, device, gone, back in rows:
        if kind == Kind.GATEWAY:
            found.append(Outage(GATEWAYS, about, gone, back))
        else:
            found.append(Outage(kinds.get(device or 0, ""), str(device), gone, back))
        found += [
            Outage(kinds.get(one, ""), str(one), gone, back) for one in explained.get(number, ())
        ]
    return found


async def _types(session: AsyncSession, devices: set[int]) -> Mapping[int, str]:
    if not devices:
        return {}
    query = select(Device.id, Device.type).where(Device.id.in_(devices))
    return {row.id: row.type for row in await session.execute(query)}
