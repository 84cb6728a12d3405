"""How fast and how fair broadcasts leave, against a local Telegram that insists on its limits.

    python -m benchmarks.broadcast [--people 3000] [--waiting 100000] [--seconds 20]
                                   [--database URL]

The delivery runs as in the bot; the local Telegram (`--strict-limits`) is a process of its own and
counts what it gets. Two parts:

1. A broadcast to distinct people while some others talk with the bot: mean rate, the most the
   receiver got in any second, how often it said 429.
2. Many more messages of a broadcast waiting, and an alarm every 1.5 seconds: from queued to sent.
   Then a burst of 429 for everybody: what is first after it. The baseline is the same alarms
   through the same delivery without lanes: everything in one lane, first come first served.
   It is really run with few waiting (its wait grows with the queue), and reckoned for the whole.

A database given by --database is emptied; else fresh SQLite files are used.
"""

import argparse
import asyncio
import json
import logging
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from aiohttp import ClientSession
from sqlalchemy import func, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from benchmarks.simulator import server
from bot.application import Application
from bot.delivery import Delivery
from bot.dispatcher import renderers
from bot.migrate import upgrade
from bot.run import open_bot
from bot.settings import LOCALES, REGIONS, DatabaseSettings, Settings, TelegramSettings
from bot.tasks import Tasks
from services.chats.model import Chat
from services.db import Base
from services.outbox.model import Lane, OutboxMessage, Status
from services.outbox.service import Reply
from services.region.service import load_region
from services.text import load_texts

TOKEN = "42:DEMO"  # noqa: S105 - the local Telegram takes any
REGION = REGIONS / "anhalt-bitterfeld"
FIRST_PERSON = 1_000_000
TALKERS, ALARMED = 40, 60
TALK_PAUSE = 1.0
ALARM_PAUSE = 1.5
BURST, RETRY_AFTER = 6, 3
KEY = "golive.dropped"
"""A text without parameters: what it says does not matter here."""
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Bench:
    """A house with a running delivery, and the local Telegram it sends to."""

    house: Application
    delivery: Delivery
    http: ClientSession
    address: str

    async def sim(self, path: str, body: Any = None) -> Any:
        """Ask the local Telegram's control API."""
        method = "GET" if body is None else "POST"
        async with self.http.request(method, f"{self.address}/sim/{path}", json=body) as response:
            assert response.status == 200, await response.text()  # noqa: PLR2004
            return await response.json()

    async def count(self, *conditions: Any) -> int:
        async with self.house.database.read() as session:
            query = select(func.count(OutboxMessage.id)).where(*conditions)
            return await session.scalar(query) or 0

    async def until_none(self, *conditions: Any) -> None:
        """Wait until no message fulfils the conditions."""
        while await self.count(*conditions):  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.5)


def people_file(folder: Path, people: int) -> Path:
    """Write a world in which so many people have a chat with the bot."""
    world = folder / "world.json"
    persons = [
        {"id": FIRST_PERSON + number, "first_name": f"P{number}", "language_code": "de"}
        for number in range(people)
    ]
    world.write_text(json.dumps({"people": persons, "chats": []}), encoding="utf-8")
    return world


@asynccontextmanager
async def bench(url: str, folder: Path, people: int) -> AsyncIterator[Bench]:
    """Yield an empty house with a delivery beside a fresh local Telegram."""
    world = people_file(folder, people)
    options = ("-m", "simulator", "--port", "0", "--load", "--strict-limits", "--token", TOKEN)
    async with server(*options, "--world", str(world)) as local, ClientSession() as http:
        address = f"http://127.0.0.1:{local.port}"
        telegram = TelegramSettings(token=TOKEN, api_url=address)  # type: ignore[arg-type]
        database = DatabaseSettings(url=url)
        settings = Settings(
            _env_file=None, region=str(REGION), telegram=telegram, database=database
        )
        region = load_region(REGION)
        house = Application(settings, region)
        try:
            await upgrade(house.database)
            async with house.database.engine.begin() as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    await connection.execute(table.delete())
            texts = load_texts(LOCALES, region.zone)
            async with open_bot(settings) as bot, Tasks() as tasks:
                delivery = Delivery(house.work, bot, texts, renderers(), tasks)
                made = Bench(house, delivery, http, address)
                await meet(made, people)
                tasks.start(delivery.run(), "delivery")
                yield made
                await delivery.finish()
        finally:
            await house.close()


