"""What every answer about alarms needs, and who may change what a chat hears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aiogram.enums import ChatType
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import CallbackQuery, InaccessibleMessage, Message

from handlers.alarms.wording import SEVERITIES
from handlers.messages import Row, say, show
from services.alarms.drafts import Drafts
from services.alarms.exercises import Exercises
from services.alarms.peace import Peaces
from services.alarms.rules.records import Severity
from services.alarms.ruling import Ruling
from services.alarms.situation import Situation
from services.alarms.stages import Stages
from services.alarms.subscriptions import AlarmSubscriptions, Caller
from services.alarms.thresholds import OwnThresholds
from services.chats.model import Chat, Kind
from services.clock import Clock
from services.devices.form import DeviceForm
from services.devices.lookups import Sensors
from services.heavy.service import Heavy
from services.readings.service import Readings
from services.region.service import Region
from services.staff.rules import Actor
from services.text import Text

Card = tuple[str, list[Row]]


class Administrators(Protocol):
    """Who runs which group, as Telegram said a moment ago."""

    def runs(self, group: int, person: int) -> bool | None:
        """Whether somebody runs a group; None: it is not known."""
        ...


@dataclass(frozen=True)
class AlarmDesk:
    """Somebody who asks about alarms, and what answers are made of."""

    text: Text
    chat: Chat
    actor: Actor
    region: Region
    clock: Clock
    sensors: Sensors
    readings: Readings
    subscriptions: AlarmSubscriptions
    thresholds: OwnThresholds
    situation: Situation
    peaces: Peaces
    exercises: Exercises
    ruling: Ruling
    stages: Stages
    drafts: Drafts
    device_form: DeviceForm
    heavy: Heavy
    administrators: Administrators | None
    """None where there is no Telegram to ask."""

    @property
    def is_private(self) -> bool:
        return self.chat.kind == Kind.PRIVATE

    @property
    def now(self) -> datetime:
        return self.clock()

    def caller(self, event: Message | CallbackQuery) -> Caller:
        """Return who wants to change what this chat hears.

        A group's anonymous administrators write as the group itself.
        """
        if self.is_private:
            return Caller(self.actor)
        group = self.chat.telegram_id
        if isinstance(event, Message) and event.sender_chat is not None:
            return Caller(self.actor, event.sender_chat.id == group)
        person, known = event.from_user, self.administrators
        runs = person is not None and known is not None and known.runs(group, person.id)
        return Caller(self.actor, bool(runs))

    def severity(self, severity: int) -> str:
        return self.text(SEVERITIES[Severity(severity)])

    def says(self, event: Message | CallbackQuery, card: Card) -> TelegramMethod[Any]:
        """Say something where it was asked: in a forum in the same topic."""
        said = say(self.chat.telegram_id, *card)
        thread = thread_of(event)
        return said if thread is None else in_topic(said, thread)

    def shows(self, query: CallbackQuery, card: Card) -> TelegramMethod[Any]:
        """Change the message whose button was pressed; below a picture say it anew."""
        shown, thread = show(query, *card), thread_of(query)
        if isinstance(shown, SendMessage) and thread is not None:
            return in_topic(shown, thread)
        return shown


def in_topic(said: SendMessage, thread: int) -> SendMessage:
    """Return a message for a topic of a forum."""
    return said.model_copy(update={"message_thread_id": thread})


def thread_of(event: Message | CallbackQuery) -> int | None:
    """Return the topic of a forum something happened in; None: no forum, or its general topic."""
    message = event if isinstance(event, Message) else event.message
    if message is None or isinstance(message, InaccessibleMessage):
        return None
    is_group = message.chat.type != ChatType.PRIVATE
    return message.message_thread_id if is_group and message.is_topic_message else None


def alarm_desk_of(data: Mapping[str, Any]) -> AlarmDesk:
    """Return the desk of a scene."""
    return AlarmDesk(
        text=data["text"],
        chat=data["chat"],
        actor=data["actor"],
        region=data["region"],
        clock=data["clock"],
        sensors=data["sensors"],
        readings=data["readings"],
        subscriptions=data["alarm_subscriptions"],
        thresholds=data["own_thresholds"],
        situation=data["situation"],
        peaces=data["peaces"],
        exercises=data["exercises"],
        ruling=data["ruling"],
        stages=data["stages"],
        drafts=data["alarm_drafts"],
        device_form=data["device_form"],
        heavy=data["heavy"],
        administrators=data["administrators"],
    )
