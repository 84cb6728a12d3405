"""What is asked of the bot itself: what the command for it does, or a short kind text."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import Message

from handlers.ask.desk import Desk, menu_button
from handlers.ask.wording import intent_words
from handlers.buttons.citizens import Subscribe
from handlers.messages import Reply, Row, button, say
from handlers.privacy.chat import access, ask_erase
from handlers.subscriptions.chat import listed
from handlers.welcome.chat import language
from nlu.intents import Intent
from services.chats.model import Kind
from services.privacy.service import Privacy
from services.subscriptions.model import EVERYTHING
from services.subscriptions.service import Subscriptions
from services.text import Text, Texts

ABOUT_ME = frozenset(
    {
        Intent.ERASE_MY_DATA,
        Intent.MY_DATA,
        Intent.UNSUBSCRIBE,
        Intent.SUBSCRIBE,
        Intent.CHANGE_LANGUAGE,
    }
)
"""Concerns one person: never answered in a group."""


@dataclass(frozen=True)
class Itself:
    """What the bot is asked to do about itself, in the language of the question."""

    desk: Desk
    words: Text
    texts: Texts
    privacy: Privacy
    subscriptions: Subscriptions

    async def reply(self, intent: Intent, message: Message, below: Sequence[Row] = ()) -> Reply:
        """Return what the command does, where there is one, else words."""
        desk, words, chat = self.desk, self.words, self.desk.chat
        if intent in ABOUT_ME and chat.kind != Kind.PRIVATE:
            return say(chat.telegram_id, words("chats.hello-group"))
        match intent:
            case Intent.MY_DATA:
                return await access(message, words, chat, self.privacy)
            case Intent.ERASE_MY_DATA:
                return await ask_erase(message, words, chat)
            case Intent.CHANGE_LANGUAGE:
                return await language(message, words, chat, self.texts)
            case Intent.UNSUBSCRIBE:
                return await listed(
                    message, words, chat, desk.region, desk.catalogue, self.subscriptions
                )
        rows = await self._wishes() if intent is Intent.SUBSCRIBE else []
        return say(chat.telegram_id, self._say(intent), [*rows, [menu_button(words)], *below])

    def _say(self, intent: Intent) -> str:
        facts = self.desk.region.facts
        county = facts.name_en if self.words.language == "en" else facts.name
        return intent_words(self.words, intent, hotline=facts.hotline, county=county)

    async def _wishes(self) -> list[Row]:
        """Return buttons to wait for the service talked about, and for everything new."""
        desk = self.desk
        service_id = desk.chats.talk(desk.chat).service
        name = await desk.name(service_id) if service_id else None
        area = desk.region.area_name(desk.ars)
        everything = self.words("subscriptions.button-everything", area=area)
        rows: list[Row] = [[button(everything, Subscribe(service_id=EVERYTHING))]]
        if service_id and name:
            rows.insert(0, [button(name, Subscribe(service_id=service_id))])
        return rows
