"""A question from the first look to its answer: alone, with what was said before, or in parts."""

from dataclasses import dataclass
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.ask.answers import Answer, event_of, several_concerns
from handlers.ask.desk import Desk, Places
from handlers.ask.why import Explanations
from handlers.messages import Row
from handlers.tongues import offer
from handlers.understanding import Understanders
from nlu.dialogue import parts_of, several, together
from nlu.understanding import Understanding
from services.chats.model import Kind
from services.learning.service import Learning
from services.staff.rules import Actor
from services.statistics.service import Event, Statistics
from services.text import Text


@dataclass(frozen=True)
class Asking:
    """Somebody asks; `words` are in the language of the question."""

    desk: Desk
    words: Text
    actor: Actor
    understanders: Understanders
    explanations: Explanations
    learning: Learning
    statistics: Statistics

    async def understand(self, question: str) -> Understanding:
        """Return what a question asks for, by itself."""
        snapshot = await self.desk.catalogue.snapshot()
        return await self.understanders.understand(snapshot, question)

    async def answer(
        self, question: str, whole: Understanding, places: Places
    ) -> TelegramMethod[Any]:
        """Return the answer to a question about the county."""
        desk = self.desk
        if len(places) == 1 and not desk.chat.municipality:
            await desk.chats.live_in(desk.chat, places[0].ars)
        concerns = await self._concerns(question, whole)
        if concerns:
            await self._count(Event.CHOICE)
            answers = [await self._answer(*concern, places) for concern in concerns]
            return await several_concerns(answers, self._below(whole))
        talk = desk.chats.talk(desk.chat)
        understanding = together(whole, named=talk.candidates, asked_back=talk.asked_back)
        await self._count(event_of(understanding))
        answer = await self._answer(question, understanding, places)
        return await answer.reply(self._below(understanding))

    async def _concerns(
        self, question: str, whole: Understanding
    ) -> list[tuple[str, Understanding]]:
        """Return the parts of a question that are concerns of their own; mostly none."""
        parts = parts_of(question)
        understood = [await self.understand(part) for part in parts]
        return list(zip(parts, understood, strict=True)) if several(whole, understood) else []

    async def _answer(self, question: str, understanding: Understanding, places: Places) -> Answer:
        private = self.desk.chat.kind == Kind.PRIVATE
        ref = await self.learning.asked(question, understanding) if private else None
        return Answer(self.desk, self.words, question, understanding, places, ref)

    def _below(self, understanding: Understanding) -> list[Row]:
        """Return the buttons below an answer: why (for staff), and another language once."""
        chat = self.desk.chat
        why = self.explanations.button_for(understanding, self.desk.text, chat, self.actor)
        return [*why, *offer(self.words, chat)]

    async def _count(self, event: Event) -> None:
        await self.statistics.count(self.desk.chat.telegram_id, event)
