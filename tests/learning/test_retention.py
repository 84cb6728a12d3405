"""Questions are forgotten by the clock; examples stay."""

from datetime import timedelta

import pytest

from nlu.understanding import Decision
from services.staff.rules import Actor, Role
from tests.county import County
from tests.learning.classroom import (
    CARD,
    DOG,
    REFUSED,
    actor_of,
    ask,
    choose,
    stored,
    taught,
    thumb,
    understood,
    waiting,
)

OFFERED = understood(Decision.CHOOSE, DOG, CARD)
HOUND = "wo melde ich meinen vierbeiner an"
FORGET, GATHER = "forget old questions", "gather questions"


@pytest.fixture
async def editor(county: County) -> Actor:
    await county.staff(2001, Role.EDITOR)
    return await actor_of(county, 2001)


async def test_a_question_nobody_says_anything_to_is_gone_within_a_day(county: County) -> None:
    number = await ask(county, HOUND, OFFERED)
    await county.runs(FORGET)
    assert len(await stored(county)) == 1
    county.clock.forward(hours=24)
    await county.runs(FORGET)
    assert await stored(county) == []
    await choose(county, number, DOG)
    assert await stored(county) == [], "a press that comes too late brings nothing back"


async def test_the_day_ends_at_midnight_here(county: County) -> None:
    county.clock.now = county.clock().replace(hour=22, minute=50)  # ten to midnight in Berlin
    await ask(county, HOUND, OFFERED)
    county.clock.forward(minutes=5)
    await county.runs(FORGET)
    assert len(await stored(county)) == 1
    county.clock.forward(minutes=20)
    await county.runs(FORGET)
    assert await stored(county) == []


async def test_what_waits_is_gone_after_ninety_days(county: County, editor: Actor) -> None:
    await ask(county, HOUND, REFUSED)
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    county.clock.forward(days=90)
    await county.runs(FORGET)
    assert len(await waiting(county, editor)) == 2
    county.clock.forward(days=1)
    await county.runs(FORGET)
    assert await stored(county) == []


async def test_what_was_rejected_is_gone_after_ninety_days_and_an_example_stays(
    county: County, editor: Actor
) -> None:
    for question in (HOUND, "hundesteuer wann zahlen"):
        await ask(county, question, REFUSED)
    first, second = await waiting(county, editor)
    async with county.application.transaction() as services:
        await services.learning.release(first.id, DOG, editor)
        await services.learning.reject(second.id, editor)
    county.clock.forward(days=91)
    await county.runs(FORGET)
    assert [row["state"] for row in await stored(county)] == ["released"]
    assert await taught(county) == {DOG: [first.text]}


async def test_equal_questions_of_earlier_days_become_one(county: County, editor: Actor) -> None:
    for _ in range(3):
        await choose(county, await ask(county, HOUND, OFFERED), DOG)
    await choose(county, await ask(county, HOUND, OFFERED), CARD)
    county.clock.forward(days=1)
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    await county.runs(GATHER)
    assert sorted((row["entry_id"], row["count"]) for row in await stored(county)) == [
        (DOG, 1),
        (DOG, 3),
        (CARD, 1),
    ]
    before = await waiting(county, editor)
    assert [(one.entry_id, one.count) for one in before] == [(DOG, 4), (CARD, 1)]
    county.clock.forward(days=1)
    await county.runs(GATHER)
    assert len(await stored(county)) == 2
    assert [(one.id, one.count) for one in await waiting(county, editor)] == [
        (one.id, one.count) for one in before
    ]


async def test_what_was_gathered_cannot_be_changed_by_one_late_press(
    county: County, editor: Actor
) -> None:
    numbers = [await ask(county, HOUND, OFFERED) for _ in range(2)]
    for number in numbers:
        await choose(county, number, DOG)
    county.clock.forward(days=1)
    await county.runs(GATHER)
    for number in numbers:
        await thumb(county, number, up=False)
        await choose(county, number, CARD)
    [found] = await waiting(county, editor)
    assert (found.entry_id, found.signal, found.count) == (DOG, "chosen", 2)


async def test_what_agrees_with_an_example_is_added_to_it(county: County, editor: Actor) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    async with county.application.transaction() as services:
        await services.learning.release(found.id, DOG, editor)
    for _ in range(4):
        await choose(county, await ask(county, HOUND, OFFERED), DOG)
    county.clock.forward(days=1)
    await county.runs(GATHER)
    [row] = await stored(county)
    assert (row["state"], row["count"]) == ("released", 5)


async def test_a_number_is_never_given_twice(county: County) -> None:
    first = await ask(county, HOUND, OFFERED)
    county.clock.now += timedelta(days=1)
    await county.runs(FORGET)
    second = await ask(county, HOUND, OFFERED)
    assert first is not None
    assert second is not None
    assert second > first
