"""Many updates in one transaction, and one of them never costs another anything."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiogram.methods import TelegramMethod
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.worker import CLAIM
from handlers.messages import say
from services.chats.model import Chat
from services.errors import ServiceError
from services.staff.rules import Role
from tests.county import County
from tests.inbox.test_worker import Handlers, message, press, subscriptions
from tests.rigging import inbox, outbox, rows_of, teach, words


@contextmanager
def statements(county: County) -> Iterator[list[str]]:
    """Collect the SQL that is run meanwhile, and the commits."""
    engine = county.application.database.engine.sync_engine
    found: list[str] = []

    def ran(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        found.append(statement)

    def committed(connection: Any) -> None:
        found.append("COMMIT")

    event.listen(engine, "before_cursor_execute", ran)
    event.listen(engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", ran)
        event.remove(engine, "commit", committed)


def count(found: list[str], beginning: str) -> int:
    return sum(statement.startswith(beginning) for statement in found)


async def test_what_all_need_is_asked_and_written_once(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)
    people = range(7, 7 + CLAIM // 2)
    await county.receives(*(message(county, one, "eins") for one in people))
    await county.settle()
    await county.receives(*(message(county, one, "eins") for one in people))
    with statements(county) as found:
        assert await county.worker.work_off() == len(people)
    assert count(found, "UPDATE inbox") == 1
    assert count(found, "INSERT INTO outbox") == 1
    assert sum("FROM chat" in one for one in found) == 1
    assert sum("FROM staff_member" in one for one in found) == 1
    assert sum("count(*)" in one for one in found) == 1


async def test_answers_leave_in_the_order_of_the_updates(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note, zwei=handlers.note)
    numbers = [31, 12, 53, 24, 45]
    for number in numbers:
        words_ = "eins" if number % 2 else "zwei"
        await county.receives(message(county, number % 10, words_, number=number))
    await county.worker.work_off()
    chats = {row["id"]: row["telegram_id"] for row in await rows_of(county.application, "chat")}
    answered = [chats[row["chat_id"]] for row in await outbox(county)]
    assert answered == [number % 10 for number in sorted(numbers)]


async def test_one_that_fails_costs_the_others_nothing(county: County) -> None:
    failing, noting = Handlers(failures=99), Handlers()
    teach(county, abo=failing.subscribe, eins=noting.note)
    await county.receives(
        message(county, 7, "eins"), message(county, 8, "abo"), message(county, 9, "eins")
    )
    await county.settle()
    assert county.told(7) == county.told(9) == ["notiert: eins"], "each is answered once"
    assert county.told(8) == []
    assert await subscriptions(county) == 0
    states = [(row["state"], row["attempts"]) for row in await inbox(county)]
    assert states == [("done", 0), ("new", 1), ("done", 0)]


async def test_one_that_failed_before_is_tried_alone(county: County) -> None:
    failing, noting = Handlers(failures=99), Handlers()
    teach(county, abo=failing.subscribe, eins=noting.note)
    await county.receives(message(county, 8, "abo"))
    await county.settle()
    county.clock.forward(seconds=10)
    await county.receives(*(message(county, person, "eins") for person in (7, 9)))
    with capture_logs() as logs:
        await county.settle()
    assert [entry["event"] for entry in logs] == ["update failed"], "no group was taken apart"
    assert noting.handled == ["eins", "eins"]


async def test_a_broken_rule_in_a_group_becomes_its_text(county: County) -> None:
    class NotThatError(ServiceError):
        text_key = "staff.not-allowed"

    breaking, noting = Handlers(failures=99, error=NotThatError(area="Köthen")), Handlers()
    teach(county, abo=breaking.subscribe, eins=noting.note)
    await county.receives(
        message(county, 7, "eins"), message(county, 8, "abo"), message(county, 9, "eins")
    )
    await county.settle()
    assert county.told(8) == [words(county, "staff.not-allowed", area="Köthen")]
    assert county.told(7) == county.told(9) == ["notiert: eins"]
    assert {row["state"] for row in await inbox(county)} == {"done"}


async def test_a_person_s_burst_is_one_group_in_its_order(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note, zwei=handlers.note, drei=handlers.note)
    await county.receives(*(message(county, 7, one) for one in ("drei", "eins", "zwei")))
    await county.settle()
    assert county.told(7) == ["notiert: drei", "notiert: eins", "notiert: zwei"]


async def test_a_flood_of_one_person_is_worked_off_whole(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)
    await county.receives(*(message(county, 7, "eins") for _ in range(3 * CLAIM)))
    await county.settle()
    assert len(handlers.handled) == 20
    assert county.told(7)[20:] == [words(county, "error.too-fast")]
    assert {row["state"] for row in await inbox(county)} == {"done"}


async def test_what_was_written_before_an_erasure_is_not_worked_off_after_it(
    county: County,
) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)
    await county.receives(
        message(county, 7, "eins", number=10),
        press(7, "del:1", number=11),
        message(county, 7, "eins", number=12),
    )
    await county.worker.work_off()
    assert handlers.handled == ["eins"], "the second one was erased with everything else"
    assert [row["body"] for row in await inbox(county)] == ["", "", ""]
    [receipt] = await outbox(county)
    assert receipt["method"] in {"EditMessageText", "SendMessage"}


async def test_a_role_given_a_moment_ago_counts_for_the_next_message(county: County) -> None:
    async with county.application.transaction() as services:
        await services.chats.meet(7, "private", "de")
        code = await services.staff.invite(None, role=Role.ADMIN, area="15082", label="Platz 7")
    await county.receives(message(county, 7, f"/einschreiben {code}"), message(county, 7, "/team"))
    await county.settle()
    assert any("Platz 7" in said for said in county.told(7)[1:])


async def test_a_slow_one_ends_the_group(county: County) -> None:
    async def slow(message: Any, chat: Chat) -> TelegramMethod[Any]:
        await asyncio.sleep(0.03)
        return say(chat.telegram_id, "spät")

    teach(county, langsam=slow)
    await county.receives(*(message(county, person, "langsam") for person in (7, 8, 9)))
    with statements(county) as found:
        await county.worker.work_off()
    assert count(found, "INSERT INTO outbox") == 3, "each was committed before the next began"
    assert len(await outbox(county)) == 3
