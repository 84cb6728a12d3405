"""What those who run the sensors hear unasked: new unknown devices, ended maintenances."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.buttons.sensors import DeviceList, ShowDevice, ShowDevices
from handlers.devices.cards import card
from handlers.devices.desk import device_desk_of
from handlers.devices.questions import asking
from handlers.messages import Address, button, say
from services.devices.rules import Field
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


async def photo_read(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Say which device is on a photo, and ask the first question about a new one."""
    chat, actor = (
        await services.chats.get(address.chat_id),
        await services.staff.actor(address.chat_id),
    )
    scene = {**services.as_data(), "chat": chat, "text": text, "actor": actor}
    places = {"region": services.devices.region, "region_folder": Path()}
    desk = device_desk_of({**scene, **places})
    device = await services.devices.get(actor, params["device"])
    asked = await services.device_form.asked(address.chat_id)
    if not params["new"] or asked is None or asked.device_id != device.id:
        return say(address.telegram_id, *await card(desk, device))
    question, rows = await asking(desk, device, Field(asked.field), guided=True)
    registered = text("devices.registered", address=device.address)
    return say(address.telegram_id, text.lines([registered, "", question]), rows)


RENDERERS = {
    "devices.photo-read": photo_read,
    "devices.new-unknown": new_unknown,
    "devices.maintenance-over": maintenance_over,
}
