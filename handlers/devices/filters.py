"""Which messages of staff are about a device though they carry no command."""

from aiogram.enums import ChatType
from aiogram.filters import BaseFilter
from aiogram.types import Message

from handlers.devices.desk import Desk
from nlu.emergencies import emergency_in
from services.staff.rules import Action

LABELS = ("LW:D", "URN:LW:D", "URN:DEV:LW:D")


def _runs_sensors(message: Message, desk: Desk) -> bool:
    private = message.chat.type == ChatType.PRIVATE
    return private and desk.actor.may_somewhere(Action.RUN_SENSORS, desk.devices.clock())


class ScannedLabel(BaseFilter):
    """A QR code's text as a phone's scanner copies it."""

    async def __call__(self, message: Message, device_desk: Desk) -> bool:
        words = (message.text or "").lstrip().upper()
        return words.startswith(LABELS) and _runs_sensors(message, device_desk)


class AnswersDevice(BaseFilter):
    """Words, or a place, from somebody who was asked about a device a while ago."""

    async def __call__(self, message: Message, device_desk: Desk) -> bool:
        words = message.text or ""
        is_answer = message.location is not None or (bool(words) and not words.startswith("/"))
        if not is_answer or not _runs_sensors(message, device_desk):
            return False
        if await device_desk.form.asked(device_desk.chat.id) is None:
            return False
        return emergency_in(words) is None  # danger comes first, whatever was asked


class LabelPhoto(BaseFilter):
    """A photo: whoever runs sensors sends those of labels."""

    async def __call__(self, message: Message, device_desk: Desk) -> bool:
        caption = message.caption or ""
        told = not caption.startswith("/") or caption.startswith("/sensor")
        return bool(message.photo) and told and _runs_sensors(message, device_desk)
