"""The truth test: two independent clients run one script and must see the same."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

import pytest
import telegram as ptb
from aiogram import Bot as AiogramBot
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from pydantic import BaseModel

from tests.simulator.pictures import png
from tests.simulator.telegram import ERIKA, GROUP, JOERG, TOKEN, LocalTelegram, local_telegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

BUTTONS = [
    [{"text": "Ja", "callback_data": "ja"}, {"text": "Netz", "url": "https://example.org/x"}],
    [{"text": "Kopie", "copy_text": {"text": "AZ-15"}}],
]
LEGACY = {
    "all_members_are_administrators",
    "accepted_gift_types",
    "new_chat_participant",
    "new_chat_member",
    "left_chat_participant",
    "can_manage_voice_chats",
    "can_send_gift",
    "can_send_media_messages",
}
"""Old fields the real server still sends in groups and no client knows any more."""
NEW = {"can_send_welcome_messages"}
"""Fields of Bot API 10.3 that aiogram needs and python-telegram-bot 22.8 does not know yet."""


class Client(Protocol):
    """A bot library; its methods are called by their names in the Bot API."""

    async def call(self, method: str, **arguments: Any) -> Any:
        """Return the result as plain data, an error as its description."""

    async def download(self, file_id: str) -> bytes:
        """Return the content of a file."""


class Aiogram:
    def __init__(self, bot: AiogramBot) -> None:
        self.bot = bot

    async def call(self, method: str, **arguments: Any) -> Any:
        for name in ("photo", "document"):
            if name in arguments:
                content, file_name = arguments[name]
                arguments[name] = types.BufferedInputFile(content, file_name)
        try:
            result = await getattr(self.bot, snake(method))(**arguments)
        except TelegramAPIError as error:
            return complaint(error)
        return normal(aiogram_values(self.bot, result))

    async def download(self, file_id: str) -> bytes:
        content = await self.bot.download(file_id)
        assert content
        return content.read()


class PythonTelegramBot:
    def __init__(self, bot: ptb.Bot) -> None:
        self.bot = bot
        self.leftovers: set[str] = set()

    async def call(self, method: str, **arguments: Any) -> Any:
        for name in ("photo", "document"):
            if name in arguments:
                content, file_name = arguments[name]
                arguments[name] = ptb.InputFile(content, file_name)
        try:
            result = await getattr(self.bot, snake(method))(**arguments)
        except ptb.error.TelegramError as error:
            return complaint(error)
        self.leftovers |= {name for one in objects(result) for name in one.api_kwargs}
        return normal(result)

    async def download(self, file_id: str) -> bytes:
        file = await self.bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())


def aiogram_values(bot: AiogramBot, result: Any) -> Any:
    """Return a result as plain data; aiogram's own function opens a new session each time."""
    if isinstance(result, BaseModel):
        result = result.model_dump(mode="python", warnings=False)
    return bot.session.prepare_value(result, bot=bot, files={}, _dumps_json=False)


def snake(method: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in method)


def objects(value: Any) -> Iterator[ptb.TelegramObject]:
    """Yield all objects of python-telegram-bot inside a value."""
    if isinstance(value, ptb.TelegramObject):
        yield value
        names = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
        for name in names - {"_bot", "_frozen"}:
            yield from objects(getattr(value, name, None))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from objects(item)


def normal(value: Any) -> Any:
    """Return plain data without what only one library adds."""
    if isinstance(value, ptb.TelegramObject):
        value = value.to_dict()
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, dict):
        known = {key.replace("from_user", "from"): normal(item) for key, item in value.items()}
        # An absent field, an empty list and a false flag are the same to a library.
        empty: tuple[object, ...] = (None, False, [])
        kept = known.keys() - LEGACY - NEW
        return {key: known[key] for key in kept if known[key] not in empty}
    if isinstance(value, list | tuple):
        return [normal(item) for item in value]
    return value


def complaint(error: Exception) -> str:
    """Return the words of an error; the libraries cut and spell them differently."""
    text = str(getattr(error, "message", error)).lower()
    return text.removeprefix("bad request: ").removeprefix("forbidden: ")


async def talk(telegram: LocalTelegram, client: Client) -> list[Any]:
    """A conversation that touches everything the libraries have in common."""
    seen: list[Any] = [await client.call("getMe")]
    await telegram.says(ERIKA, "/start plakat_7")
    updates = await client.call("getUpdates", allowed_updates=["message", "callback_query"])
    markup = {"inline_keyboard": BUTTONS}
    sent = await client.call(
        "sendMessage",
        chat_id=ERIKA,
        text="<b>Guten</b> Tag 😀",
        parse_mode="HTML",
        reply_markup=markup_of(client, markup),
    )
    await telegram.presses(ERIKA, sent, 0, 0)
    pressed = await client.call("getUpdates", offset=updates[-1]["update_id"] + 1)
    query = pressed[0]["callback_query"]["id"]
    place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
    seen += [updates, sent, pressed]
    seen.append(await client.call("answerCallbackQuery", callback_query_id=query, text="gut"))
    seen.append(await client.call("answerCallbackQuery", callback_query_id=query))
    seen.append(await client.call("editMessageText", **place, text="neu"))
    seen.append(await client.call("editMessageText", **place, text="neu"))
    seen.append(
        await client.call(
            "editMessageReplyMarkup", **place, reply_markup=markup_of(client, markup)
        )
    )
    return seen


