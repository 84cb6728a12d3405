"""A gauge that reports every quarter of an hour, rules for it, and what came of them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text as sql

from bot.application import Application
from services.alarms.reading import RuleBook
from services.alarms.records import RuleRecord
from services.alarms.taking_in import TakenRules
from services.db import stored
from tests.conftest import FRIDAY_NOON
from tests.frames.plain import EUI, LEVEL, Sent, chirpstack, work_off
from tests.rigging import rows_of

STEP = timedelta(minutes=15)
RULE: dict[str, Any] = {
    "id": "mulde",
    "name": {"de": "Wasserstand Mulde", "en": "Level of the Mulde"},
    "quantity": LEVEL,
    "levels": [
        {"severity": "notice", "at": 3.0, "clear": 2.8},
        {"severity": "start", "at": 3.5, "clear": 3.3},
        {"severity": "guard", "at": 4.5, "clear": 4.2},
    ],
}
EMPTIED = (
    "alarm_deed", "alarm", "alarm_change", "alarm_track", "alarm_rule", "raw_uplink", "frame",
    "reading", "rollup_due", "series", "device", "gateway", "uplink_source",
)  # fmt: skip


def record(**changes: Any) -> RuleRecord:
    return RuleRecord.model_validate({**RULE, **changes})


async def take_in(application: Application, *records: RuleRecord) -> TakenRules:
    """Let these be the rules of the region's file."""
    async with application.transaction() as services:
        return await services.alarms.take_in(RuleBook({one.id: one for one in records}))


async def released(application: Application, eui: str = EUI, **columns: Any) -> None:
    """Register a gauge that reports every quarter of an hour."""
    given = {
        "address": eui, "name": "Pegel", "state": "released", "visibility": "internal",
        "profile": "plain", "type": "gauge", "join_eui": "", "serial": "", "model": "",
        "source": "county", "place": "", "water": "", "ars": "", "interval_seconds": 900,
        "created_at": FRIDAY_NOON, "revision": 0, "tags": "",
    }  # fmt: skip
    given |= columns
    names = ", ".join(given)
    marks = ", ".join(f":{name}" for name in given)
    sqlite = application.database.engine.dialect.name == "sqlite"
    values = {
        name: stored(value) if sqlite and isinstance(value, datetime) else value
        for name, value in given.items()
    }
    async with application.database.write.begin() as session:
        await session.execute(sql(f"INSERT INTO device ({names}) VALUES ({marks})"), values)  # noqa: S608


def level(number: int, metres: float, **more: Any) -> Sent:
    """Return the message of a gauge: its number counts quarters of an hour up to noon."""
    payload = round(metres * 100).to_bytes(2, "big")
    return chirpstack(at(number), number + 1000, payload, **more)


def at(number: int) -> datetime:
    return FRIDAY_NOON - timedelta(hours=10) + number * STEP


async def report(application: Application, *metres: float, first: int = 0) -> None:
    """Let a gauge report these levels one after the other, each in its own batch."""
    for number, one in enumerate(metres, first):
        await work_off(application, level(number, one))


async def alarms(application: Application, kind: str = "value") -> list[dict[str, Any]]:
    return [row for row in await rows_of(application, "alarm") if row["kind"] == kind]


async def log(application: Application) -> list[tuple[str, int, int]]:
    """Return what the log says, at which quarter of an hour, and the level afterwards."""
    rows = sorted(await rows_of(application, "alarm_change"), key=lambda row: row["time"])
    return [(row["what"], round((row["time"] - at(0)) / STEP), row["after"]) for row in rows]


async def deeds(application: Application) -> list[str]:
    return [row["what"] for row in await rows_of(application, "alarm_deed")]


async def empty(application: Application) -> None:
    async with application.database.write.begin() as session:
        for table in EMPTIED:
            await session.execute(sql(f"DELETE FROM {table}"))  # noqa: S608


async def outcome(application: Application, batches: Sequence[Sequence[Sent]]) -> str:
    """Return the log and the episodes after batches, without what only numbers or times them."""
    for batch in batches:
        await work_off(application, *batch)
    return await everything(application)


async def everything(application: Application) -> str:
    changes = [
        (row["rule_key"], row["time"].isoformat(), row["what"], row["after"], row["value"])
        for row in await rows_of(application, "alarm_change")
    ]
    episodes = [
        (row["rule_key"], row["began_at"].isoformat(), str(row["ended_at"]), row["highest"])
        for row in await alarms(application)
        if row["end"] != "withdrawn"
    ]
    return json.dumps([sorted(changes), sorted(episodes)], indent=1)
