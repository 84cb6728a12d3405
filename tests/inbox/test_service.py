"""Updates are stored once, found in order, judged by their pace and forgotten in time."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from bot.application import Application
from bot.settings import Settings
from services.inbox.model import InboxUpdate
from services.inbox.rules import BIGGEST_ID
from services.inbox.service import MAX_ATTEMPTS, Limits, Pace
from services.region.service import Region
from tests.county import TestClock
from tests.rigging import rows_of

LIMIT = 20


def update(number: int, person: int = 7, text: str = "Hallo") -> dict[str, object]:
    message = {"from": {"id": person}, "chat": {"id": person, "type": "private"}, "text": text}
    return {"update_id": number, "message": message}


async def put(application: Application, *updates: dict[str, object]) -> None:
    async with application.transaction() as services:
        await services.inbox.put(updates)


async def waiting(application: Application, limit: int = 200) -> list[int]:
    async with application.work.reading() as services:
        turn = await services.inbox.claim(limit)
        return sorted(row.update_id for row in [*turn.together, *turn.alone])


async def test_a_repeated_update_changes_nothing(application: Application) -> None:
    await put(application, update(5, text="zuerst"))
    before = await rows_of(application, "inbox")
    await put(application, update(5, text="anders"), update(5))
    assert await rows_of(application, "inbox") == before


async def test_a_repeat_of_a_finished_update_does_not_wake_it(application: Application) -> None:
    await put(application, update(5))
    async with application.transaction() as services:
        assert await services.inbox.finish([5]) == {5}
    await put(application, update(5))
    assert await waiting(application) == []


async def test_two_groups_with_the_same_updates_do_not_block_each_other(
    application: Application,
) -> None:
    async with asyncio.timeout(10):
        for first in range(0, 3000, 300):
            there = [update(number) for number in range(first, first + 300)]
            await asyncio.gather(put(application, *there), put(application, *reversed(there)))
    assert len(await rows_of(application, "inbox")) == 3000


async def test_an_update_is_finished_once(application: Application) -> None:
    await put(application, update(5))
    async with application.transaction() as services:
        assert await services.inbox.finish([5, 6]) == {5}
        assert await services.inbox.finish([5, 6]) == set()


async def test_nothing_at_all_is_stored_for_nothing(application: Application) -> None:
    await put(application)
    assert await rows_of(application, "inbox") == []


async def test_any_words_can_be_stored(application: Application) -> None:
    strange = ["", "x" * 10_000, "👩‍👩‍👧 سلام שלום", "\x00", "\ud800", "'; DROP TABLE inbox; --"]
    for number, text in enumerate(strange):
        await put(application, update(number, BIGGEST_ID, text))
    await put(application, update(BIGGEST_ID))
    assert await waiting(application) == [*range(len(strange)), BIGGEST_ID]


async def test_updates_come_in_their_order_however_they_arrived(
    application: Application, clock: TestClock
) -> None:
    await put(application, update(9), update(3, person=8))
    clock.forward(seconds=5)
    await put(application, update(4), update(1))
    assert await waiting(application) == [1, 3, 4, 9]
    assert await waiting(application, limit=2) == [1, 3]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(5)), again=st.lists(st.integers(0, 4), max_size=4))
async def test_order_of_arrival_and_repeats_do_not_matter(
    application: Application, order: list[int], again: list[int]
) -> None:
    async with application.transaction() as services:
        await services.inbox.session.execute(delete(InboxUpdate))
    for number in [*order, *again]:
        await put(application, update(number))
    assert await waiting(application) == list(range(5))


async def test_who_waits_for_a_retry_is_left_out_and_nobody_else(
    application: Application, clock: TestClock
) -> None:
    await put(application, update(1, person=7), update(2, person=7), update(3, person=8))
    async with application.transaction() as services:
        assert not await services.inbox.failed(1, tried=0, number="a1b2c3")
    assert await waiting(application) == [3]
    clock.forward(seconds=2)
    assert await waiting(application) == [1, 3], "what failed before is tried alone"


async def test_the_third_failure_sets_an_update_aside(
    application: Application, clock: TestClock
) -> None:
    await put(application, update(1), update(2))
    pauses = []
    for attempt in range(MAX_ATTEMPTS):
        async with application.transaction() as services:
            given_up = await services.inbox.failed(1, tried=attempt, number=f"{attempt:06}")
            assert given_up is (attempt == MAX_ATTEMPTS - 1)
        [row, _] = await rows_of(application, "inbox")
        pauses.append((row["not_before"] - clock()).total_seconds())
    assert pauses == [2, 4, 8]
    assert (row["state"], row["attempts"], row["number"]) == ("failed", 3, "000002")
    assert await waiting(application) == [2]


async def test_processed_updates_are_emptied_after_a_day_and_not_before(
    application: Application, clock: TestClock
) -> None:
    await put(application, update(1), update(2), update(3))
    async with application.transaction() as services:
        await services.inbox.finish([1])
        for attempt in range(MAX_ATTEMPTS):
            await services.inbox.failed(2, tried=attempt, number="a1b2c3")
    clock.now += timedelta(hours=24)
    async with application.transaction() as services:
        assert await services.inbox.forget_old() == 0
    clock.now += timedelta(seconds=1)
    async with application.transaction() as services:
        assert await services.inbox.forget_old() == 2
        assert await services.inbox.forget_old() == 0
    done, failed, new = await rows_of(application, "inbox")
    assert (done["body"], done["person_id"]) == ("", 0)
    assert (failed["body"], failed["person_id"]) == ("", 0)
    assert new["body"], "what was never worked off is not lost"
    await put(application, update(1))
    assert await waiting(application) == [3], "the number stays, against repeats"


async def paces(application: Application, numbers: range, person: int = 7) -> list[Pace]:
    received = []
    for number in numbers:
        await put(application, update(number, person))
        async with application.work.reading() as services:
            now = services.inbox.clock()
            received.append(await services.inbox.pace(number, person, now))
    return received


async def test_twenty_messages_are_fine_the_next_is_told_the_others_ignored(
    application: Application,
) -> None:
    assert await paces(application, range(LIMIT)) == [Pace.FINE] * LIMIT
    assert await paces(application, range(LIMIT, LIMIT + 3)) == [
        Pace.TELL,
        Pace.IGNORE,
        Pace.IGNORE,
    ]
    assert await paces(application, range(100, 101), person=8) == [Pace.FINE]


async def test_after_a_minute_all_is_well_again(
    application: Application, clock: TestClock
) -> None:
    await paces(application, range(LIMIT + 5))
    clock.forward(seconds=59)
    assert await paces(application, range(50, 51)) == [Pace.IGNORE]
    clock.forward(seconds=60)
    assert await paces(application, range(51, 52)) == [Pace.FINE]


async def test_somebody_steadily_a_little_too_fast_is_told_once(
    application: Application, clock: TestClock
) -> None:
    found = []
    for number in range(40):
        found += await paces(application, range(number, number + 1))
        clock.forward(seconds=2.9)
    assert found.count(Pace.TELL) == 1


async def test_the_overall_limit_tells_each_newcomer_once(application: Application) -> None:
    house = application.work.house
    application.work.house = replace(
        house, limits=Limits(person_per_minute=LIMIT, overall_per_minute=3)
    )
    assert await paces(application, range(3)) == [Pace.FINE] * 3
    assert await paces(application, range(3, 4)) == [Pace.IGNORE]
    assert await paces(application, range(4, 6), person=8) == [Pace.TELL, Pace.IGNORE]


async def test_the_inbox_is_empty_when_nothing_waits(application: Application) -> None:
    async def is_empty() -> bool:
        async with application.work.reading() as services:
            return await services.inbox.is_empty()

    assert await is_empty()
    await put(application, update(1))
    assert not await is_empty()
    async with application.transaction() as services:
        await services.inbox.finish([1])
    assert await is_empty()


async def test_the_retention_is_a_setting(settings: Settings, region: Region) -> None:
    settings.inbox.retention_hours = 2
    application = Application(settings, region)
    assert application.work.house.limits.retention == timedelta(hours=2)
    await application.close()


async def test_while_nobody_is_too_fast_a_group_is_judged_by_one_statement(
    application: Application,
) -> None:
    await put(application, *(update(number, person=number % 5) for number in range(40)))
    counted: list[str] = []

    def ran(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        counted.append(statement)

    async with application.work.reading() as services:
        turn = await services.inbox.claim(40)
        event.listen(application.database.engine.sync_engine, "before_cursor_execute", ran)
        paces = await services.inbox.paces(turn.together)
        event.remove(application.database.engine.sync_engine, "before_cursor_execute", ran)
    assert set(paces) == set(range(40))
    assert set(paces.values()) == {Pace.FINE}
    assert len(counted) == 1


async def test_a_group_is_judged_as_its_updates_would_be_one_by_one(
    application: Application,
) -> None:
    await put(application, *(update(number, person=7 + number % 2) for number in range(50)))
    async with application.work.reading() as services:
        turn = await services.inbox.claim(50)
        together = await services.inbox.paces(turn.together)
        alone = {
            row.update_id: await services.inbox.pace(row.update_id, row.person_id, row.received_at)
            for row in turn.together
        }
    assert together == alone
    assert set(together.values()) == set(Pace)
