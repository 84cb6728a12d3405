"""The table of commands and buttons chooses the handler that aiogram's own way would choose."""

from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.types import Update

from bot.switchboard import OTHERS, Switchboard
from handlers.filters import Private, Words
from tests.fake_telegram import FakeTelegram


class Show(CallbackData, prefix="s"):
    number: int


class Shout(CallbackData, prefix="sh", sep="|"):
    number: int


def handler(name: str, *, skips: bool = False) -> Any:
    async def handle(event: Any) -> str:
        if skips:
            raise SkipHandler
        return name

    return handle


def routers() -> list[Router]:
    first, second = Router(), Router()
    first.message.register(handler("skipped", skips=True), Command("help"))
    first.message.register(handler("link"), CommandStart(deep_link=True))
    first.message.register(handler("help"), Command("help", "hilfe"), Private())
    first.message.register(handler("shouted"), Command("LOUD", ignore_case=True))
    first.message.register(handler("other sign"), Command("help", prefix="!"))
    first.callback_query.register(handler("show"), Show.filter())
    first.callback_query.register(handler("shout"), Shout.filter())
    second.message.register(handler("start"), CommandStart())
    second.message.register(handler("words"), Words())
    second.message.register(handler("anything"), Private())
    second.callback_query.register(handler("any press"))
    return [first, second]


TEXTS = (
    *("/help", "/hilfe me", " /help", "/help@abi_test_bot", "/help@other_bot", "/helps", "/HELP"),
    *("/start", "/start abc", "/loud", "/LOUD", "!help", "hello /help", "/", "//help", "\n", "é"),
)
PRESSES = ("s:1", "s:x", "s", "sh|1", "sh:1", "", ":", "other:1", "s:1:2")


def message(text: str, kind: str = "private", field: str = "text") -> dict[str, Any]:
    chat = {"id": 7, "type": kind, "first_name": "Erika", "title": "Gruppe"}
    user = {"id": 7, "is_bot": False, "first_name": "Erika"}
    return {"message": {"message_id": 1, "date": 1, "chat": chat, "from": user, field: text}}


def press(data: str) -> dict[str, Any]:
    user = {"id": 7, "is_bot": False, "first_name": "Erika"}
    return {"callback_query": {"id": "1", "from": user, "chat_instance": "1", "data": data}}


UPDATES = [
    *(message(text) for text in TEXTS),
    *(message(text, kind="group") for text in TEXTS),
    *(message(text, field="caption") for text in TEXTS),
    *(press(data) for data in PRESSES),
    {"edited_message": message("/help")["message"]},
]


@pytest.mark.parametrize("content", UPDATES, ids=str)
async def test_the_same_handler_answers(content: dict[str, Any]) -> None:
    bot = Bot("42:TEST", session=FakeTelegram())
    update = Update.model_validate({"update_id": 1, **content}, context={"bot": bot})
    plain, quick = Dispatcher(disable_fsm=True), Dispatcher(disable_fsm=True)
    plain.include_routers(*routers())
    quick.include_router(Switchboard(routers()))
    assert await quick.feed_update(bot, update) == await plain.feed_update(bot, update)


def test_a_command_asks_only_those_it_can_concern() -> None:
    table = Switchboard(routers()).observers["message"].by_word  # type: ignore[attr-defined]
    assert len(table["/hilfe"].handlers) == 5
    assert len(table[OTHERS].handlers) == 4


def test_routers_below_a_feature_s_router_are_refused_and_not_lost() -> None:
    [feature, *_] = routers()
    feature.include_router(Router())
    with pytest.raises(ValueError, match="one router"):
        Switchboard([feature])
