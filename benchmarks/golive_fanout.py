"""How long it takes to queue a message for everybody who waits for a service.

    python benchmarks/golive_fanout.py [--people 50000] [--baseline 2000] [--database URL]

Prints what one confirmed announcement takes (facts, everybody's news and messages, commit) and,
from the same run, the baseline: the same rows written one by one with the ORM for fewer people,
extrapolated. Both run on fresh SQLite files; a database given by --database is emptied.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import event, func, insert, literal, select

from bot.application import Application
from bot.migrate import upgrade
from bot.settings import REGIONS, DatabaseSettings, Settings
from bot.wiring import Services
from services.chats.model import Chat
from services.db import Base
from services.golive.model import Item, News
from services.outbox.model import Lane, OutboxMessage, Status
from services.region.service import load_region
from services.staff.rules import Actor, Role
from services.subscriptions.model import EVERYTHING, Subscription

CLERK = 1
FIRST_PERSON = 1_000_000
REGION = REGIONS / "anhalt-bitterfeld"


@dataclass(frozen=True)
class Figures:
    """What it took to queue messages."""

    people: int
    seconds: float
    statements: int
    messages: int


@asynccontextmanager
async def open_house(url: str, folder: Path = REGION) -> AsyncIterator[Application]:
    """Yield a house with a catalogue, one clerk and nobody who waits."""
    region = load_region(folder)
    settings = Settings(_env_file=None, region=str(folder), database=DatabaseSettings(url=url))
    house = Application(settings, region)
    # Whether a second person agrees and whether the link answers is not measured here.
    policy = replace(house.work.house.policy, second_person_above=10**9, check_links=False)
    house.work.house = replace(house.work.house, policy=policy)
    try:
        await upgrade(house.database)
        async with house.database.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                await connection.execute(table.delete())
        async with house.transaction() as services:
            await services.catalogue.take_in(folder)
            chat = await services.chats.meet(CLERK, "private", "de")
            code = await services.staff.invite(
                None, role=Role.ADMIN, area=region.facts.ars, label="benchmark"
            )
            await services.staff.enrol(chat.id, code)
        yield house
    finally:
        await house.close()


async def populate(house: Application, people: int) -> None:
    """Let people of one town wait: every second one for one service, the others for everything."""
    now, town = house.work.house.clock(), house.region.municipalities[0].ars
    async with house.transaction() as services:
        service = await _service(services)
        session = services.golive.session
        await session.execute(
            insert(Chat),
            [
                {
                    "telegram_id": FIRST_PERSON + number,
                    "kind": "private",
                    "language": "de",
                    "municipality": town,
                    "created_at": now,
                }
                for number in range(people)
            ],
        )
        for rest, wish in enumerate((service, EVERYTHING)):
            wishes = select(Chat.id, literal(wish), literal(town), Chat.created_at).where(
                Chat.telegram_id >= FIRST_PERSON, Chat.telegram_id % 2 == rest
            )
            columns = ["chat_id", "service_id", "area", "created_at"]
            await session.execute(insert(Subscription).from_select(columns, wishes))


async def announce(house: Application) -> Figures:
    """Confirm an announcement to everybody, and measure that."""
    async with house.transaction() as services:
        batch = await services.golive.propose(
            await _clerk(services),
            service_id=await _service(services),
            area=house.region.municipalities[0].ars,
            url=f"https://{house.region.facts.link_domains[0]}",
            online=True,
        )
    start = time.perf_counter()
    with _counted(house) as statements:
        async with house.transaction() as services:
            await services.golive.confirm(await _clerk(services), batch.id)
    seconds = time.perf_counter() - start
    return Figures(batch.recipients, seconds, len(statements), await _queued(house))


async def one_by_one(house: Application) -> Figures:
    """Write the same rows for everybody one by one with the ORM, and measure that."""
    async with house.transaction() as services:
        session, now = services.golive.session, services.golive.clock()
        batch = await services.golive.propose(
            await _clerk(services),
            service_id=await _service(services),
            area=house.region.municipalities[0].ars,
            url=f"https://{house.region.facts.link_domains[0]}",
            online=True,
        )
        item = await session.scalar(select(Item.id))
        chats = (
            await session.scalars(select(Chat.id).where(Chat.telegram_id >= FIRST_PERSON))
        ).all()
    bundle = f"batch:{batch.id}"
    start = time.perf_counter()
    with _counted(house) as statements:
        async with house.transaction() as services:
            for chat_id in chats:
                services.golive.session.add(
                    News(chat_id=chat_id, item_id=item, because=EVERYTHING, bundle=bundle)
                )
                services.golive.session.add(
                    OutboxMessage(
                        chat_id=chat_id,
                        lane=Lane.NOTICE,
                        text_key="golive.news",
                        params={"bundle": bundle},
                        dedup_key=f"golive:{bundle}:{chat_id}",
                        status=Status.QUEUED,
                        not_before=now,
                        created_at=now,
                    )
                )
                await services.golive.session.flush()
    seconds = time.perf_counter() - start
    return Figures(len(chats), seconds, len(statements), await _queued(house))


async def _clerk(services: Services) -> Actor:
    chat = await services.chats.meet(CLERK, "private", "de")
    return await services.staff.actor(chat.id)


async def _service(services: Services) -> str:
    return min((await services.catalogue.snapshot()).services)


@contextmanager
def _counted(house: Application) -> Iterator[list[str]]:
    """Collect the SQL statements that are run meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _queued(house: Application) -> int:
    query = select(func.count()).where(OutboxMessage.text_key == "golive.news")
    async with house.database.read() as session:
        return (await session.scalar(query)) or 0


async def _run(people: int, baseline: int, database: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_house(database or f"sqlite:///{folder}/fanout.db") as house:
            await populate(house, people)
            ours = await announce(house)
        async with open_house(database or f"sqlite:///{folder}/baseline.db") as house:
            await populate(house, baseline)
            theirs = await one_by_one(house)
    factor = people / theirs.people
    print(f"{'':34}{'people':>8}{'messages':>10}{'statements':>12}{'seconds':>10}")
    for name, figures in (("one INSERT ... SELECT", ours), ("one by one with the ORM", theirs)):
        print(
            f"{name:34}{figures.people:8}{figures.messages:10}{figures.statements:12}"
            f"{figures.seconds:10.2f}"
        )
    extrapolated = theirs.seconds * factor
    print(f"{'one by one, extrapolated':34}{people:8}{people:10}{'':12}{extrapolated:10.2f}")
    print(f"ratio: {extrapolated / ours.seconds:.0f}")


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--baseline", type=int, default=2_000)
    parser.add_argument("--database", help="address of a database to be emptied for this")
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.people, arguments.baseline, arguments.database))


if __name__ == "__main__":
    main()
