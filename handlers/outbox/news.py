"""What editors and operators are told of messages that may or may not have arrived."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.buttons.staff import SettlePost
from handlers.messages import Address, button, say
from services.text import Text


async def ask_post(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Ask an editor to look into the channel: is the post there?"""
    message = params["message"]
    again, arrived = (SettlePost(message=message, again=one) for one in (True, False))
    rows = [
        [button(text("outbox.button-post-again"), again)],
        [button(text("outbox.button-post-arrived"), arrived)],
    ]
    return say(address.telegram_id, text("outbox.ask-post", number=message), rows)


async def unknown_broadcasts(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Tell an operator how many messages of a broadcast are in doubt at this moment."""
    count = await services.deliveries.unknown_broadcasts()
    if not count:
        return None
    return say(address.telegram_id, text("outbox.unknown-broadcasts", count=count))


RENDERERS = {
    "outbox.ask-post": ask_post,
    "outbox.unknown-broadcasts": unknown_broadcasts,
}
