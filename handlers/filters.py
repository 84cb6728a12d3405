"""Filters that several features need; async classes, since plain functions cost a thread each."""

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.filters import BaseFilter, CommandObject
from aiogram.types import Message

from services.clock import Clock
from services.staff.rules import Actor


class Private(BaseFilter):
    """A message of a person to the bot alone."""

    async def __call__(self, message: Message) -> bool:
        return message.chat.type == ChatType.PRIVATE


class Words(BaseFilter):
    """A question in words: in a private chat any text that is no command."""

    async def __call__(self, message: Message) -> bool:
        words = message.text or ""
        return message.chat.type == ChatType.PRIVATE and bool(words) and not words.startswith("/")


class CalledByName(BaseFilter):
    """Words in a group with the bot's name in them; what they reply to is never stored."""

    async def __call__(self, message: Message, bot: Bot) -> bool:
        words = message.text or ""
        if message.chat.type == ChatType.PRIVATE or "@" not in words or words.startswith("/"):
            return False
        return f"@{(await bot.me()).username}".lower() in words.lower()


class WithoutPayload(BaseFilter):
    """A command and nothing behind it; a /start with a payload comes from a link."""

    async def __call__(self, _message: Message, command: CommandObject) -> bool:
        return not command.args


class OnlyStaff(BaseFilter):
    """Somebody with a role that holds now; to everybody else staff commands do not exist."""

    async def __call__(self, message: Message, actor: Actor, clock: Clock) -> bool:
        return message.chat.type == ChatType.PRIVATE and actor.is_staff(clock())
