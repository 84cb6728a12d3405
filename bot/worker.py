"""Works off the inbox: each update in one transaction, each person's updates in their order."""

import asyncio
import json
import secrets
import time
import traceback
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.types import CallbackQuery, ChatMemberUpdated, TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError

from bot.replies import AT_ONCE, address_of, as_list, as_reply
from bot.tasks import Tasks
from bot.unit_of_work import UnitsOfWork, rest
from bot.wiring import Services
from handlers.messages import say
from services.chats.model import Chat, Kind
from services.errors import ServiceError
from services.inbox.service import Pace
from services.inbox.store import Waiting
from services.staff.rules import Actor
from services.text import Texts

log = structlog.get_logger()
IDLE_SECONDS = 0.5
PEOPLE_AT_ONCE = 4


class Worker:
    """Takes updates from the inbox and lets the dispatcher's handlers answer them."""

    def __init__(
        self,
        work: UnitsOfWork,
        dispatcher: Dispatcher,
        bot: Bot,
        texts: Texts,
        tasks: Tasks,
        given: dict[str, Any],
    ) -> None:
        self.work = work
        self.dispatcher = dispatcher
        self.bot = bot
        self.texts = texts
        self.tasks = tasks
        self.given = given

    async def run(self) -> None:
        """Work until cancelled; a database that is away for a while ends nothing."""
        while True:
            self.work.inbox_bell.clear()
            try:
                worked = await self.work_off()
            except Exception as error:  # noqa: BLE001 - see above
                log.error("inbox not worked off", error=type(error).__name__)
                worked = 0
            if not worked:
                await rest(self.work.inbox_bell, IDLE_SECONDS)

    async def work_off(self) -> int:
        """Handle what waits now; return how many updates that were."""
        async with self.work.reading() as services:
            rows = await services.inbox.waiting()
        by_person: dict[int, list[Waiting]] = defaultdict(list)
        for row in rows:
            by_person[row.person_id].append(row)
        gate = asyncio.Semaphore(PEOPLE_AT_ONCE)
        await asyncio.gather(*(self._one_person(rows, gate) for rows in by_person.values()))
        return len(rows)

    async def _one_person(self, rows: Sequence[Waiting], gate: asyncio.Semaphore) -> None:
        async with gate:
            for row in rows:
                if not await self._handle(row):
                    return  # the rest of this person waits for the retry

    async def _handle(self, row: Waiting) -> bool:
        """Handle one update; return False when it has to be tried again."""
        update, began = None, time.perf_counter()
        try:
            update = Update.model_validate(json.loads(row.body), context={"bot": self.bot})
            at_once = await self._effects(row, update)
        except Exception as error:  # noqa: BLE001 - one update must never stop the others
            await self._failed(row, update, error)
            return False
        self.work.metrics.update_handled(time.perf_counter() - began)
        self._send_at_once(update, at_once)
        return True

    async def _effects(self, row: Waiting, update: Update) -> list[TelegramMethod[Any]]:
        try:
            return await self._in_transaction(row, update, None)
        except ServiceError as error:
            return await self._in_transaction(row, update, error)

    async def _in_transaction(
        self, row: Waiting, update: Update, error: ServiceError | None
    ) -> list[TelegramMethod[Any]]:
        """Handle an update (or say which rule it broke); effects and answers commit together."""
        async with self.work.transaction() as services:
            if not await services.inbox.finish(row.update_id):
                return []
            scene = await self._scene(services, update)
            if scene is None:
                return []
            answer = await self._answer(row, update, scene, error)
            at_once: list[TelegramMethod[Any]] = [
                one for one in answer if isinstance(one, AT_ONCE)
            ]
            await self._queue(services, [one for one in answer if one not in at_once])
            return at_once

    async def _answer(
        self, row: Waiting, update: Update, scene: dict[str, Any], error: ServiceError | None
    ) -> list[TelegramMethod[Any]]:
        chat, text = scene["chat"], scene["text"]
        if error is not None:
            return [say(chat.telegram_id, text(error.text_key, **error.params))]
        pace = await scene["inbox"].pace(row.update_id, row.person_id, row.received_at)
        if pace is Pace.TELL:
            return [say(chat.telegram_id, text("error.too-fast"))]
        if pace is Pace.IGNORE:
            return []
        return as_list(await self.dispatcher.feed_update(self.bot, update, **scene))

    async def _scene(self, services: Services, update: Update) -> dict[str, Any] | None:
        """Return what handlers may ask for besides the use cases: chat, actor, text."""
        event = _event(update)
        user, place = getattr(event, "from_user", None), _place(event)
        if place is None:
            return None
        kind, telegram_id = place
        language = user.language_code if user and kind == Kind.PRIVATE else None
        writes = not isinstance(event, ChatMemberUpdated)
        chat = await services.chats.meet(telegram_id, kind, language, writes=writes)
        return {
            **services.as_data(),
            **self.given,
            "chat": chat,
            "text": self.texts.of(chat.language),
            "actor": await self._actor(services, chat, user.id if user else None),
        }

    @staticmethod
    async def _actor(services: Services, chat: Chat, user_id: int | None) -> Actor:
        person = chat if chat.kind == Kind.PRIVATE else None
        if person is None and user_id is not None:
            person = await services.chats.find(user_id)
        return await services.staff.actor(person.id) if person else Actor()

    async def _queue(self, services: Services, answer: Sequence[TelegramMethod[Any]]) -> None:
        for method in answer:
            chat = await services.chats.find(address_of(method))
            if chat is not None:
                await services.outbox.reply(chat.id, [as_reply(method)])

    async def _failed(self, row: Waiting, update: Update | None, error: Exception) -> None:
        """Apologise with a number that stands in the log; no text and no id of a person does."""
        number = secrets.token_hex(3)
        self.work.metrics.update_failed()
        log.error(
            "update failed",
            number=number,
            update_kind=type(_event(update)).__name__,
            error=type(error).__name__,
            attempt=row.attempts + 1,
            where="".join(traceback.format_tb(error.__traceback__)),
        )
        async with self.work.transaction() as services:
            given_up = await services.inbox.failed(row.update_id, row.attempts)
            scene = await self._scene(services, update) if given_up and update else None
            if scene is not None:
                chat = scene["chat"]
                apology = scene["text"]("error.unknown", number=number)
                await services.outbox.reply(chat.id, [as_reply(say(chat.telegram_id, apology))])

    def _send_at_once(self, update: Update, answer: list[TelegramMethod[Any]]) -> None:
        query = update.callback_query
        if query is not None and not any(isinstance(one, AnswerCallbackQuery) for one in answer):
            answer = [*answer, AnswerCallbackQuery(callback_query_id=query.id)]
        for method in answer:
            self.tasks.start(self._try(method), type(method).__name__)

    async def _try(self, method: TelegramMethod[Any]) -> None:
        try:
            await self.bot(method)
        except TelegramAPIError as error:
            log.info(
                "not answered at once", method=type(method).__name__, error=type(error).__name__
            )


def _event(update: Update | None) -> TelegramObject | None:
    """Return what happened; None for an unreadable update and for kinds we do not know."""
    try:
        return update.event if update else None
    except UpdateTypeLookupError:
        return None


def _place(event: TelegramObject | None) -> tuple[str, int] | None:
    """Return type and id of the chat something happened in."""
    if isinstance(event, CallbackQuery):
        event = event.message or event
    chat = getattr(event, "chat", None)
    return (chat.type, chat.id) if chat else None
