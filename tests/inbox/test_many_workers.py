"""Several workers on one database: nobody is answered twice, out of order, or by two at once."""

import asyncio
import random
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import TelegramMethod

from bot.application import Application
from bot.run import build
from bot.tasks import Tasks
from bot.worker import Worker
from handlers.messages import say
from services.chats.model import Chat
from services.text import Texts
from tests.county import County
from tests.inbox.test_worker import message
from tests.rigging import eventually, inbox, outbox, rows_of, teach

ROOT = Path(__file__).resolve().parent.parent.parent
CLAIM_AND_HANG = """
import asyncio, sys
from bot.application import Application
from bot.settings import DatabaseSettings, Settings
from services.region.service import load_region
from pathlib import Path
async def main():
    settings = Settings(_env_file=None, database=DatabaseSettings(url=sys.argv[1]))
    house = Application(settings, load_region(Path(sys.argv[2])))
    async with house.transaction() as services:
        turn = await services.inbox.claim(16)
        await services.inbox.finish([row.update_id for row in turn.together])
        print(len(turn.together), flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.fixture
def county_with_many(county: County) -> County:
    if county.application.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    return county


@asynccontextmanager
async def workers(county: County, texts: Texts, number: int) -> AsyncIterator[list[Worker]]:
    """Yield workers like those of other machines: each with a database connection of its own."""
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(Tasks())
        found = []
        for _ in range(number):
            house = county.application
            other = Application(house.settings, house.region, county.clock)
            stack.push_async_callback(other.close)
            understanders = county.worker.ahead.understanders
            worker, _ = build(other, county.worker.bot, texts, tasks, understanders)
            worker.dispatcher = county.worker.dispatcher
            found.append(worker)
        yield found


class Witness:
    """Notes who is handled when, takes its time, and breaks off now and then."""

    def __init__(self, seed: int, *, failures: float = 0.0) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a test's dice
        self.failures = failures
        self.busy: Counter[int] = Counter()
        self.at_once = 0

    async def handle(self, message: Any, chat: Chat) -> TelegramMethod[Any]:
        self.busy[chat.telegram_id] += 1
        self.at_once = max(self.at_once, self.busy[chat.telegram_id])
        try:
            await asyncio.sleep(self.random.choice((0, 0, 0.001, 0.004)))
            if self.random.random() < self.failures:
                raise RuntimeError("on purpose")
        finally:
            self.busy[chat.telegram_id] -= 1
        return say(chat.telegram_id, f"{message.message_id}")


async def answers(county: County) -> dict[int, list[int]]:
    """Return the numbers of the updates that were answered, by person."""
    chats = {row["id"]: row["telegram_id"] for row in await rows_of(county.application, "chat")}
    found: dict[int, list[int]] = defaultdict(list)
    for row in await outbox(county):
        found[chats[row["chat_id"]]].append(int(row["payload"]["text"]))
    return found


@pytest.mark.parametrize("number", [2, 3])
async def test_each_update_is_answered_once_and_in_its_person_s_order(
    county_with_many: County, texts: Texts, number: int
) -> None:
    county, witness = county_with_many, Witness(number)
    teach(county, eins=witness.handle)
    dice = random.Random(number)  # noqa: S311 - see above
    sent: dict[int, list[int]] = defaultdict(list)
    updates = []
    for update_id in range(150):
        person = dice.randint(1, 12)
        sent[person].append(update_id)
        updates.append(message(county, person, "eins", number=update_id))
    async with workers(county, texts, number) as found:
        await county.receives(*updates[:100])
        at_work = [asyncio.ensure_future(one.work_off()) for one in found]
        await county.receives(*updates[100:])
        await asyncio.gather(*at_work)
        while sum([await one.work_off() for one in found]):
            pass
    assert await answers(county) == sent
    assert witness.at_once == 1, "nobody is handled by two at once"


async def test_failures_and_workers_that_break_off_double_nothing(
    county_with_many: County, texts: Texts
) -> None:
    county, witness = county_with_many, Witness(5, failures=0.03)
    teach(county, eins=witness.handle)
    dice = random.Random(5)  # noqa: S311 - see above
    people = [dice.randint(1, 9) for _ in range(90)]
    await county.receives(
        *(message(county, person, "eins", number=number) for number, person in enumerate(people))
    )
    async with workers(county, texts, 3) as found:
        for round_ in range(60):
            at_work = [asyncio.ensure_future(one.work_off()) for one in found]
            await asyncio.sleep(dice.choice((0.005, 0.02)))
            if round_ < 10:
                at_work[dice.randrange(3)].cancel()
            await asyncio.gather(*at_work, return_exceptions=True)
            county.clock.forward(seconds=10)
            if {row["state"] for row in await inbox(county)} <= {"done", "failed"}:
                break
    done = {row["update_id"] for row in await inbox(county) if row["state"] == "done"}
    assert len(done) > 80
    answered = await answers(county)
    assert sorted(one for numbers in answered.values() for one in numbers) == sorted(done), (
        "each once, none lost"
    )
    assert all(numbers == sorted(numbers) for numbers in answered.values())
    assert witness.at_once == 1


async def test_an_earlier_update_that_arrives_late_waits_for_the_later_one(
    county_with_many: County, texts: Texts
) -> None:
    county = county_with_many
    go_on, there = asyncio.Event(), asyncio.Event()
    handled: list[int] = []

    async def slow(message: Any, chat: Chat) -> None:
        handled.append(message.message_id)
        there.set()
        await go_on.wait()

    teach(county, eins=slow)
    async with workers(county, texts, 2) as (first, second):
        await county.receives(message(county, 7, "eins", number=20))
        at_work = asyncio.ensure_future(first.work_off())
        await there.wait()
        await county.receives(message(county, 7, "eins", number=10))
        assert await asyncio.wait_for(second.work_off(), 5) == 0
        assert handled == [20]
        go_on.set()
        await at_work
        await second.work_off()
    assert handled == [20, 10]


@pytest.mark.network
@pytest.mark.enable_socket
async def test_what_a_killed_worker_had_is_free_at_once(county_with_many: County) -> None:
    county = county_with_many
    teach(county, eins=Witness(1).handle)
    await county.receives(*(message(county, 7 + n, "eins", number=n) for n in range(5)))
    settings = county.application.settings
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", CLAIM_AND_HANG, settings.database.url, settings.region),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert child.stdout
        assert await asyncio.wait_for(child.stdout.readline(), 30) == b"5\n"
        assert await county.worker.work_off() == 0, "another worker has them"
    finally:
        child.kill()
        await child.wait()

    async def worked() -> bool:
        await county.worker.work_off()
        return {row["state"] for row in await inbox(county)} == {"done"}

    await eventually(worked)
    assert len(await outbox(county)) == 5
