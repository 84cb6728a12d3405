"""Updates handled in one transaction: effects, answers and "done" of all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.types import Update

from bot.replies import AT_ONCE, address_of, as_list, as_reply
from bot.scene import recall, scene
from bot.wiring import Services
from handlers.alarms.desk import alarm_desk_of
from handlers.ask.desk import desk_of
from handlers.devices.desk import device_desk_of
from handlers.messages import say
from services.chats.model import State
from services.errors import ServiceError
from services.inbox.service import Pace
from services.inbox.store import Waiting
from services.outbox.service import Reply
from services.text import Texts


@dataclass(frozen=True)
class Desk:
    """What updates are handled with, whatever the transaction."""

    dispatcher: Dispatcher
    bot: Bot
    texts: Texts
    given: dict[str, Any]

    def read(self, row: Waiting) -> Update:
        """Return the update of a row, or raise when it is none."""
        return Update.model_validate_json(row.body, context={"bot": self.bot})


@dataclass
class Batch:
    """Handles updates with the use cases of one transaction.

    Attributes:
        at_once: what has to be called as soon as the transaction is committed.
    """

    desk: Desk
    services: Services
    at_once: list[TelegramMethod[Any]] = field(default_factory=list)
    _handled: list[int] = field(default_factory=list)
    _paces: dict[int, Pace] = field(default_factory=dict)
    _answers: list[tuple[int, Reply]] = field(default_factory=list)
    _gone: set[int] = field(default_factory=set)

    async def prepare(self, rows: Sequence[Waiting]) -> list[Update]:
        """Look up what all updates need, each thing in one statement."""
        updates = [self.desk.read(row) for row in rows]
        self._paces = await self.services.inbox.paces(rows)
        await recall(self.services, updates)
        return updates

    async def handle(
        self, row: Waiting, update: Update, error: ServiceError | None = None
    ) -> None:
        """Let the handlers answer an update, or say which rule it broke."""
        if row.person_id in self._gone:
            return  # erased a moment ago, with all that was still to be worked off
        found = await scene(self.services, update, self.desk.texts)
        answer = await self._answer(row, update, found, error) if found else []
        for method in answer:
            if isinstance(method, AT_ONCE):
                self.at_once.append(method)
            else:
                await self._queue(method)
        if found and found["chat"].state == State.ERASING:
            self._gone.add(row.person_id)
        query = update.callback_query
        if query is not None and not any(isinstance(one, AnswerCallbackQuery) for one in answer):
            self.at_once.append(AnswerCallbackQuery(callback_query_id=query.id))
        self._handled.append(row.update_id)

    async def finish(self) -> int:
        """Write the answers and close the updates; return how many were handled."""
        handled = len(self._handled)
        await self._write_answers()
        if handled:
            await self.services.inbox.finish(self._handled)
        self._handled = []
        return handled

    async def _answer(
        self, row: Waiting, update: Update, found: dict[str, Any], error: ServiceError | None
    ) -> list[TelegramMethod[Any]]:
        chat, text = found["chat"], found["text"]
        if any(chat_id == chat.id for chat_id, _ in self._answers):
            await self._write_answers()  # a handler may take back what waits for its chat
        if error is not None:
            return [say(chat.telegram_id, text(error.text_key, **error.params))]
        pace = self._paces[row.update_id]
        if pace is Pace.TELL:
            return [say(chat.telegram_id, text("error.too-fast"))]
        if pace is Pace.IGNORE:
            return []
        data = {**found, **self.desk.given}
        data["desk"] = desk_of(data)  # most that answer questions need all of it
        data["device_desk"] = device_desk_of(data)
        data["alarm_desk"] = alarm_desk_of(data)
        return as_list(await self.desk.dispatcher.feed_update(self.desk.bot, update, **data))

    async def _queue(self, method: TelegramMethod[Any]) -> None:
        chat = await self.services.chats.find(address_of(method))
        if chat is not None:
            self._answers.append((chat.id, as_reply(method)))

    async def _write_answers(self) -> None:
        answers, self._answers = self._answers, []
        await self.services.outbox.reply_each(answers)
