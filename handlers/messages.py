"""How handlers speak: one way to say something, one way to put unasked news into words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import (
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)
from markupsafe import Markup

from services.text import Text

Reply = TelegramMethod[Any] | Sequence[TelegramMethod[Any]] | None
Row = Sequence[InlineKeyboardButton]
MAX_TEXT = 4096
MAX_CAPTION = 1024
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Address:
    """Where unasked news go: the chat (ours and Telegram's number) and its language."""

    chat_id: int
    telegram_id: int
    language: str


Renderer = Callable[[Any, Address, Text, Mapping[str, Any]], Awaitable[TelegramMethod[Any] | None]]
"""(services, address, text, params) -> what to send; None: nothing to say any more."""
FollowUp = Callable[[Any, int, Mapping[str, Any]], Awaitable[None]]
"""(services, number, params) of news that arrived: queues what belongs to them, with ids alone."""


def button(label: str, data: CallbackData) -> InlineKeyboardButton:
    """Return a button that calls a handler."""
    return InlineKeyboardButton(text=str(Markup(label).unescape()), callback_data=data.pack())  # noqa: S704


def link(label: str, url: str) -> InlineKeyboardButton:
    """Return a button that opens an address."""
    return InlineKeyboardButton(text=str(Markup(label).unescape()), url=url)  # noqa: S704


def copying(label: str, content: str) -> InlineKeyboardButton:
    """Return a button that copies something."""
    return InlineKeyboardButton(
        text=str(Markup(label).unescape()),  # noqa: S704
        copy_text=CopyTextButton(text=content),
    )


def keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """Return the rows as a keyboard; none when all are empty."""
    filled = [list(row) for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=filled) if filled else None


def say(chat_id: int, words: str, rows: Sequence[Row] = ()) -> SendMessage:
    """Return a message; never longer than Telegram takes."""
    return SendMessage(
        chat_id=chat_id,
        text=fitting(words),
        parse_mode="HTML",
        reply_markup=keyboard(rows),
        link_preview_options=NO_PREVIEW,
    )


def show(query: CallbackQuery, words: str, rows: Sequence[Row] = ()) -> TelegramMethod[Any]:
    """Change the message whose button was pressed; say it anew where it cannot be changed.

    A picture or a file stays as it is: its caption is not the place for another text.
    """
    message = query.message
    if isinstance(message, Message) and not (message.photo or message.document):
        return replace(message.chat.id, message.message_id, words, rows)
    return say(message.chat.id if message else query.from_user.id, words, rows)


def replace(
    chat_id: int, message_id: int | None, words: str, rows: Sequence[Row] = ()
) -> TelegramMethod[Any]:
    """Change an earlier message of ours; say it anew where there is none to change."""
    if message_id is None:
        return say(chat_id, words, rows)
    return EditMessageText(
        chat_id=chat_id,
        message_id=message_id,
        text=fitting(words),
        parse_mode="HTML",
        reply_markup=keyboard(rows),
        link_preview_options=NO_PREVIEW,
    )


def fitting(words: str, most: int = MAX_TEXT) -> str:
    """Cut a text at a line end so that it fits; lines are whole, so no tag is torn."""
    if len(words) <= most:
        return str(words)
    cut = words.rfind("\n", 0, most - 2)
    return str(words[: cut if cut > 0 else most - 2]) + "\n…"
