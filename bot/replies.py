"""Between a handler's answer (a Telegram method) and its row in the outbox."""

import base64
from collections.abc import Sequence
from typing import Any

from aiogram import methods
from aiogram.methods import AnswerCallbackQuery, SendChatAction, TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import BaseModel

from services.outbox.service import Reply

AT_ONCE = (AnswerCallbackQuery, SendChatAction)
"""Worthless when late, harmless when lost: these never go through the outbox."""
FILE = "file:"


def as_list(answer: Any) -> list[TelegramMethod[Any]]:
    """Return a handler's answer as a list; nothing for None and for unhandled updates."""
    if isinstance(answer, TelegramMethod):
        return [answer]
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return [method for method in answer if isinstance(method, TelegramMethod)]
    return []


def address_of(method: TelegramMethod[Any]) -> int:
    """Return the chat a method goes to."""
    chat_id = getattr(method, "chat_id", None)
    if not isinstance(chat_id, int):
        raise TypeError(f"{type(method).__name__} names no chat")
    return chat_id


def as_reply(method: TelegramMethod[Any]) -> Reply:
    """Return the row of a method: its fields without the chat, small files inside."""
    fields: dict[str, Any] = {}
    for name in method.model_fields_set - {"chat_id"}:
        value = getattr(method, name)
        if isinstance(value, BufferedInputFile):
            fields[FILE + name] = [value.filename, base64.b64encode(value.data).decode()]
        elif value is not None:
            fields[name] = value
    plain = {name: _plain(value) for name, value in fields.items()}
    return Reply(type(method).__name__, plain)


def _plain(value: Any) -> Any:
    """Return plain data: what was set, and the `type` that tells Telegram's unions apart."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, BaseModel):
        return value
    names = value.model_fields_set | (type(value).model_fields.keys() & {"type"})
    fields = {name: _plain(getattr(value, name)) for name in sorted(names)}
    return {name: field for name, field in fields.items() if field is not None}


def as_method(name: str, payload: dict[str, Any], telegram_id: int) -> TelegramMethod[Any]:
    """Return the method of a row, addressed to the chat's present id."""
    fields = dict(payload)
    for key in [key for key in fields if key.startswith(FILE)]:
        filename, content = fields.pop(key)
        fields[key.removeprefix(FILE)] = BufferedInputFile(base64.b64decode(content), filename)
    method: type[TelegramMethod[Any]] = getattr(methods, name)
    if "chat_id" in method.model_fields:
        fields["chat_id"] = telegram_id
    return method(**fields)
