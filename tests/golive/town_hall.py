"""What happens in a town hall, in words: people wish, clerks announce, feeds deliver."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.wiring import Services
from services.chats.model import News as NewsMode
from services.db import Base
from services.golive.model import Batch, OnlineFact
from services.outbox.model import OutboxMessage, Status
from services.staff.rules import Actor, Role
from services.subscriptions.model import EVERYTHING
from tests.county import County, Person

COUNTY = "15082"
STATE = "15"
KOETHEN = "150820180180"
ZERBST = "150820430430"
SUEDLICHES_ANHALT = "150820377377"
DOG = "hund-anmelden"
MOVE = "wohnsitz-anmelden"
BUILD = "baugenehmigung"
LINK = "https://www.koethen-anhalt.de/hund"
OTHER_LINK = "https://www.koethen-anhalt.de/anders"
SABINE = 2001


async def rows(county: County, model: type[Base]) -> Sequence[Any]:
    """Return all rows of a table, oldest first."""
    async with county.application.database.read() as session:
        return (await session.scalars(select(model).order_by(*model.__table__.primary_key))).all()


async def facts(county: County) -> list[tuple[str, str, str]]:
    """Return what is online now: service, area, evidence."""
    return sorted(
        (fact.service_id, fact.area, fact.evidence)
        for fact in await rows(county, OnlineFact)
        if fact.offline_since is None
    )


async def waiting_news(county: County) -> list[OutboxMessage]:
    """Return the go-live messages that will still leave."""
    return [
        row
        for row in await rows(county, OutboxMessage)
        if row.text_key == "golive.news" and row.status == Status.QUEUED
    ]


async def wishes(
    county: County,
    person: int,
    *services: str,
    town: str | None = KOETHEN,
    weekly: bool = False,
) -> Person:
    """Return somebody who waits for services (for everything, when none is named)."""
    async with county.application.transaction() as house:
        await _wish(house, person, services, town, weekly=weekly)
    return county.citizen(person)


async def _wish(
    house: Services,
    person: int,
    services: Sequence[str],
    town: str | None,
    *,
    weekly: bool = False,
) -> None:
    chat = await house.chats.meet(person, "private", "de")
    chat.municipality = town
    if weekly:
        await house.chats.want_news(chat, NewsMode.WEEKLY)
    for service in services or (EVERYTHING,):
        await house.subscriptions.subscribe(chat, service)


async def crowd(county: County, count: int, *services: str, town: str | None = KOETHEN) -> None:
    """Let many people wait, with the numbers 5001, 5002, …."""
    async with county.application.transaction() as house:
        for number in range(1, count + 1):
            await _wish(house, 5000 + number, services, town)


async def actor(house: Services, person: int) -> Actor:
    """Return who somebody is to the use cases."""
    chat = await house.chats.meet(person, "private", "de")
    return await house.staff.actor(chat.id)


async def clerk(house: Services, person: int) -> Actor:
    """Return somebody with the rights of the county; they get them when they have none."""
    who = await actor(house, person)
    if who.grants:
        return who
    chat = await house.chats.meet(person, "private", "de")
    code = await house.staff.invite(None, role=Role.ADMIN, area=COUNTY, label=f"Platz {person}")
    await house.staff.enrol(chat.id, code)
    return await actor(house, person)


async def _proposes(
    house: Services, service: str, area: str, url: str | None, *, online: bool, by: int
) -> Batch:
    who = await clerk(house, by)
    return await house.golive.propose(who, service_id=service, area=area, url=url, online=online)


async def proposes(
    county: County,
    service: str = DOG,
    area: str = KOETHEN,
    url: str | None = LINK,
    *,
    online: bool = True,
    by: int = SABINE,
) -> int:
    """Let a clerk prepare news; return the number of the batch."""
    async with county.application.transaction() as house:
        return (await _proposes(house, service, area, url, online=online, by=by)).id


async def confirms(county: County, batch: int, by: int = SABINE) -> Batch:
    """Let a clerk publish a batch."""
    async with county.application.transaction() as house:
        return (await house.golive.confirm(await actor(house, by), batch)).batch


async def announces(
    county: County,
    service: str = DOG,
    area: str = KOETHEN,
    url: str | None = LINK,
    *,
    online: bool = True,
) -> int:
    """Let a clerk prepare and publish news; return the number of the batch."""
    url = url if online else None
    async with county.application.transaction() as house:
        batch = await _proposes(house, service, area, url, online=online, by=SABINE)
        await house.golive.confirm(await actor(house, SABINE), batch.id)
        return batch.id


async def stops(county: County, batch: int, by: int = SABINE) -> int:
    """Let a clerk take news back; return how many messages that were."""
    async with county.application.transaction() as house:
        return await house.golive.stop(await actor(house, by), batch)


async def time_is_over(county: County) -> None:
    """Let the two minutes pass in which news can be stopped, and send what is due."""
    county.clock.forward(minutes=2)
    await county.settle()


async def colleague(county: County, person: int, role: Role, area: str = COUNTY) -> Person:
    """Return somebody with a role."""
    return await county.staff(person, role, area)


def level(number: int | None, area: str = KOETHEN, **more: str) -> dict[str, Any]:
    """Return a line of a record's maturity."""
    row = {"area": area, "model": "1.1", "level": number, "as_of": "2026-01-01", "evidence": "x"}
    return row | more


def online(area: str = KOETHEN, url: str = LINK, status: str = "ok") -> dict[str, str]:
    """Return a line of a record's links."""
    return {"area": area, "url": url, "status": status}


@dataclass
class Feed:
    """Somebody else's catalogue, imported again and again."""

    county: County
    folder: Path
    source: str = "testkreis/feed"

    async def delivers(self, **services: Sequence[dict[str, Any]]) -> int | None:
        """Import services, each with lines of its maturity and its links; return the batch."""
        file = self.folder / "feed.yaml"
        records = [_record(name.replace("_", "-"), lines) for name, lines in services.items()]
        file.write_text(json.dumps({"source": self.source, "services": records}))
        async with self.county.application.transaction() as house:
            report = await house.catalogue.take_in(file)
            assert not report.problems, report.problems
            assert not report.refused, report.refused
            batch = await house.golive.announce_import(report)
            return batch.id if batch else None


def _record(name: str, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    both = {"de": f"Name {name}", "en": f"Title {name}"}
    return {
        "id": name,
        "leika": [],
        "official": name,
        "ozg": None,
        "name": both,
        "summary": both,
        "synonyms": [f"{name} eins", f"{name} zwei", f"{name} drei"],
        "situations": ["umzug"],
        "task": "meldewesen",
        "maturity": [line for line in lines if "level" in line],
        "online": [line for line in lines if "url" in line],
        "review_by": "2027-05-31",
    }
