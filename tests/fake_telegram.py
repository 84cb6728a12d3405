"""Telegram as far as tests need it: remembers what was sent, and can refuse."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import (
    EditMessageText,
    GetChatMember,
    GetFile,
    GetMe,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVenue,
    TelegramMethod,
)
from aiogram.types import (
    Chat,
    ChatMemberLeft,
    ChatMemberOwner,
    File,
    InlineKeyboardMarkup,
    Message,
    User,
)

BOT = User(id=42, is_bot=True, first_name="Bot", username="abi_test_bot")


@dataclass(frozen=True)
class Said:
    """A message of the bot as a person sees it."""

    chat_id: int
    text: str
    message_id: int
    keyboard: InlineKeyboardMarkup | None = None

    @property
    def buttons(self) -> dict[str, str]:
        """Return the callback data of each button by its label."""
        rows = self.keyboard.inline_keyboard if self.keyboard else []
        return {one.text: one.callback_data or one.url or "" for row in rows for one in row}


@dataclass
class FakeTelegram(BaseSession):
    """Answers every method; `log` holds them all, `said` what people got to read."""

    log: list[TelegramMethod[Any]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    errors: list[Exception] = field(default_factory=list)
    refusals: dict[int, list[Exception]] = field(default_factory=dict)
    """What comes back instead of the next messages to a chat."""

    files: dict[str, bytes] = field(default_factory=dict)
    """What people sent, by the file's id."""

    owners: set[tuple[int, int]] = field(default_factory=set)
    """Groups and the people who run them."""

    def __post_init__(self) -> None:
        super().__init__()

    async def close(self) -> None:
        """Nothing is open."""

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        self.log.append(method)
        if self.errors:
            raise self.errors.pop(0)
        if isinstance(method, GetMe):
            return BOT
        if isinstance(method, GetChatMember):
            return self._member(method)
        if isinstance(method, GetFile):
            return self._file(method)
        if isinstance(method, SendMessage | EditMessageText | SendDocument | SendPhoto):
            return self._message(method)
        if isinstance(method, SendVenue):
            return self._place(method)
        return True

    def _member(self, method: GetChatMember) -> ChatMemberOwner | ChatMemberLeft:
        somebody = User(id=method.user_id, is_bot=False, first_name="Planted-Name")
        if (method.chat_id, method.user_id) in self.owners:
            return ChatMemberOwner(user=somebody, is_anonymous=False)
        return ChatMemberLeft(user=somebody)

    def _file(self, method: GetFile) -> File:
        if method.file_id not in self.files:
            raise TelegramBadRequest(method, "Bad Request: invalid file_id")
        return File(
            file_id=method.file_id, file_unique_id=method.file_id, file_path=method.file_id
        )

    def _place(self, method: SendVenue) -> Message:
        """Return a message without words: a pin on a map."""
        chat_id = int(method.chat_id)
        if chat_id in self.blocked:
            raise TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
        return Message(
            message_id=len(self.log),
            date=datetime.now(UTC),  # noqa: TID251 - Telegram's clock, not ours
            chat=Chat(id=chat_id, type="private"),
        )

    def _message(
        self, method: SendMessage | EditMessageText | SendDocument | SendPhoto
    ) -> Message:
        chat_id = int(method.chat_id or 0)
        if self.refusals.get(chat_id):
            raise self.refusals[chat_id].pop(0)
        if chat_id in self.blocked:
            raise TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
        captioned = isinstance(method, SendDocument | SendPhoto)
        words = method.caption if captioned else method.text
        keyboard = method.reply_markup
        number = getattr(method, "message_id", None) or len(self.log)
        shown = keyboard if isinstance(keyboard, InlineKeyboardMarkup) else None
        self.said.append(Said(chat_id, words or "", number, shown))
        return Message(
            message_id=number,
            date=datetime.now(UTC),  # noqa: TID251 - Telegram's clock, not ours
            chat=Chat(id=chat_id, type="private"),
            text=words,
        )

    async def stream_content(
        self, url: str, *args: object, **kwargs: object
    ) -> AsyncGenerator[bytes, None]:
        yield self.files[url.rpartition("/")[2]]
