"""The form: one question at a time; what was asked stands in the database."""

from aiogram.types import CallbackQuery, Location, Message
from markupsafe import Markup

from handlers.buttons.sensors import AskDevice, PlaceDevice, SetDevice, SkipQuestion
from handlers.devices import testing
from handlers.devices.cards import card
from handlers.devices.desk import Desk
from handlers.devices.questions import Answer, asking, is_far, read
from handlers.messages import Reply, Row, button, say, show
from services.devices.model import Device
from services.devices.records import Asked
from services.devices.rules import AnswerError, Field, next_question, spot

STOP = {"abbrechen", "stopp", "stop", "cancel", "/abbrechen"}
LATER = {"später", "spaeter", "weiter", "überspringen", "later", "skip", "-"}
PRECISION = 100_000
"""Parts of a degree in a button: about a metre."""


async def begin(desk: Desk, device: Device) -> tuple[Markup, list[Row]]:
    """Ask the first question about a new device."""
    return await _next(desk, device, None)


async def ask(query: CallbackQuery, callback_data: AskDevice, device_desk: Desk) -> Reply:
    """Ask for one thing."""
    device = await device_desk.devices.get(device_desk.actor, callback_data.device)
    device_desk.devices.require(device_desk.actor, device)
    field = _field(callback_data.field)
    await device_desk.form.ask(device_desk.chat.id, device, field)
    return show(query, *await asking(device_desk, device, field, guided=False))


async def answer(message: Message, device_desk: Desk) -> Reply:
    """Understand the answer to what was asked last; then the next question, or the card."""
    desk = device_desk
    asked = await desk.form.asked(desk.chat.id)
    if asked is None:
        return None
    device = await desk.devices.get(desk.actor, asked.device_id)
    if asked.revision != device.revision:
        return await _outdated(desk, device)
    return say(message.chat.id, *await _understood(desk, device, asked, message))


async def _understood(
    desk: Desk, device: Device, asked: Asked, message: Message
) -> tuple[Markup, list[Row]]:
    words = (message.text or "").strip()
    if words.casefold() in STOP:
        return await _end(desk, device)
    if asked.field == testing.REASON:
        return await testing.reasoned(desk, device, words)
    if asked.guided and words.casefold() in LATER:
        return await _next(desk, device, _field(asked.field))
    if message.location is not None:
        return await _located(desk, device, asked, message.location)
    return await _typed(desk, device, asked, words)


async def _typed(desk: Desk, device: Device, asked: Asked, words: str) -> tuple[Markup, list[Row]]:
    said = await read(desk, _field(asked.field), words)
    if "latitude" in said and is_far(desk, said["latitude"], said["longitude"]):
        return _far(desk, device, said["latitude"], said["longitude"])
    return await _save(desk, device, asked.revision, _field(asked.field), said)


async def _located(
    desk: Desk, device: Device, asked: Asked, location: Location
) -> tuple[Markup, list[Row]]:
    if asked.field != Field.PLACE:
        raise AnswerError("devices.no-place-asked")
    here = spot(location.latitude, location.longitude)
    if is_far(desk, here.latitude, here.longitude):
        return _far(desk, device, here.latitude, here.longitude)
    said = {"latitude": here.latitude, "longitude": here.longitude}
    return await _save(desk, device, asked.revision, Field.PLACE, said)


def _far(
    desk: Desk, device: Device, latitude: float, longitude: float
) -> tuple[Markup, list[Row]]:
    """Ask whether a place far away is meant."""
    text = desk.text
    data = PlaceDevice(
        device=device.id,
        revision=device.revision,
        latitude=round(latitude * PRECISION),
        longitude=round(longitude * PRECISION),
    )
    words = text("devices.far", latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}")
    return words, [[button(text("devices.button-far"), data)]]


async def choose(query: CallbackQuery, callback_data: SetDevice, device_desk: Desk) -> Reply:
    """An answer by button counts like one in words."""
    desk, field = device_desk, _field(callback_data.field)
    device = await desk.devices.get(desk.actor, callback_data.device)
    said = await read(desk, field, callback_data.value)
    return show(query, *await _save(desk, device, callback_data.revision, field, said))


async def place(query: CallbackQuery, callback_data: PlaceDevice, device_desk: Desk) -> Reply:
    """Take a place that is far away."""
    desk, data = device_desk, callback_data
    device = await desk.devices.get(desk.actor, data.device)
    here = spot(data.latitude / PRECISION, data.longitude / PRECISION)
    said = {"latitude": here.latitude, "longitude": here.longitude}
    return show(query, *await _save(desk, device, data.revision, Field.PLACE, said))


async def skip(query: CallbackQuery, callback_data: SkipQuestion, device_desk: Desk) -> Reply:
    """Answer later, or leave it as it is."""
    desk = device_desk
    device = await desk.devices.get(desk.actor, callback_data.device)
    asked = await desk.form.asked(desk.chat.id)
    if callback_data.stop or asked is None or asked.device_id != device.id:
        return show(query, *await _end(desk, device))
    return show(query, *await _next(desk, device, _field(asked.field)))


async def _save(
    desk: Desk, device: Device, revision: int, field: Field, said: Answer
) -> tuple[Markup, list[Row]]:
    """Write an answer; in the guided form the next question follows."""
    asked = await desk.form.asked(desk.chat.id)
    guided = asked is not None and asked.guided and asked.device_id == device.id
    if field is Field.MAINTENANCE:
        until = said["maintenance_until"]
        changed = await desk.devices.maintain(desk.actor, device.id, revision, until)
    else:
        changed = await desk.devices.change(desk.actor, device.id, revision, **said)
    if guided:
        return await _next(desk, changed, field)
    return await _end(desk, changed)


async def _next(desk: Desk, device: Device, after: Field | None) -> tuple[Markup, list[Row]]:
    field = next_question(device, after)
    if field is None:
        return await _end(desk, device)
    await desk.form.ask(desk.chat.id, device, field, guided=True)
    return await asking(desk, device, field, guided=True)


async def _end(desk: Desk, device: Device) -> tuple[Markup, list[Row]]:
    await desk.form.close(desk.chat.id)
    return await card(desk, device)


async def _outdated(desk: Desk, device: Device) -> Reply:
    """Somebody else changed the device meanwhile: show it as it is now."""
    chat_id = desk.chat.telegram_id
    told = say(chat_id, desk.text("devices.changed"))
    return [told, say(chat_id, *await _end(desk, device))]


def _field(name: str) -> Field:
    try:
        return Field(name)
    except ValueError:
        raise AnswerError("devices.no-choice") from None
