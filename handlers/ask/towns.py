"""Where somebody lives: asked once, said in words or by a tap, changed with /ort."""

from typing import Any

from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from handlers.ask.desk import Desk, Places
from handlers.buttons.citizens import AskTown, ChooseTown
from handlers.messages import Reply, say
from services.catalogue.records import Service
from services.region.records import Municipality


async def only_a_place(desk: Desk, places: Places) -> TelegramMethod[Any]:
    """A place and nothing else: remember it, and go on with what was asked before."""
    services = await desk.catalogue.find(desk.chats.talk(desk.chat).service or "")
    service = services[0] if services else None
    if len(places) > 1:
        return desk.ask_town(service, places)
    return await _live_in(desk, places[0], service)


async def _live_in(
    desk: Desk, place: Municipality, service: Service | None
) -> TelegramMethod[Any]:
    await desk.chats.live_in(desk.chat, place.ars)
    if service is None:
        return say(desk.chat.telegram_id, desk.text("ask.town-noted", town=place.name))
    return say(desk.chat.telegram_id, *await desk.card(service))


async def ask_town(
    query: CallbackQuery,
    callback_data: AskTown,
    desk: Desk,
) -> Reply:
    """Ask for the municipality, to change it."""
    services = await desk.catalogue.find(callback_data.service_id)
    return desk.ask_town(services[0] if services else None)


async def choose_town(
    query: CallbackQuery,
    callback_data: ChooseTown,
    desk: Desk,
) -> Reply:
    """Remember the municipality and go on with the service."""
    place = desk.region.municipality(callback_data.ars)
    if place is None:
        return say(desk.chat.telegram_id, desk.text("ask.town-unknown"))
    services = await desk.catalogue.find(callback_data.service_id)
    return await _live_in(desk, place, services[0] if services else None)


async def town(
    message: Message,
    desk: Desk,
) -> Reply:
    """/ort: ask for the municipality."""
    await desk.chats.forget_talk(desk.chat)
    return desk.ask_town(None)
