"""/sensor: staff register devices, say what and where they are, test and release them."""

from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendVenue, TelegramMethod
from aiogram.types import CallbackQuery, Message

from handlers.buttons.sensors import (
    AskDevice,
    DecodeDevice,
    DeviceView,
    MoveDevice,
    PlaceDevice,
    ReleaseDevice,
    SetDevice,
    ShowDevice,
    ShowDevices,
    SkipQuestion,
    TestDevice,
)
from handlers.devices import form, testing
from handlers.devices.cards import card, step, where
from handlers.devices.desk import Desk
from handlers.devices.filters import AnswersDevice, LabelPhoto, ScannedLabel
from handlers.devices.pages import names, overview, page
from handlers.devices.questions import changing
from handlers.filters import OnlyStaff
from handlers.messages import Reply, button, say, show
from lorawan.labels import Label, holds_key, read_label
from services.devices.model import Device, State
from services.devices.photos import DevicePhotos
from services.devices.rules import StateError

LARGEST = 2 * 1024 * 1024
"""Bytes of a photo; Telegram makes them smaller than this."""
SHORTEST = 2
"""Letters a search needs."""
MOVED = {
    State.TEST: "devices.now-test",
    State.RELEASED: "devices.now-released",
    State.RETIRED: "devices.now-retired",
    State.IGNORED: "devices.now-ignored",
}
SURE = {
    State.RETIRED: ("devices.sure-retire", "devices.button-retire"),
    State.IGNORED: ("devices.sure-ignore", "devices.button-ignore"),
}


async def sensor(message: Message, command: CommandObject, device_desk: Desk) -> Reply:
    """/sensor: the overview; with a label: register; with a name: find."""
    words = (command.args or "").strip()
    if not words:
        return say(message.chat.id, *await overview(device_desk))
    return await looked_up(device_desk, words)


async def photographed(message: Message, device_desk: Desk, device_photos: DevicePhotos) -> Reply:
    """A photo of a QR code; it is read beside the bot."""
    desk = device_desk
    sizes = [one for one in message.photo or () if (one.file_size or 0) <= LARGEST]
    if not sizes:
        return say(message.chat.id, desk.text("devices.photo-unread"))
    largest = max(sizes, key=lambda one: one.width * one.height)
    await device_photos.receive(desk.actor, desk.chat.id, largest.file_id)
    return say(message.chat.id, desk.text("devices.photo-working"))


async def scanned(message: Message, device_desk: Desk) -> Reply:
    """A QR code's text, pasted without a command."""
    return await looked_up(device_desk, message.text or "")


async def looked_up(desk: Desk, words: str) -> list[TelegramMethod[Any]]:
    """Register the device of a label, or find one by its name."""
    chat_id = desk.chat.telegram_id
    warning: list[TelegramMethod[Any]] = []
    if holds_key(words):
        warning = [say(chat_id, desk.text("devices.key-warning"))]
    label = read_label(words)
    if label is not None:
        return [*warning, *await labelled(desk, label)]
    if warning:
        return warning
    found = await desk.devices.find(desk.actor, words) if len(words) >= SHORTEST else []
    if len(found) == 1:
        return [say(chat_id, *await card(desk, found[0]))]
    key = "devices.several" if found else "devices.not-found"
    return [say(chat_id, desk.text(key, words=words), names(found))]


async def labelled(desk: Desk, label: Label) -> list[TelegramMethod[Any]]:
    """Register a device by its label and begin the form; show one that is known."""
    chat_id = desk.chat.telegram_id
    if label.torn:
        return [say(chat_id, desk.text("devices.torn-label"))]
    device, is_new = await desk.devices.register(desk.actor, label)
    if not is_new:
        return [say(chat_id, *await card(desk, device))]
    registered = say(chat_id, desk.text("devices.registered", address=device.address))
    return [registered, say(chat_id, *await form.begin(desk, device))]


