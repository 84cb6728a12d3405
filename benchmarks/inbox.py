"""From the inbox to the committed answer: presses and questions a second, beside bare SQL.

    python benchmarks/inbox.py [--updates 600] [--database URL]

Ours is the real worker with the real handlers: a press that shows a service's card, a question
that was asked before, a question nobody asked before. The baseline is SQLAlchemy Core writing the
same rows by the same statements, with nothing to understand and nothing to put into words: once a
transaction for each update, as a plain bot would, and for honesty also grouped as we group them.
All run in turns on the same database; a database given by --database is emptied.
"""

import argparse
import asyncio
import gc
import itertools
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from golive_fanout import open_house
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.application import Application
from bot.intake import store
from bot.run import build
from bot.settings import LOCALES
from bot.tasks import Tasks
from bot.understanding import open_understanders
from bot.worker import Worker
from handlers.buttons.citizens import ShowService
from services.catalogue.model import CatalogueRevision
from services.chats.model import Chat
from services.golive.model import OnlineFact
from services.inbox.model import InboxUpdate
from services.outbox.model import OutboxMessage
from services.staff.model import StaffMember, StaffRole
from services.statistics.model import Usage
from services.text import load_texts

PEOPLE = 500
FIRST_PERSON = 1_000_000
ROUNDS = 3
GROUP = 16
LOADING_SECONDS = 600
TARGET_RATE, TARGET_RATIO = 400, 0.5
QUESTIONS = ("Hund anmelden", "umgezogen", "neuer Personalausweis", "Führerschein verloren")


