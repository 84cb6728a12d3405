"""From an understanding to what a person reads: answer, choice, question back, honest refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.methods import SendMessage, TelegramMethod

from handlers.ask.beyond import is_likely
from handlers.ask.desk import Desk, Places, honest, menu_button, none_button, thumbs
from handlers.ask.elsewhere import ask_without_place, not_our_place, place_of_others
from handlers.buttons.citizens import ChooseEntry, NarrowDown, Part
from handlers.messages import Row, button, say
from nlu.understanding import Decision, Understanding
from services.statistics.service import Event
from services.text import Text

MOST_SITUATIONS = 4
EVENTS = {
    Decision.ANSWER: Event.ANSWERED,
    Decision.CHOOSE: Event.CHOICE,
    Decision.CLARIFY: Event.CHOICE,
}


def event_of(understanding: Understanding) -> Event:
    """Return what is counted for an understanding."""
    return EVENTS.get(understanding.decision, Event.UNANSWERED)


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    Attributes:
        desk: the chat, in its own language.
        words: the texts of the question's language, for all that must be understood at once.
        question: what was asked, for answers that depend on a day or an office in it.
        understanding: what it asks for.
        places: municipalities the question names.
        ref: reference of the question for learning, if it is kept.
    """

    desk: Desk
    words: Text
    question: str
    understanding: Understanding
    places: Places = ()
    ref: int | None = None

    async def reply(self, below: Sequence[Row] = ()) -> TelegramMethod[Any]:
        """Return the message that fits the decision, with more buttons below it."""
        replies = {
            Decision.ANSWER: self._answer,
            Decision.CHOOSE: self._choose,
            Decision.CLARIFY: self._ask_back,
        }
        return await replies.get(self.understanding.decision, self._refuse)(below)

    @property
    def _other_place(self) -> str | None:
        return place_of_others(self.desk, self.question, self.places)

    @property
    def _ids(self) -> list[str]:
        return [one.id for one in self.understanding.candidates]

    async def _offered(self, *, asked_back: bool = False) -> None:
        await self.desk.chats.offered(self.desk.chat, self._ids, asked_back=asked_back)

    async def _answer(self, below: Sequence[Row]) -> TelegramMethod[Any]:
        first = next(iter(self._ids), "")
        await self._offered()
        reply = await show_entry(
            self.desk,
            self.words,
            first,
            question=self.question,
            places=self.places,
            rating=thumbs(self.words, self.ref),
            below=below,
        )
        return self._noted(reply) if reply else await self._refuse(below)

    async def _choose(self, below: Sequence[Row]) -> TelegramMethod[Any]:
        ars = self.desk.place_of(self.places)
        rows = await self.desk.offers(self._ids, ref=self.ref, ars=ars)
        if not rows:
            return await self._refuse(below)
        await self._offered()
        reply = self._say(self.words("ask.choose"), [*rows, self._way_out(), *below])
        return self._noted(reply)

    async def _ask_back(self, below: Sequence[Row]) -> TelegramMethod[Any]:
        rows, other = await self._situations(), self._other_place
        await self._offered(asked_back=other is None)
        if other is not None:
            answer = ask_without_place(self.words, self.desk, other)
            return self._say(answer, [*rows, self._way_out(), *below])
        key = "ask.clarify" if rows else "ask.clarify-words"
        return self._say(self.words(key), [*rows, self._way_out(), *below])

    async def _situations(self) -> list[Row]:
        """Return the life situations the candidates belong to; none when there is but one."""
        services = (await self.desk.catalogue.snapshot()).services
        found = [services[one].situations for one in self._ids if one in services]
        ids = list(dict.fromkeys(one for situations in found for one in situations[:1]))
        names = {one.id: one.name.of(self.words.language) for one in self.desk.region.situations}
        known = [one for one in ids if one in names][:MOST_SITUATIONS]
        if len(known) == 1:
            return []
        language = self.words.language
        return [
            [button(names[one], NarrowDown(situation=one, ref=self.ref, language=language))]
            for one in known
        ]

    def _way_out(self) -> Row:
        return [none_button(self.words, self.ref), menu_button(self.words)]

    async def _refuse(self, below: Sequence[Row]) -> TelegramMethod[Any]:
        await self.desk.chats.not_understood(self.desk.chat)
        first = next(iter(self.understanding.candidates), None)
        wanted = first.id if first and is_likely(first) else ""
        other = await self.desk.other(wanted, self.words)
        if other is not None:
            return self._say(other[0], [*other[1], *thumbs(self.words, self.ref), *below])
        place = self._other_place
        answer = (
            honest(self.words, self.desk.region)
            if place is None
            else ask_without_place(self.words, self.desk, place)
        )
        return self._say(answer, [[menu_button(self.words)], *below])

    def _noted(self, reply: TelegramMethod[Any]) -> TelegramMethod[Any]:
        """Return an answer of ours, with a word before it where the question names others."""
        place = self._other_place
        if place is None or not isinstance(reply, SendMessage):
            return reply
        note = not_our_place(self.words, self.desk, place)
        return reply.model_copy(update={"text": f"{note}\n\n{reply.text}"})

    def _say(self, words: str, rows: Sequence[Row]) -> TelegramMethod[Any]:
        return say(self.desk.chat.telegram_id, words, rows)


async def several_concerns(answers: Sequence[Answer], below: Sequence[Row]) -> TelegramMethod[Any]:
    """Offer the best candidate of each concern; each stays a tap away after the first."""
    desk, words = answers[0].desk, answers[0].words
    firsts = [(one.understanding.candidates[0].id, one.ref) for one in answers]
    ars = desk.place_of(answers[0].places)
    rows = [
        [button(name, ChooseEntry.of(entry_id, ref, ars=ars))]
        for entry_id, ref in firsts
        if (name := await desk.name(entry_id))
    ]
    await desk.chats.offered(desk.chat, [entry_id for entry_id, _ in firsts])
    way_out = [none_button(words), menu_button(words)]
    return say(desk.chat.telegram_id, words("ask.several"), [*rows, way_out, *below])


async def show_entry(
    desk: Desk,
    words: Text,
    entry_id: str,
    *,
    question: str = "",
    places: Places = (),
    part: Part = Part.CARD,
    rating: Sequence[Row] = (),
    below: Sequence[Row] = (),
) -> TelegramMethod[Any] | None:
    """Return the card of a service, or the words of another entry; None for an unknown one."""
    service = (await desk.catalogue.snapshot()).services.get(entry_id)
    if service is not None:
        return await desk.answer(service, places, part, rating=rating, below=below)
    other = await desk.other(entry_id, words, question, places)
    if other is None:
        return None
    return say(desk.chat.telegram_id, other[0], [*other[1], *rating, *below])