async def turn_page(query: CallbackQuery, callback_data: ShowDevices, device_desk: Desk) -> Reply:
    """Show a list, or the overview."""
    return show(query, *await page(device_desk, callback_data))


async def show_device(query: CallbackQuery, callback_data: ShowDevice, device_desk: Desk) -> Reply:
    """Show a device, what can be changed, how it can be tested, or its place on a map."""
    device = await device_desk.devices.get(device_desk.actor, callback_data.device)
    if callback_data.view is DeviceView.CHANGE:
        return show(query, *changing(device_desk, device))
    if callback_data.view is DeviceView.TEST:
        return show(query, *await testing.offer(device_desk, device))
    if callback_data.view is DeviceView.PLACE:
        return venue(device_desk, device)
    await device_desk.form.close(device_desk.chat.id)
    return show(query, *await card(device_desk, device))


def venue(desk: Desk, device: Device) -> TelegramMethod[Any]:
    """Return the place as something a phone's map opens."""
    if device.latitude is None or device.longitude is None:
        return say(desk.chat.telegram_id, desk.text("devices.open"))
    return SendVenue(
        chat_id=desk.chat.telegram_id,
        latitude=device.latitude,
        longitude=device.longitude,
        title=device.name,
        address=str(where(device, desk.text).unescape()),
    )


async def move(query: CallbackQuery, callback_data: MoveDevice, device_desk: Desk) -> Reply:
    """Lead a device to another state; adopting begins the form."""
    desk, wanted = device_desk, _state(callback_data.state)
    device = await desk.devices.get(desk.actor, callback_data.device)
    if not callback_data.sure and wanted in SURE:
        key, label = SURE[wanted]
        back = button(desk.text("devices.button-card"), ShowDevice(device=device.id))
        rows = [[step(device, wanted, label, desk.text)], [back]]
        return show(query, desk.text(key, name=device.name), rows)
    if device.state == State.UNKNOWN and wanted is State.TEST:
        device = await desk.devices.adopt(desk.actor, device.id, callback_data.revision)
        told = desk.text("devices.adopted", name=device.name)
        question = say(desk.chat.telegram_id, *await form.begin(desk, device))
        return [show(query, told), question]
    device = await desk.devices.move(desk.actor, device.id, callback_data.revision, wanted)
    done = say(desk.chat.telegram_id, desk.text(MOVED[wanted], name=device.name))
    return [show(query, *await card(desk, device)), done]


async def decode_again(
    query: CallbackQuery, callback_data: DecodeDevice, device_desk: Desk
) -> Reply:
    """Have everything a device sent read again."""
    desk, data = device_desk, callback_data
    device = await desk.devices.decode_again(desk.actor, data.device, data.revision)
    done = say(desk.chat.telegram_id, desk.text("devices.decoding", name=device.name))
    return [show(query, *changing(desk, device)), done]


def _state(name: str) -> State:
    """Return the state a button names, or raise `StateError`."""
    wanted = next((one for one in MOVED if one == name), None)
    if wanted is None:
        raise StateError
    return wanted


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="devices")
    router.message.register(photographed, LabelPhoto())
    router.message.register(sensor, Command("sensor"), OnlyStaff())
    router.message.register(scanned, ScannedLabel())
    router.message.register(form.answer, AnswersDevice())
    router.callback_query.register(turn_page, ShowDevices.filter())
    router.callback_query.register(show_device, ShowDevice.filter())
    router.callback_query.register(form.ask, AskDevice.filter())
    router.callback_query.register(form.choose, SetDevice.filter())
    router.callback_query.register(form.place, PlaceDevice.filter())
    router.callback_query.register(form.skip, SkipQuestion.filter())
    router.callback_query.register(move, MoveDevice.filter())
    router.callback_query.register(decode_again, DecodeDevice.filter())
    router.callback_query.register(testing.test, TestDevice.filter())
    router.callback_query.register(testing.release, ReleaseDevice.filter())
    return router