class Silent(BaseSession):
    """Telegram that takes everything at once."""

    async def make_request(self, *_: Any, **__: Any) -> Any:
        return True

    async def stream_content(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("nothing is downloaded here")

    async def close(self) -> None:
        """Nothing is open."""


class Clock:
    """Jumps between rounds, so that nobody is too fast."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 11, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Bench:
    """A house with people in it, and the numbers of updates."""

    house: Application
    worker: Worker
    clock: Clock
    times: int
    service: str
    numbers: itertools.count

    def press(self, number: int) -> dict[str, Any]:
        person = FIRST_PERSON + number % PEOPLE
        shown = {"message_id": 1, "date": 1, "chat": _chat(person), "text": "…"}
        data = ShowService(service_id=self.service).pack()
        query = {"id": str(number), "from": _user(person), "chat_instance": "1", "data": data}
        return {"update_id": number, "callback_query": {**query, "message": shown}}

    def cached(self, number: int) -> dict[str, Any]:
        return self.words(number, QUESTIONS[number % len(QUESTIONS)])

    def new(self, number: int) -> dict[str, Any]:
        return self.words(number, f"{QUESTIONS[number % len(QUESTIONS)]} nummer {number}")

    def words(self, number: int, text: str) -> dict[str, Any]:
        person = FIRST_PERSON + number % PEOPLE
        message = {"message_id": number, "date": 1, "chat": _chat(person), "from": _user(person)}
        return {"update_id": number, "message": {**message, "text": text}}

    async def receive(self, make: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
        """Put updates into the inbox, two minutes after those before."""
        self.clock.now += timedelta(minutes=2)
        made = [make(next(self.numbers)) for _ in range(self.times)]
        for start in range(0, self.times, 100):
            await store(self.house.work, made[start : start + 100])
        return made

    async def rate(
        self,
        make: Callable[[int], dict[str, Any]],
        work: Callable[[Sequence[dict[str, Any]]], Awaitable[None]],
    ) -> float:
        """Return updates a second."""
        made = await self.receive(make)
        started = time.perf_counter()
        await work(made)
        seconds = time.perf_counter() - started
        open_ = select(func.count()).where(InboxUpdate.state == "new")
        async with self.house.database.read() as session:
            assert await session.scalar(open_) == 0
        return self.times / seconds

    async def ours(self, _made: Sequence[dict[str, Any]]) -> None:
        await self.worker.work_off()


class Core:
    """The same rows by the same statements, without anything around them."""

    def __init__(self, bench: Bench, payload: dict[str, Any], *, counts: bool) -> None:
        self.bench = bench
        self.payload = payload
        self.counts = counts
        self.engine = bench.house.database.engine
        dialect = sqlite if self.engine.dialect.name == "sqlite" else postgresql
        self.usage = dialect.insert(Usage).on_conflict_do_update(
            index_elements=["day", "event", "pseudonym"], set_={"count": Usage.count + 1}
        )
        inbox, expanding = InboxUpdate.__table__, {"expanding": True}
        self.finish = (
            update(inbox)
            .where(inbox.c.update_id.in_(bindparam("ids", **expanding)), inbox.c.state == "new")
            .values(state="done")
            .returning(inbox.c.update_id)
        )
        self.chat = select(Chat.__table__).where(
            Chat.telegram_id.in_(bindparam("people", **expanding))
        )
        self.roles = (
            select(StaffMember.chat_id, StaffRole.__table__)
            .join(StaffRole, StaffRole.staff_id == StaffMember.id)
            .where(StaffMember.chat_id.in_(bindparam("chats", **expanding)))
        )
        span = (inbox.c.received_at > bindparam("since")) & (
            inbox.c.update_id <= bindparam("last")
        )
        self.pace = (
            select(inbox.c.person_id, func.count())
            .where(span, inbox.c.person_id.in_(bindparam("people", **expanding)))
            .group_by(inbox.c.person_id)
        )
        self.overall = select(func.count()).select_from(inbox).where(span)
        self.revision = select(CatalogueRevision.revision)
        self.facts = select(OnlineFact.__table__).where(
            OnlineFact.service_id == bindparam("service"), OnlineFact.offline_since.is_(None)
        )
        chat = Chat.__table__
        self.look = (
            update(chat)
            .where(chat.c.id == bindparam("chat"))
            .values(last_service=bindparam("service"))
        )
        self.reply = insert(OutboxMessage.__table__)

    async def one_by_one(self, made: Sequence[dict[str, Any]]) -> None:
        """One transaction for each update."""
        for one in made:
            async with self.engine.begin() as connection:
                await self.group(connection, [one])

    async def grouped(self, made: Sequence[dict[str, Any]]) -> None:
        """One transaction for each sixteen."""
        for start in range(0, len(made), GROUP):
            async with self.engine.begin() as connection:
                await self.group(connection, made[start : start + GROUP])

    async def group(self, connection: AsyncConnection, made: Sequence[dict[str, Any]]) -> None:
        """Run what these updates need, each statement once for all of them where it can be."""
        now, ids = self.bench.clock(), [one["update_id"] for one in made]
        people = [FIRST_PERSON + number % PEOPLE for number in ids]
        span = {"since": now - timedelta(minutes=1), "last": ids[-1]}
        (await connection.execute(self.finish, {"ids": ids})).all()
        chats = [row.id for row in await connection.execute(self.chat, {"people": people})]
        (await connection.execute(self.roles, {"chats": chats})).all()
        (await connection.execute(self.pace, {**span, "people": people})).all()
        await connection.scalar(self.overall, span)
        await connection.scalar(self.revision)
        for _ in made:
            (await connection.execute(self.facts, {"service": self.bench.service})).all()
        service = {"service": self.bench.service}
        await connection.execute(self.look, [{"chat": chat, **service} for chat in chats])
        if self.counts:
            used = {"day": now.date(), "event": "answered", "count": 1}
            rows = [{**used, "pseudonym": f"{person:016}"} for person in people]
            await connection.execute(self.usage, rows)
        plain = {"lane": 0, "status": "queued", "attempts": 0, "method": "EditMessageText"}
        reply = {**plain, "payload": self.payload, "not_before": now, "created_at": now}
        await connection.execute(self.reply, [{**reply, "chat_id": chat} for chat in chats])


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Erika", "language_code": "de"}


def _chat(person: int) -> dict[str, Any]:
    return {"id": person, "type": "private", "first_name": "Erika"}


async def populate(house: Application, clock: Clock) -> str:
    """Let everybody have been here before; return the service they look at."""
    town = house.region.municipalities[0].ars
    row = {"kind": "private", "language": "de", "municipality": town, "created_at": clock()}
    async with house.transaction() as services:
        people = [{**row, "telegram_id": FIRST_PERSON + number} for number in range(PEOPLE)]
        await services.chats.session.execute(insert(Chat), people)
        return min((await services.catalogue.snapshot()).services)


async def compare(name: str, url: str, times: int) -> bool:
    """Measure on one database, print, and return whether the target is met."""
    async with open_house(url) as house, Tasks() as tasks, AsyncExitStack() as stack:
        clock = Clock()
        house.work.house = replace(house.work.house, clock=clock)
        service = await populate(house, clock)
        bot = Bot("42:TEST", session=Silent())
        texts = load_texts(LOCALES, ZoneInfo("Europe/Berlin"))
        understanders = stack.enter_context(closing(open_understanders(house)))
        async with house.work.reading() as services:
            await understanders.ready(await services.catalogue.snapshot(), LOADING_SECONDS)
        gc.freeze()  # as the bot does it
        print(f"{name}, understanding: {understanders.state()}", flush=True)
        worker, _ = build(house, bot, texts, tasks, understanders)
        bench = Bench(house, worker, clock, times, service, itertools.count(1))
        await bench.rate(bench.press, bench.ours)
        async with house.database.read() as session:
            payload = await session.scalar(select(OutboxMessage.payload).limit(1))
        await bench.rate(bench.cached, bench.ours)
        assert "inline_keyboard" in json.dumps(payload), "a whole card"
        met = True
        for kind, make, counts in (
            ("press", bench.press, False),
            ("cached question", bench.cached, True),
            ("new question", bench.new, True),
        ):
            core = Core(bench, payload or {}, counts=counts)
            rounds = [
                [
                    await bench.rate(make, work)
                    for work in (bench.ours, core.one_by_one, core.grouped)
                ]
                for _ in range(ROUNDS)
            ]
            ours, plain, grouped = (sorted(one)[ROUNDS // 2] for one in zip(*rounds, strict=True))
            print(
                f"{name}, {kind:16} {ours:7,.0f}/s; Core, a transaction each {plain:7,.0f}/s,"
                f" ratio {ours / plain:5.2f}; Core, grouped {grouped:7,.0f}/s,"
                f" ratio {ours / grouped:5.2f}",
                flush=True,
            )
            if make != bench.new:
                met = met and ours >= TARGET_RATE and ours >= TARGET_RATIO * plain
        return met


async def main(times: int, postgresql_url: str | None) -> None:
    """Measure on every database there is."""
    with tempfile.TemporaryDirectory() as folder:
        met = await compare("SQLite", f"sqlite:///{folder}/inbox.db", times)
    if postgresql_url:
        met = await compare("PostgreSQL", postgresql_url, times) and met
    target = f"at least {TARGET_RATE}/s and {TARGET_RATIO} of Core with a transaction each"
    print(f"target ({target}): {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=600)
    parser.add_argument("--database", help="address of a database to be emptied for this")
    given = parser.parse_args()
    asyncio.run(main(given.updates, given.database))
