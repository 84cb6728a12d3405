"""What tests of learning share: questions that were asked, and what became of them."""

from typing import Any

from nlu.language import Language
from nlu.understanding import Candidate, Decision, Understanding
from services.learning.records import Question
from services.staff.rules import Actor
from tests.county import County
from tests.rigging import rows_of

DOG, CARD, HOME = "hund-anmelden", "personalausweis", "wohnsitz-anmelden"


def understood(decision: Decision, *entries: str, **more: Any) -> Understanding:
    """Return what a question was taken for."""
    found = tuple(Candidate(entry, 0.9, entry) for entry in entries)
    return Understanding(decision, found, language=Language.GERMAN, **more)


REFUSED = understood(Decision.REFUSE)


async def ask(county: County, question: str, understanding: Understanding = REFUSED) -> int | None:
    """Have somebody ask; return the number that stands on the buttons."""
    async with county.application.transaction() as services:
        number: int | None = await services.learning.asked(question, understanding)
        return number


async def choose(county: County, number: int | None, entry: str) -> None:
    assert number is not None
    async with county.application.transaction() as services:
        await services.learning.chosen(number, entry)


async def thumb(county: County, number: int | None, *, up: bool) -> None:
    assert number is not None
    async with county.application.transaction() as services:
        await services.learning.thumb(number, up)


async def actor_of(county: County, telegram_id: int) -> Actor:
    async with county.application.transaction() as services:
        chat = await services.chats.find(telegram_id)
        assert chat is not None
        actor: Actor = await services.staff.actor(chat.id)
        return actor


async def waiting(county: County, actor: Actor) -> list[Question]:
    async with county.application.work.reading() as services:
        return list((await services.learning.waiting(actor)).questions)


async def taught(county: County) -> dict[str, list[str]]:
    async with county.application.work.reading() as services:
        found = await services.learning.taught()
        return {entry: list(texts) for entry, texts in found.examples.items()}


async def stored(county: County) -> list[dict[str, Any]]:
    return await rows_of(county.application, "asked_question")
