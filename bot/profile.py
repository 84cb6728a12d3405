"""How the bot introduces itself in Telegram: description and command menus, per language."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommandScopeAllGroupChats, BotCommandScopeDefault

from handlers.commands import citizen_commands, group_commands
from services.chats.service import LANGUAGES
from services.text import Texts

log = structlog.get_logger()


async def introduce(bot: Bot, texts: Texts) -> None:
    """Set description and menus; the first language is also everybody else's."""
    try:
        for language in LANGUAGES:
            text = texts.of(language)
            code = None if language == LANGUAGES[0] else language
            await bot.set_my_description(str(text("profile.description")), code)
            await bot.set_my_short_description(str(text("profile.short-description")), code)
            await bot.set_my_commands(citizen_commands(text), BotCommandScopeDefault(), code)
            await bot.set_my_commands(group_commands(text), BotCommandScopeAllGroupChats(), code)
    except TelegramAPIError as error:
        log.warning("profile not set", error=type(error).__name__)
