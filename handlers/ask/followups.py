"""Questions that refer to what was talked about: a part of its card, another place, others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.ask.desk import Desk, Places, honest, menu_button, none_button
from handlers.buttons.citizens import Part
from handlers.messages import Row, say
from nlu.followups import Topic, follow_up
from nlu.understanding import Decision, Understanding
from services.region.rules import POSTCODE
from services.text import Text

PARTS = {
    Topic.COST: Part.FEES,
    Topic.DOCUMENTS: Part.DOCUMENTS,
    Topic.DURATION: Part.FEES,
    Topic.ONLINE: Part.ONLINE,
    Topic.OFFICE: Part.OFFICE,
}
SAME_EVERYWHERE = frozenset({Part.FEES, Part.DOCUMENTS})


@dataclass(frozen=True)
class FollowUp:
    """A question that may refer to the one before; `words` are in its language."""

    desk: Desk
    words: Text
    understanding: Understanding
    places: Places

    async def reply(self, question: str) -> TelegramMethod[Any] | None:
        """Return the answer, or None when the question stands for itself."""
        concern = self.desk.region.gazetteer.without_places(question)
        topic = follow_up(POSTCODE.sub("", concern) if self.places else concern)
        if topic is Topic.OTHER:
            return await something_else(self.desk, self.words)
        if topic is Topic.ALSO:
            return await self._part(Part.CARD) if self.places else None
        return await self._part(PARTS[topic]) if topic else None

    async def _part(self, part: Part) -> TelegramMethod[Any] | None:
        talk = self.desk.chats.talk(self.desk.chat)
        services = (await self.desk.catalogue.snapshot()).services
        service = services.get(talk.service or "")
        if service is not None:
            if part in SAME_EVERYWHERE and not self.places:
                return say(self.desk.chat.telegram_id, *await self.desk.card(service, part=part))
            return await self.desk.answer(service, self.places, part)
        ars = self.desk.place_of(self.places)
        meant = [one for one in talk.candidates if one in services]
        rows = await self.desk.offers(meant, part=part, ars=ars)
        if rows:
            key = "ask.choose" if part is Part.CARD else "ask.which-one"
            return self._say(key, [*rows, [menu_button(self.words)]])
        if self.understanding.decision is Decision.ANSWER or self.places:
            return None
        return self._say("ask.about-what", [[menu_button(self.words)]])

    def _say(self, key: str, rows: Sequence[Row]) -> TelegramMethod[Any]:
        return say(self.desk.chat.telegram_id, self.words(key), rows)


async def something_else(desk: Desk, words: Text) -> TelegramMethod[Any] | None:
    """Offer what else the question may have meant; None when nothing was talked about."""
    talk = desk.chats.talk(desk.chat)
    if not talk.service and not talk.candidates:
        return None
    if talk.service is None:  # they were offered, and none is meant
        await desk.chats.forget_talk(desk.chat)
        return say(desk.chat.telegram_id, honest(words, desk.region), [[menu_button(words)]])
    others = [one for one in talk.candidates if one != talk.service]
    await desk.chats.offered(desk.chat, others)
    rows = await desk.offers(others)
    if not rows:
        return say(desk.chat.telegram_id, words("ask.something-else"), [[menu_button(words)]])
    way_out = [none_button(words), menu_button(words)]
    return say(desk.chat.telegram_id, words("ask.choose"), [*rows, way_out])
