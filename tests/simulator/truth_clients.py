"""One way to call the Bot API through two libraries and four ways of plain HTTP."""

import json
from typing import Any, Protocol

import aiohttp
import telegram as ptb
from aiogram import Bot as AiogramBot
from aiogram import methods, types
from aiogram.exceptions import TelegramAPIError, TelegramMigrateToChat, TelegramRetryAfter

from tests.simulator.test_clients import aiogram_values, complaint, normal, objects, snake

LONGEST_ADDRESS = 7000
"""A GET that would be longer is sent as a form."""

Files = dict[str, tuple[bytes, str]]


class Caller(Protocol):
    """Calls a method by its name in the Bot API with plain JSON values."""

    async def call(self, method: str, files: Files, **arguments: Any) -> Any:
        """Return the normalised result, of a refusal its text."""


class Aiogram:
    def __init__(self, bot: AiogramBot) -> None:
        self.bot = bot

    async def call(self, method: str, files: Files, **arguments: Any) -> Any:
        for name, (content, file_name) in files.items():
            arguments[name] = types.BufferedInputFile(content, file_name)
        kind = getattr(methods, method[0].upper() + method[1:])
        try:
            result = await self.bot(kind(**arguments))
        except TelegramMigrateToChat as error:
            return f"migrated to {error.migrate_to_chat_id}"
        except TelegramRetryAfter as error:
            return f"retry after {error.retry_after}"
        except TelegramAPIError as error:
            return complaint(error)
        return normal(aiogram_values(self.bot, result))


def ptb_markup(value: dict[str, Any]) -> Any:
    if "inline_keyboard" in value:
        return ptb.InlineKeyboardMarkup.de_json(value, None)
    if "keyboard" in value:
        return ptb.ReplyKeyboardMarkup(**value)
    return ptb.ForceReply() if "force_reply" in value else ptb.ReplyKeyboardRemove()


def ptb_media(value: dict[str, Any]) -> Any:
    kinds = {"photo": ptb.InputMediaPhoto, "document": ptb.InputMediaDocument}
    return kinds[value["type"]](**{name: one for name, one in value.items() if name != "type"})


def ptb_result(value: dict[str, Any]) -> Any:
    content = ptb.InputTextMessageContent(**value["input_message_content"])
    return ptb.InlineQueryResultArticle(value["id"], value["title"], content)


PTB_TYPES: dict[str, Any] = {
    "reply_markup": ptb_markup,
    "entities": lambda value: [ptb.MessageEntity(**one) for one in value],
    "reply_parameters": lambda value: ptb.ReplyParameters(**value),
    "link_preview_options": lambda value: ptb.LinkPreviewOptions(**value),
    "commands": lambda value: [ptb.BotCommand(**one) for one in value],
    "scope": lambda value: ptb.BotCommandScope.de_json(value, None),
    "menu_button": lambda value: ptb.MenuButton.de_json(value, None),
    "reaction": lambda value: [ptb.ReactionTypeEmoji(one["emoji"]) for one in value],
    "results": lambda value: [ptb_result(one) for one in value],
    "media": lambda value: (
        [ptb_media(one) for one in value] if isinstance(value, list) else ptb_media(value)
    ),
}


class PythonTelegramBot:
    def __init__(self, bot: ptb.Bot) -> None:
        self.bot = bot
        self.leftovers: set[str] = set()

    async def call(self, method: str, files: Files, **arguments: Any) -> Any:
        for name, (content, file_name) in files.items():
            arguments[name] = ptb.InputFile(content, file_name)
        for name in arguments.keys() & PTB_TYPES.keys():
            arguments[name] = PTB_TYPES[name](arguments[name])
        try:
            result = await getattr(self.bot, snake(method))(**arguments)
        except ptb.error.ChatMigrated as error:
            return f"migrated to {error.new_chat_id}"
        except ptb.error.RetryAfter as error:
            return f"retry after {int(error.retry_after)}"
        except ptb.error.TelegramError as error:
            return complaint(error)
        self.leftovers |= {name for one in objects(result) for name in one.api_kwargs}
        return normal(result)


class PlainHttp:
    """Values as JSON, as a form, as multipart or in the address."""

    def __init__(self, http: aiohttp.ClientSession, api: str, way: str) -> None:
        self.http = http
        self.api = api
        self.way = way

    async def call(self, method: str, files: Files, **arguments: Any) -> Any:
        async with self._request(f"{self.api}/{method}", files, arguments) as response:
            body = await response.json()
        if body["ok"]:
            return normal(body["result"])
        parameters = body.get("parameters", {})
        if "migrate_to_chat_id" in parameters:
            return f"migrated to {parameters['migrate_to_chat_id']}"
        if "retry_after" in parameters:
            return f"retry after {parameters['retry_after']}"
        return complaint(Exception(body["description"]))

    def _request(self, url: str, files: Files, arguments: dict[str, Any]) -> Any:
        if self.way == "json" and not files:
            return self.http.post(url, json=arguments)
        values = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in arguments.items()
        }
        if self.way == "multipart" or files:
            form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
            for name, value in values.items():
                form.add_field(name, value)
            for name, (content, file_name) in files.items():
                form.add_field(name, content, filename=file_name)
            return self.http.post(url, data=form)
        if self.way == "get" and len(json.dumps(values)) < LONGEST_ADDRESS // 2:
            return self.http.get(url, params=values)
        return self.http.post(url, data=values)
