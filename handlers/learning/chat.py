"""/fragen: editors see what people asked and did not find, and make examples of it."""

from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from handlers.buttons.staff import DecideQuestion, QuestionStep, ShowQuestions
from handlers.filters import OnlyStaff
from handlers.learning.pages import (
    Names,
    described,
    entries,
    most_missed,
    taught_page,
    waiting_page,
)
from handlers.messages import Reply, Row, say, show
from handlers.understanding import Understanders
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.faq.service import Faqs
from services.learning.service import Learning
from services.staff.rules import Actor
from services.statistics.service import Event, Statistics
from services.text import Text

DAYS = 30
MOST_ENTRIES = 5
LONGEST_NUMBER = 9
TAUGHT = {"gelernt", "taught"}
QUESTIONS = (Event.ANSWERED, Event.CHOICE, Event.UNANSWERED)


@dataclass(frozen=True)
class Desk:
    """What every page needs."""

    text: Text
    actor: Actor
    learning: Learning
    catalogue: Catalogue
    faqs: Faqs
    statistics: Statistics

    async def names(self) -> Names:
        """Return what entries are called in the chat's language."""
        return Names(await self.catalogue.snapshot(), self.faqs, self.text.language)

    async def page(self, wanted: ShowQuestions) -> tuple[str, list[Row]]:
        """Return a page of what waits, or of what was taught."""
        names = await self.names()
        if wanted.taught:
            taught = await self.learning.released(self.actor, wanted.page)
            return taught_page(taught, names, self.text)
        found = await self.learning.waiting(self.actor, wanted.page)
        return waiting_page(found, await self._figures(), names, self.text)

    async def _figures(self) -> str:
        """Return how much was asked, how much of it in vain, and what people missed most."""
        counts = (await self.statistics.figures(DAYS)).counts
        asked = sum(counts.get(event, 0) for event in QUESTIONS)
        share = counts.get(Event.UNANSWERED, 0) / asked if asked else 0.0
        lines = [
            self.text("learning.figures", days=DAYS, asked=asked, share=round(100 * share)),
            *most_missed(await self.learning.unanswered(self.actor), self.text),
        ]
        return self.text.lines(lines)


async def questions_command(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    actor: Actor,
    learning: Learning,
    catalogue: Catalogue,
    faqs: Faqs,
    statistics: Statistics,
    understanders: Understanders,
) -> Reply:
    """/fragen: what waits; `gelernt`: the examples; a number and words: look for its entry."""
    wanted, _, words = (command.args or "").strip().partition(" ")
    desk = Desk(text, actor, learning, catalogue, faqs, statistics)
    if not wanted or wanted.casefold() in TAUGHT:
        page = await desk.page(ShowQuestions(taught=bool(wanted)))
        return say(chat.telegram_id, *page)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= LONGEST_NUMBER):
        return say(chat.telegram_id, text("learning.usage"))
    return say(chat.telegram_id, *await _which(desk, understanders, int(wanted), words))


async def turn_page(
    query: CallbackQuery,
    callback_data: ShowQuestions,
    text: Text,
    actor: Actor,
    learning: Learning,
    catalogue: Catalogue,
    faqs: Faqs,
    statistics: Statistics,
) -> Reply:
    """Show another page."""
    desk = Desk(text, actor, learning, catalogue, faqs, statistics)
    return show(query, *await desk.page(callback_data))


async def decide(
    query: CallbackQuery,
    callback_data: DecideQuestion,
    text: Text,
    chat: Chat,
    actor: Actor,
    learning: Learning,
    catalogue: Catalogue,
    faqs: Faqs,
    statistics: Statistics,
    understanders: Understanders,
) -> Reply:
    """Release, reject or take back; rights are checked again at every press."""
    number, entry = callback_data.question, callback_data.entry
    desk = Desk(text, actor, learning, catalogue, faqs, statistics)
    if callback_data.step is QuestionStep.ASSIGN:
        return show(query, *await _which(desk, understanders, number, ""))
    if callback_data.step is QuestionStep.RELEASE:
        await learning.release(number, entry, actor)
        name = (await desk.names()).of(entry)
        done = text("learning.released", number=number, entry=name)
    elif callback_data.step is QuestionStep.REJECT:
        await learning.reject(number, actor)
        done = text("learning.rejected", number=number)
    else:
        await learning.withdraw(number, actor)
        done = text("learning.withdrawn", number=number)
    taught = callback_data.step is QuestionStep.WITHDRAW
    page = await desk.page(ShowQuestions(taught=taught))
    return [say(chat.telegram_id, done), show(query, *page)]


async def _which(
    desk: Desk, understanders: Understanders, number: int, words: str
) -> tuple[str, list[Row]]:
    """Ask what a question is an example of; offer what its words, or those given, speak for."""
    question = await desk.learning.question(desk.actor, number)
    names = await desk.names()
    named = [one.id for one in await desk.catalogue.find(words)] if words else []
    if not named:
        understanding = await understanders.understand(names.snapshot, words or question.text)
        named = [one.id for one in understanding.candidates]
    offered = [(one, names.of(one)) for one in named[:MOST_ENTRIES]]
    key = "learning.which" if offered else "learning.which-words"
    shown = described(question, names, desk.text)
    return desk.text(key, question=shown, number=number), entries(number, offered, desk.text)


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="learning")
    router.message.register(questions_command, Command("fragen"), OnlyStaff())
    router.callback_query.register(turn_page, ShowQuestions.filter())
    router.callback_query.register(decide, DecideQuestion.filter())
    return router
