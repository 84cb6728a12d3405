"""Where somebody lives: asked once, said in words or by a tap, changed with /ort."""

from typing import Any

from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from handlers.ask.desk import Desk, Places
from handlers.buttons import AskTown, ChooseTown
from handlers.messages import Reply, say
from services.catalogue.records import Service
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.chats.service import Chats
from services.faq.service import Faqs
from services.golive.service import GoLive
from services.region.records import Municipality
from services.region.service import Region
from services.text import Text


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
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    faqs: Faqs,
) -> Reply:
    """Ask for the municipality, to change it."""
    services = await catalogue.find(callback_data.service_id)
    desk = Desk(text, chat, chats, region, catalogue, golive, faqs)
    return desk.ask_town(services[0] if services else None)


async def choose_town(
    query: CallbackQuery,
    callback_data: ChooseTown,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    faqs: Faqs,
) -> Reply:
    """Remember the municipality and go on with the service."""
    place = region.municipality(callback_data.ars)
    if place is None:
        return say(chat.telegram_id, text("ask.town-unknown"))
    desk = Desk(text, chat, chats, region, catalogue, golive, faqs)
    services = await catalogue.find(callback_data.service_id)
    return await _live_in(desk, place, services[0] if services else None)


async def town(
    message: Message,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    faqs: Faqs,
) -> Reply:
    """/ort: ask for the municipality."""
    await chats.forget_talk(chat)
    return Desk(text, chat, chats, region, catalogue, golive, faqs).ask_town(None)
