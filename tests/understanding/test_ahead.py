"""Nobody's transaction waits for the encoders, and nobody waits behind somebody's question."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.tasks import Tasks
from handlers.understanding import Options, Understanders
from tests.county import County
from tests.rigging import eventually, inbox
from tests.small_encoder import SmallEncoder

CURIOUS, OTHER = 1001, 1002


@pytest.fixture
async def encoder(county: County, tmp_path: Path) -> AsyncIterator[SmallEncoder]:
    """From now on the county understands with a small encoder."""
    encoder, ahead = SmallEncoder(), county.worker.ahead
    options = Options(("small",), tmp_path / "vectors", seconds=5, load=lambda _name: encoder)
    ahead.understanders = Understanders(county.application.region, options)
    county.worker.given["understanders"] = ahead.understanders
    async with county.application.work.reading() as services:
        assert await ahead.understanders.ready(await services.catalogue.snapshot(), 10)
    yield encoder
    encoder.may_answer.set()
    ahead.understanders.close()


def message(county: County, person: int, text: str) -> dict[str, object]:
    user = {"id": person, "is_bot": False, "first_name": "Erika", "language_code": "de"}
    chat = {"id": person, "type": "private", "first_name": "Erika"}
    number = next(county.updates)
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": user, "text": text},
    }


async def open_updates(county: County) -> int:
    return sum(row["state"] == "new" for row in await inbox(county))


async def test_who_sends_a_command_does_not_wait_for_somebodys_question(
    county: County, encoder: SmallEncoder
) -> None:
    encoder.may_answer.clear()
    await county.receives(
        message(county, CURIOUS, "register my dog"), message(county, OTHER, "/hilfe")
    )
    async with Tasks() as tasks:
        tasks.start(county.worker.run(), "worker")

        async def only_the_question_is_left() -> bool:
            return await open_updates(county) == 1

        await eventually(only_the_question_is_left)
        async with asyncio.timeout(1):
            await county.application.work.at_rest()  # no transaction is open meanwhile
        encoder.may_answer.set()

        async def nothing_is_left() -> bool:
            return await open_updates(county) == 0

        await eventually(nothing_is_left)
    await county.delivery.drain()
    assert county.told(OTHER)
    assert len(county.told(CURIOUS)) == 1


async def test_what_a_person_sends_after_a_question_waits_for_it(
    county: County, encoder: SmallEncoder
) -> None:
    await county.receives(
        message(county, CURIOUS, "register my dog"),
        message(county, CURIOUS, "/menu"),
        message(county, CURIOUS, "build a house"),
    )
    await county.settle()
    question, menu, house = county.told(CURIOUS)
    assert "Themen" not in question
    assert menu != house


async def test_a_question_is_understood_once_for_its_answer(
    county: County, encoder: SmallEncoder
) -> None:
    encoder.encoded.clear()
    await county.citizen().says("register my dog")
    assert encoder.encoded == ["register my dog"]


async def test_a_question_that_was_asked_before_is_answered_at_once(
    county: County, encoder: SmallEncoder
) -> None:
    await county.citizen(CURIOUS).says("register my dog")
    encoder.may_answer.clear()
    assert await county.citizen(OTHER).says("register my dog")


async def test_many_questions_at_once_are_all_answered(
    county: County, encoder: SmallEncoder
) -> None:
    people = range(3001, 3121)
    await county.receives(
        *(message(county, one, f"my dog number {one}") for one in people),
        *(message(county, one, "/hilfe") for one in people),
    )
    await county.settle()
    assert [len(county.told(one)) for one in people] == [2] * len(people)


async def test_what_failed_before_is_understood_before_its_next_try(
    county: County, encoder: SmallEncoder
) -> None:
    understanders = county.worker.given["understanders"]
    county.worker.given["understanders"] = None  # the handler breaks
    await county.receives(message(county, CURIOUS, "register my dog"))
    await county.settle()
    county.worker.given["understanders"] = understanders
    county.clock.forward(minutes=1)
    await county.settle()
    assert len(county.told(CURIOUS)) == 1