async def meet(bench: Bench, people: int) -> None:
    """Have everybody start the bot, and remember them."""
    now = bench.house.work.house.clock()
    numbers = [FIRST_PERSON + number for number in range(people)]
    for start in range(0, people, 50):
        await asyncio.gather(
            *(
                bench.sim(f"people/{number}/chats/{number}/send", {"text": "/start"})
                for number in numbers[start : start + 50]
            )
        )
    rows = [
        {"telegram_id": number, "kind": "private", "language": "de", "created_at": now}
        for number in numbers
    ]
    async with bench.house.transaction() as services:
        await services.outbox.session.execute(insert(Chat), rows)


async def chats(bench: Bench) -> Sequence[int]:
    """Return our numbers of everybody, in order."""
    async with bench.house.database.read() as session:
        return (await session.scalars(select(Chat.id).order_by(Chat.telegram_id))).all()


async def queue(bench: Bench, who: Sequence[int], lane: Lane, count: int) -> None:
    """Queue so many messages of a lane, to each in turn."""
    now = bench.house.work.house.clock()
    async with bench.house.transaction() as services:
        for start in range(0, count, ROWS_AT_ONCE):
            rows = [
                {
                    "chat_id": who[number % len(who)],
                    "lane": lane,
                    "text_key": KEY,
                    "params": {},
                    "status": Status.QUEUED,
                    "not_before": now,
                    "created_at": now,
                    "attempts": 0,
                }
                for number in range(start, min(start + ROWS_AT_ONCE, count))
            ]
            await services.outbox.session.execute(insert(OutboxMessage), rows)


async def talk(bench: Bench, who: Sequence[int]) -> None:
    """Answer somebody each second, as the worker would."""
    for number in range(10**9):
        async with bench.house.transaction() as services:
            answer = Reply("SendMessage", {"text": f"Antwort {number}"})
            await services.outbox.reply(who[number % len(who)], [answer])
        await asyncio.sleep(TALK_PAUSE)


async def alarm(bench: Bench, who: Sequence[int], lane: Lane) -> None:
    """Queue an alarm every so often, to others than the broadcast goes to."""
    for number in range(10**9):
        async with bench.house.transaction() as services:
            await services.outbox.tell(
                who[number % len(who)], KEY, dedup_key=f"alarm:{number}", lane=lane
            )
        await asyncio.sleep(ALARM_PAUSE)


