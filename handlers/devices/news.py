"""What those who run the sensors hear unasked: new unknown devices, ended maintenances."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.buttons import DeviceList, ShowDevice, ShowDevices
from handlers.messages import Address, button, say
from services.text import Text


async def new_unknown(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Say once a day how many devices wait to be adopted."""
    see = button(text("devices.button-unknown"), ShowDevices(listed=DeviceList.UNKNOWN))
    return say(address.telegram_id, text("devices.new-unknown", count=params["count"]), [[see]])


async def maintenance_over(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Say that a device counts again."""
    see = button(text("devices.button-card"), ShowDevice(device=params["device"]))
    words = text("devices.maintenance-over", name=params["name"])
    return say(address.telegram_id, words, [[see]])


RENDERERS = {
    "devices.new-unknown": new_unknown,
    "devices.maintenance-over": maintenance_over,
}
