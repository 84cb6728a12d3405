"""A question for a measured value is answered by the sensors, before services are thought of."""

from typing import Any

from aiogram.methods import TelegramMethod

from handlers.ask.desk import Desk, Places
from handlers.messages import say
from handlers.readings.asked import Asked, asks_for, quantities_of
from handlers.readings.cards import SensorDesk
from handlers.readings.chat import reader
from handlers.tongues import offer
from services.chats.model import Kind
from services.devices.lookups import Sensors
from services.staff.rules import Actor


async def measured_value(
    desk: Desk,
    answering: SensorDesk,
    sensors: Sensors,
    actor: Actor,
    question: str,
    places: Places,
) -> TelegramMethod[Any] | None:
    """Return the answer; None: nobody asks for a measured value, or the county measures nothing.

    A county without sensors can still say who knows of floods, where its folder names them.
    """
    found = asks_for(question, answering)
    if found is None:
        return None
    whose = reader(actor, desk.chat)
    visible = await sensors.visible(whose, quantities_of(found))
    can_say = visible or (found.waters and desk.region.facts.sensors.flood)
    if not can_say and not await sensors.visible(whose):
        return None
    private = desk.chat.kind == Kind.PRIVATE
    asked = Asked(answering, visible, desk.chat.municipality or "", private)
    words, rows = await asked.reply(found, question, places)
    return say(desk.chat.telegram_id, words, [*rows, *offer(answering.text, desk.chat)])