@asynccontextmanager
async def beside(work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Do something for as long as the block runs."""
    async with Tasks() as tasks:
        tasks.start(work(), "beside")  # type: ignore[arg-type]
        yield


async def first_part(url: str, folder: Path, people: int) -> None:
    """Send a broadcast to distinct people, with some conversation beside it."""
    async with bench(url, folder, people + TALKERS) as made:
        everybody = await chats(made)
        readers, talkers = everybody[:people], everybody[people:]
        await made.sim("limits", {"reset": True})
        broadcast = OutboxMessage.lane == Lane.BROADCAST
        start = made.house.work.house.clock()
        async with beside(lambda: talk(made, talkers)):
            await queue(made, readers, Lane.BROADCAST, people)
            await made.until_none(broadcast, OutboxMessage.status != Status.SENT)
            async with made.house.database.read() as session:
                end = await session.scalar(select(func.max(OutboxMessage.sent_at)))
            seconds = (end - start).total_seconds()
        limits = await made.sim("limits")
        talked = await made.count(OutboxMessage.lane == Lane.CONVERSATION)
        doubtful = await made.count(OutboxMessage.unknown_at.is_not(None))
    print(f"1. broadcast to {people} people, {talked} answers beside it")
    print(f"   mean rate of the broadcast  {people / seconds:8.2f} messages/s")
    print(f"   largest second, receiver    {limits['largest_second']:8}   (never over 30)")
    print(f"   429                         {limits['refused']:8}   (none)")
    print(f"   accepted by the receiver    {limits['accepted']:8}   doubtful: {doubtful}")


async def waits(bench: Bench) -> list[float]:
    """Return how long each alarm took from queued to sent, in seconds."""
    key, sent = OutboxMessage.dedup_key, OutboxMessage.sent_at
    async with bench.house.database.read() as session:
        columns: tuple[InstrumentedAttribute[Any], ...] = (OutboxMessage.created_at, sent)
        rows = await session.execute(
            select(*columns).where(key.like("alarm:%"), sent.is_not(None))
        )
        return sorted((row[1] - row[0]).total_seconds() for row in rows)


def shown(found: Sequence[float]) -> str:
    """Return the middle, the 99th percentile and the longest."""
    if not found:
        return "none was sent"
    last = found[min(len(found) - 1, int(len(found) * 0.99))]
    middle = statistics.median(found)
    return f"p50 {middle:7.3f} s  p99 {last:7.3f} s  max {found[-1]:7.3f} s  of {len(found)}"


async def second_part(url: str, folder: Path, waiting: int, seconds: float) -> None:
    """Let alarms overtake a long broadcast."""
    people = 2000
    async with bench(url, folder, people + ALARMED) as made:
        everybody = await chats(made)
        readers, alarmed = everybody[:people], everybody[people:]
        await queue(made, readers, Lane.BROADCAST, waiting)
        await made.sim("limits", {"reset": True})
        async with beside(lambda: alarm(made, alarmed, Lane.ALARM)):
            await asyncio.sleep(seconds)
        await asyncio.sleep(1)
        limits = await made.sim("limits")
        sent = await made.count(
            OutboxMessage.lane == Lane.BROADCAST, OutboxMessage.status == Status.SENT
        )
        print(f"2. {waiting} waiting, an alarm every {ALARM_PAUSE} s for {seconds:.0f} s")
        print(f"   alarms with lanes    {shown(await waits(made))}")
        print(f"   beside them          {sent / (seconds + 1):.1f} broadcasts/s")
        print(f"   largest second {limits['largest_second']}, 429: {limits['refused']}")
        await after_burst(made, alarmed[0])


async def after_burst(bench: Bench, chat: int) -> None:
    """Refuse everything for a while; an alarm queued meanwhile shall be the first to leave."""
    fault = {"burst": BURST, "retry_after": RETRY_AFTER, "times": 1}
    await bench.sim("faults", {"seed": 1, "faults": {"too_many_requests": fault}})
    while not bench.delivery.limits.all_paused:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.01)
    paused = bench.house.work.house.clock()
    async with bench.house.transaction() as services:
        await services.outbox.tell(chat, KEY, dedup_key="first-after", lane=Lane.ALARM)
    await asyncio.sleep(BURST * (RETRY_AFTER + 1))
    refused = (await bench.sim("faults"))["injected"]["too_many_requests"]
    async with bench.house.database.read() as session:
        order = select(OutboxMessage.dedup_key, OutboxMessage.sent_at).where(
            OutboxMessage.sent_at > paused
        )
        rows = (await session.execute(order.order_by(OutboxMessage.sent_at))).all()
    place = next((n for n, row in enumerate(rows, 1) if row.dedup_key == "first-after"), None)
    wait = next((row.sent_at - paused for row in rows if row.dedup_key == "first-after"), None)
    print(
        f"   after {refused} refusals (retry_after {RETRY_AFTER} s) the alarm is number {place}"
        f" to leave, {wait.total_seconds() if wait else -1:.2f} s after the pause began"
    )


async def baseline(url: str, folder: Path, waiting: int, whole: int) -> None:
    """Send the same alarms in the broadcast's own lane, behind what waits there."""
    people = 1000
    async with bench(url, folder, people + ALARMED) as made:
        everybody = await chats(made)
        await queue(made, everybody[:people], Lane.BROADCAST, waiting)
        async with beside(lambda: alarm(made, everybody[people:], Lane.BROADCAST)):
            await asyncio.sleep(waiting / 24)
        await made.until_none(OutboxMessage.status.in_((Status.QUEUED, Status.SENDING)))
        found = await waits(made)
    print(f"   baseline, one queue  {shown(found)}, really run with {waiting} waiting")
    print(f"   baseline, reckoned   {whole / 25:7.0f} s for an alarm behind {whole} at 25/s")


async def run(arguments: argparse.Namespace) -> None:
    """Run both parts and the baseline, each with a database and a local Telegram of its own."""
    for number, part in enumerate(
        (
            lambda url, folder: first_part(url, folder, arguments.people),
            lambda url, folder: second_part(url, folder, arguments.waiting, arguments.seconds),
            lambda url, folder: baseline(
                url, folder, min(300, arguments.waiting), arguments.waiting
            ),
        )
    ):
        with tempfile.TemporaryDirectory() as folder:
            url = arguments.database or f"sqlite:///{folder}/{number}.db"
            await part(url, Path(folder))


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--database", help="address of a database to be emptied for this")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with suppress(KeyboardInterrupt):
        asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
