"""What operators are told when an update was given up: the number in the log and what to do."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.messages import Address, say
from services.text import Text


async def set_aside(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """An update failed three times; it waits for `abibot inbox retry`."""
    return say(address.telegram_id, text("inbox.set-aside", number=params["number"]))


RENDERERS = {"inbox.set-aside": set_aside}
