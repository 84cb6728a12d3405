"""Nobody knows whether it arrived: each kind of message has its own way out of that."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import ClientDecodeError
from structlog.testing import capture_logs

from bot.limits import Limits
from bot.tasks import Tasks
from services.outbox.model import Lane
from services.staff.rules import Role
from tests.county import CHANNEL, County
from tests.outbox.post_office import (
    ERIKA,
    HANS,
    LEASE,
    claimed_and_killed,
    hung_up,
    passes,
    queue,
    statuses,
    tell,
)
from tests.rigging import eventually, label, outbox, rows_of, slot, words


@pytest.fixture
def counter(county: County) -> County:
    """The county with Telegram's real limits; their seconds are those of the test's clock."""
    county.delivery.limits = Limits(now=lambda: county.clock().timestamp())
    return county


@pytest.mark.parametrize(
    "error", [hung_up(), TimeoutError(), ClientDecodeError("?", ValueError("?"), "<html>")]
)
async def test_a_reply_in_doubt_is_sent_once_more_and_stays_listed(
    counter: County, error: Exception
) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    counter.telegram.refusals[ERIKA] = [error]
    doubted_at = counter.clock()
    await passes(counter, 4)
    assert counter.told(ERIKA) == ["eins", "zwei"]
    first, second = await outbox(counter)
    assert (first["status"], first["unknown_at"]) == ("sent", doubted_at)
    assert (second["status"], second["unknown_at"]) == ("sent", None)


async def test_a_reply_twice_in_doubt_is_left_unknown_and_the_next_one_leaves(
    counter: County,
) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    counter.telegram.refusals[ERIKA] = [hung_up(), hung_up()]
    await passes(counter, 6)
    assert counter.told(ERIKA) == ["zwei"]
    assert await statuses(counter) == ["unknown", "sent"]
    assert (await outbox(counter))[0]["payload"] is not None


async def test_an_alarm_in_doubt_is_repeated_and_says_so(counter: County) -> None:
    await tell(counter, ERIKA, Lane.ALARM)
    counter.telegram.refusals[ERIKA] = [hung_up()]
    await passes(counter, 2)
    mark = words(counter, "outbox.repeated")
    assert counter.told(ERIKA) == [f"{mark} {words(counter, 'golive.dropped')}"]


async def test_a_notice_in_doubt_is_repeated_without_a_word_of_it(counter: County) -> None:
    await tell(counter, ERIKA, Lane.NOTICE)
    counter.telegram.refusals[ERIKA] = [hung_up()]
    await passes(counter, 2)
    assert counter.told(ERIKA) == [words(counter, "golive.dropped")]


async def test_a_broadcast_in_doubt_is_not_repeated_operators_hear_how_many(
    counter: County,
) -> None:
    await counter.staff(2001, Role.OPERATOR)
    for person in (ERIKA, HANS):
        await tell(counter, person, Lane.BROADCAST)
        counter.telegram.refusals[person] = [hung_up()]
    await passes(counter, 3)
    assert counter.told(ERIKA) == counter.told(HANS) == []
    assert (await statuses(counter))[:2] == ["unknown", "unknown"]
    assert counter.told(2001) == [words(counter, "outbox.unknown-broadcasts", count=2)]


async def post(county: County) -> None:
    """Have a post to the channel in doubt, and the editors asked."""
    await county.staff(2001, Role.EDITOR)
    await tell(county, CHANNEL, Lane.NOTICE)
    county.telegram.refusals[CHANNEL] = [hung_up()]
    await county.delivery.drain()


async def test_a_post_in_doubt_is_the_editors_business(county: County) -> None:
    await post(county)
    editor = await county.staff(2002, Role.EDITOR)
    [post_row, question] = await outbox(county)
    assert (post_row["status"], post_row["unknown_at"]) == ("unknown", county.clock())
    assert county.told(CHANNEL) == []
    assert county.told(2001) == [words(county, "outbox.ask-post", number=post_row["id"])]
    assert editor.heard == [], "who came later was not asked"
    assert question["dedup_key"].startswith("ask-post:")


@pytest.mark.parametrize(
    ("key", "answer", "posts", "status"),
    [
        ("outbox.button-post-again", "outbox.post-again", 1, "sent"),
        ("outbox.button-post-arrived", "outbox.post-arrived", 0, "sent"),
    ],
)
async def test_an_editor_decides_once(
    county: County, key: str, answer: str, posts: int, status: str
) -> None:
    await post(county)
    editor = await county.staff(2001, Role.EDITOR)
    assert await editor.taps(label(county, key)) == words(county, answer)
    await county.settle()
    assert len(county.told(CHANNEL)) == posts
    assert (await outbox(county))[0]["status"] == status
    assert await presses(county, again=True) == words(county, "outbox.post-settled")
    await county.settle()
    assert len(county.told(CHANNEL)) == posts
    acts = [row["action"] for row in await rows_of(county.application, "audit_entry")]
    assert acts.count("delivery.settle-post") == 1


async def presses(county: County, *, again: bool, person: int = 2001) -> str:
    [post_row, *_] = await outbox(county)
    editor = await county.staff(2001, Role.EDITOR)
    chosen = county.citizen(person) if person != editor.id else editor
    return await chosen.presses(f"po:{post_row['id']}:{int(again)}")


async def test_the_word_of_somebody_without_the_right_changes_nothing(county: County) -> None:
    await post(county)
    refusal = await presses(county, again=True, person=ERIKA)
    assert refusal not in {words(county, "outbox.post-again"), ""}
    assert (await outbox(county))[0]["status"] == "unknown"


async def test_an_editor_s_word_reaches_no_other_chat_s_message(county: County) -> None:
    await queue(county, ERIKA, "eins")
    county.telegram.refusals[ERIKA] = [hung_up(), hung_up()]
    await county.delivery.drain()
    assert await presses(county, again=True) == words(county, "outbox.post-settled")
    assert (await statuses(county))[0] == "unknown"


async def test_a_process_that_died_while_sending_leaves_doubts_not_losses(
    county: County,
) -> None:
    await queue(county, ERIKA, "eins", "zwei")
    await tell(county, HANS, Lane.ALARM)
    delivery = await claimed_and_killed(county)
    assert set(await statuses(county)) == {"sending"}
    county.clock.now += LEASE
    county.clock.forward(seconds=1)
    with capture_logs() as logs:
        async with Tasks() as tasks:
            delivery.tasks = tasks
            tasks.start(delivery.run(), "delivery")

            async def told() -> bool:
                county.clock.forward(seconds=0.1)
                return set(await statuses(county)) == {"sent"}

            await eventually(told)
            await delivery.finish()
    assert county.told(ERIKA) == ["eins", "zwei"]
    assert county.told(HANS)[0].startswith(words(county, "outbox.repeated"))
    [entry] = [one for one in logs if "crash" in one["event"]]
    assert entry["count"] == 3


async def test_until_the_lease_of_a_dead_process_is_over_its_chats_wait(county: County) -> None:
    await queue(county, ERIKA, "eins")
    delivery = await claimed_and_killed(county)
    await queue(county, ERIKA, "zwei")
    await queue(county, HANS, "Hallo")
    await slot(county)
    assert (county.told(ERIKA), county.told(HANS)) == ([], ["Hallo"])
    await settles(delivery)
    assert await statuses(county) == ["sending", "queued", "sent"]
    county.clock.now += LEASE
    county.clock.forward(seconds=1)
    await settles(delivery)
    assert await statuses(county) == ["queued", "queued", "sent"]
    await passes(county, 4)
    assert county.told(ERIKA) == ["eins", "zwei"]


async def settles(delivery: Any) -> None:
    """Have the delivery look for what nobody sends any more, as it does each second."""
    async with delivery.work.reading() as services:
        lost = await services.sending.lost(delivery.in_flight, every=False)
    async with delivery.work.transaction() as services:
        await services.deliveries.doubt(lost, "stopped while sending")


async def test_on_sqlite_nobody_else_can_be_sending_so_no_lease_is_waited_for(
    county: County,
) -> None:
    await queue(county, ERIKA, "eins")
    delivery = await claimed_and_killed(county)
    await delivery.take_up()
    alone = county.application.database.engine.dialect.name == "sqlite"
    assert await statuses(county) == ["queued" if alone else "sending"]


async def test_a_call_that_takes_too_long_is_a_doubt(county: County) -> None:
    async def forever(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    county.delivery.call_seconds = 0.05
    county.telegram.make_request = forever  # type: ignore[method-assign, assignment]
    await tell(county, ERIKA, Lane.BROADCAST)
    await slot(county)
    [row] = await outbox(county)
    assert (row["status"], row["error"]) == ("unknown", "TimeoutError")


async def test_a_result_that_cannot_be_stored_at_once_is_no_doubt(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outcomes.STORE_PAUSE", 0.01)
    await queue(county, ERIKA, "eins")
    broken, transaction = [True, True], county.application.work.transaction

    def sometimes() -> Any:
        if county.telegram.said and broken:
            broken.pop()
            raise OSError("disk full")
        return transaction()

    monkeypatch.setattr(county.application.work, "transaction", sometimes)
    with capture_logs() as logs:
        await slot(county)
    assert await statuses(county) == ["sent"]
    assert [one["event"] for one in logs] == ["result not stored"] * 2
