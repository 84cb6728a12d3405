"""The command menu of a staff member's chat; everybody else sees the citizens' one."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import DeleteMyCommands, SetMyCommands, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeChat

from handlers.commands import citizen_commands, staff_commands
from handlers.messages import Address
from services.text import Text


async def menu(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Show staff commands to staff, and no longer to somebody who left."""
    scope = BotCommandScopeChat(chat_id=address.telegram_id)
    actor = await services.staff.actor(address.chat_id)
    if not actor.is_staff(services.staff.clock()):
        return DeleteMyCommands(scope=scope)
    commands: list[BotCommand] = [*citizen_commands(text), *staff_commands(text)]
    return SetMyCommands(commands=commands, scope=scope)


RENDERERS = {"staff.menu": menu}
