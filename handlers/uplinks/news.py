"""What operators are told of the sources of sensor data: silence, and what could not be read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.messages import Address, say
from services.text import Text


async def set_aside(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """A message failed five times; it waits for `abibot uplinks retry`."""
    return say(address.telegram_id, text("uplinks.set-aside", source=params["source"]))


async def silent(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Nothing came from a source for longer than it should."""
    return say(address.telegram_id, text("uplinks.silent", **_source_and_time(text, params)))


async def heard_again(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """A source that was silent sends again."""
    return say(address.telegram_id, text("uplinks.heard-again", **_source_and_time(text, params)))


def _source_and_time(text: Text, params: Mapping[str, Any]) -> dict[str, object]:
    since = datetime.fromisoformat(params["since"])
    return {"source": params["source"], "since": text.moment(since)}


RENDERERS = {
    "uplinks.set-aside": set_aside,
    "uplinks.silent": silent,
    "uplinks.heard-again": heard_again,
}
