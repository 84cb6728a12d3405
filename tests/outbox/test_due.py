"""Looking for what is due stays quick, however much waits."""

import time
from typing import Any

import pytest
from sqlalchemy import event, insert, literal, select
from sqlalchemy import text as sql

from bot.application import Application
from services.chats.model import Chat
from services.outbox.model import Lane, OutboxMessage, Status
from tests.county import TestClock

PEOPLE = 500
MANY = 100_000
HELD = 40


async def fill(application: Application, clock: TestClock) -> None:
    """Queue many messages, to each of some people in turn."""
    async with application.database.engine.begin() as connection:
        people = [
            {"telegram_id": number, "kind": "private", "language": "de", "created_at": clock()}
            for number in range(1, PEOPLE + 1)
        ]
        await connection.execute(insert(Chat), people)
        rounds = select(literal(1).label("n")).cte(recursive=True)
        rounds = rounds.union_all(select(rounds.c.n + 1).where(rounds.c.n < MANY // PEOPLE))
        message: dict[str, Any] = {
            "lane": Lane.BROADCAST,
            "text_key": "golive.dropped",
            "status": Status.QUEUED,
            "created_at": clock(),
            "not_before": clock(),
            "attempts": 0,
        }
        columns = OutboxMessage.__table__.c
        values = [literal(value, columns[name].type) for name, value in message.items()]
        every = select(Chat.id, *values).join(rounds, literal(True)).order_by(rounds.c.n, Chat.id)
        await connection.execute(
            insert(OutboxMessage).from_select(["chat_id", *message], every, include_defaults=False)
        )
    await analyze(application)


async def analyze(application: Application) -> None:
    """Have the database count what is there, as it does by itself after a while."""
    async with application.database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(sql("ANALYZE"))


async def look(application: Application) -> tuple[list[int], float, str]:
    """Return what is due, the seconds of the quickest of a few looks, and the query's plan."""
    seen: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        seen.append((statement, parameters))

    engine = application.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    quickest, found = 99.0, []
    try:
        for _ in range(7):
            async with application.work.reading() as services:
                start = time.perf_counter()
                rows = await services.sending.due(range(1, HELD + 1))
                quickest = min(quickest, time.perf_counter() - start)
                found = [row.chat_id for row in rows]
    finally:
        event.remove(engine, "before_cursor_execute", note)
    statement, parameters = seen[-1]
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    async with application.database.engine.connect() as connection:
        plan = await connection.exec_driver_sql(explain + statement, parameters)  # type: ignore[arg-type]
        return found, quickest, "\n".join(str(row[-1]) for row in plan)


@pytest.mark.parametrize("later", [False, True])
async def test_a_hundred_thousand_waiting_messages_are_not_sorted(
    application: Application, clock: TestClock, *, later: bool
) -> None:
    now = clock()
    await fill(application, clock)
    if later:
        clock.forward(hours=-1)
        assert clock() < now
    found, seconds, plan = await look(application)
    assert found == ([] if later else list(range(HELD + 1, HELD + 11)))
    assert "ix_outbox_due" in plan
    assert "Seq Scan on outbox" not in plan
    assert "SCAN outbox" not in plan
    if application.database.engine.dialect.name == "sqlite":
        assert "ix_outbox_put_off" in plan
    assert seconds < 0.05, "a few milliseconds on a machine that has nothing else to do"