async def send_files(client: Client) -> list[Any]:
    photo = await client.call(
        "sendPhoto", chat_id=ERIKA, photo=(png(4, 3), "x.png"), caption="Bild"
    )
    document = await client.call("sendDocument", chat_id=ERIKA, document=(b"abc", "Ü.txt"))
    content = await client.download(document["document"]["file_id"])
    place = await client.call("sendLocation", chat_id=ERIKA, latitude=51.75, longitude=11.97)
    action = await client.call("sendChatAction", chat_id=ERIKA, action="typing")
    return [photo, document, content, place, action]


async def introduce(client: Client) -> list[Any]:
    commands = commands_of(client, [{"command": "hilfe", "description": "Was ich kann"}])
    seen = [await client.call("setMyCommands", commands=commands, language_code="uk")]
    seen.append(await client.call("getMyCommands", language_code="uk"))
    seen.append(await client.call("setMyDescription", description="Guten Tag"))
    seen.append(await client.call("getMyDescription"))
    seen.append(await client.call("setMyShortDescription", short_description="kurz"))
    seen.append(await client.call("getMyShortDescription"))
    seen.append(await client.call("setMyName", name="Kreisbot"))
    seen.append(await client.call("getMyName"))
    seen.append(await client.call("getChatMenuButton"))
    return seen


async def look_around(telegram: LocalTelegram, client: Client) -> list[Any]:
    await telegram.says(JOERG, "/ack", GROUP)
    await telegram.sim(f"people/{ERIKA}/block", {})
    seen = [await client.call("sendMessage", chat_id=ERIKA, text="x")]
    await telegram.sim(f"people/{ERIKA}/unblock", {})
    everything = ["message", "channel_post", "my_chat_member"]
    seen.append(await client.call("getUpdates", allowed_updates=everything))
    await telegram.sim(f"people/{ERIKA}/block", {})
    seen.append(await client.call("getUpdates", offset=-1))
    seen.append(await client.call("getChat", chat_id=GROUP))
    seen.append(await client.call("getChat", chat_id=ERIKA))
    seen.append(await client.call("getChatMember", chat_id=GROUP, user_id=JOERG))
    seen.append(await client.call("getChatAdministrators", chat_id="@corona_abi"))
    seen.append(await client.call("getChatMemberCount", chat_id=GROUP))
    seen.append(await client.call("getWebhookInfo"))
    seen.append(await client.call("sendMessage", chat_id="@corona_abi", text="Neu: köthen.de"))
    return seen


def markup_of(client: Client, markup: dict[str, Any]) -> Any:
    if isinstance(client, Aiogram):
        return types.InlineKeyboardMarkup.model_validate(markup)
    return ptb.InlineKeyboardMarkup.de_json(markup, None)


def commands_of(client: Client, commands: list[dict[str, Any]]) -> Any:
    if isinstance(client, Aiogram):
        return [types.BotCommand(**one) for one in commands]
    return [ptb.BotCommand(**one) for one in commands]


@asynccontextmanager
async def aiogram_client(address: str) -> AsyncIterator[Aiogram]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with AiogramBot(TOKEN, session=session) as bot:
        yield Aiogram(bot)


@asynccontextmanager
async def ptb_client(address: str) -> AsyncIterator[PythonTelegramBot]:
    bot = ptb.Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot")
    async with bot:
        yield PythonTelegramBot(bot)


async def script(telegram: LocalTelegram, client: Client) -> list[Any]:
    seen = await talk(telegram, client)
    seen += await send_files(client)
    seen += await introduce(client)
    return seen + await look_around(telegram, client)


async def test_two_clients_see_the_same(socket_enabled: None) -> None:
    async with local_telegram() as telegram, aiogram_client(telegram.address) as aiogram:
        first = await script(telegram, aiogram)
    async with local_telegram() as telegram, ptb_client(telegram.address) as other:
        second = await script(telegram, other)
        assert other.leftovers <= LEGACY | NEW, other.leftovers
    for one, two in zip(first, second, strict=True):
        assert one == two


async def test_nothing_is_left_over_in_a_private_chat(socket_enabled: None) -> None:
    async with local_telegram() as telegram, ptb_client(telegram.address) as client:
        await talk(telegram, client)
        await send_files(client)
        await introduce(client)
        assert client.leftovers == set()
