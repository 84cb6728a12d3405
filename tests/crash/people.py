"""The people of a trial: what they do by the seed, and what must come of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.crash.telegram import LocalTelegram

QUESTIONS = ("Hund bekommen", "Haus bauen", "neuer Ausweis", "Quadratwurzel aus Zimt")
LINK = "/start 99110003000000"
TOWN = "Köthen"
SUBSCRIBE = "sub:"
PATIENCE = 3.0
"""Seconds a person waits for a button before giving up."""


@dataclass
class Person:
    """Somebody who writes and presses; counts what these deeds must cause, exactly once each."""

    id: int
    telegram: LocalTelegram
    chance: Random
    tell: Callable[[str], None]
    deeds: int = 0
    replies: int = 0
    questions: int = 0
    wishes: int = 0
    received: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self, longest_wait: float) -> None:
        """Begin at some moment and go through one of the stories."""
        stories = (self._curious, self._subscriber, self._reader, self._newcomer)
        await asyncio.sleep(self.chance.uniform(0, longest_wait))
        story: Callable[[], Awaitable[None]] = self.chance.choice(stories)
        await story()

    async def watch(self, on_message: Callable[[str], None]) -> None:
        """Take note of what the bot sends, for ever."""
        async for kind, event in self.telegram.events(self.id):
            message = event.get("message", event)
            if kind in {"message", "edited"} and message.get("from", {}).get("is_bot"):
                self.received.append(message)
                self.news.set()
                on_message(f"{self.id} got {kind} {message['message_id']}")

    async def _curious(self) -> None:
        """Fire questions faster than they can be answered."""
        for _ in range(self.chance.randint(2, 3)):
            await self._ask()
            await asyncio.sleep(self.chance.uniform(0, 0.15))

    async def _subscriber(self) -> None:
        """Name the town, follow a link, and tap "Bescheid geben", perhaps twice in a hurry."""
        await self._say(TOWN, replies=1)
        await self._ask(QUESTIONS[0])
        await self._say(LINK, replies=2)
        found = await self._button(SUBSCRIBE)
        if found is not None:
            self.wishes = 1
            for _ in range(self.chance.randint(1, 2)):
                await self._press(found)
                await asyncio.sleep(self.chance.uniform(0, 0.05))

    async def _reader(self) -> None:
        """Leaf through the menu: the answers replace each other."""
        await self._say("/menu", replies=1)
        found = await self._button("m:")
        for _ in range(self.chance.randint(1, 2)):
            if found is not None:
                await self._press(found)

    async def _newcomer(self) -> None:
        """Follow a link, which brings two messages in order, and ask for help."""
        await self._say(LINK, replies=2)
        await self._say("/hilfe", replies=1)

    async def _ask(self, question: str = "") -> None:
        self.questions += 1
        await self._say(question or self.chance.choice(QUESTIONS), replies=1)

    async def _say(self, text: str, *, replies: int) -> None:
        self.deeds += 1
        self.replies += replies
        self.tell(f"{self.id} says {text}")
        await self.telegram.say(self.id, text)
        self.tell(f"{self.id} said {text}")

    async def _press(self, place: tuple[int, int, int]) -> None:
        self.deeds += 1
        self.replies += 1
        self.tell(f"{self.id} presses {place}")
        await self.telegram.press(self.id, *place)
        self.tell(f"{self.id} said press {place}")

    async def _button(self, prefix: str) -> tuple[int, int, int] | None:
        """Wait for a button with such a payload; None when patience ends first."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := self._find(prefix)):
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            return None
        return found

    def _find(self, prefix: str) -> tuple[int, int, int] | None:
        for message in reversed(self.received):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            for row, buttons in enumerate(rows):
                for column, button in enumerate(buttons):
                    if button.get("callback_data", "").startswith(prefix):
                        return message["message_id"], row, column
        return None
