"""What sensors measure, for everybody: /sensoren, the nearest, values, charts, tables, map."""

from aiogram import Router
from aiogram.enums import ChatAction
from aiogram.filters import BaseFilter, Command
from aiogram.methods import AnswerCallbackQuery, SendChatAction, SendDocument, SendVenue
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from handlers.buttons.sensors import (
    DrawReadings,
    ListSensors,
    LocateSensor,
    SendReadings,
    ShowSensor,
)
from handlers.filters import Private
from handlers.messages import Reply, say, show
from handlers.readings.cards import SensorDesk
from handlers.readings.charts import caption_of, chart_of, span, title
from handlers.readings.heavy import DRAW
from handlers.readings.lists import TYPES, nearest, overview, page_of
from handlers.readings.quantities import QUANTITIES
from handlers.readings.series import Table, gather
from handlers.readings.table import csv_of, file_name
from services.alarms.exercises import Exercises
from services.alarms.service import Alarms
from services.alarms.stages import Stages
from services.chats.model import Chat, Kind
from services.clock import Clock
from services.devices.lookups import Sensor, Sensors, UnknownSensorError
from services.heavy.service import Heavy
from services.readings.service import Readings
from services.region.service import Region
from services.staff.rules import Actor
from services.text import Text

CITIZEN = Actor()
"""In a group everybody reads along: nobody sees more than a citizen."""


class HasLocation(BaseFilter):
    """Somebody says where they are."""

    async def __call__(self, message: Message) -> bool:
        return message.location is not None


def reader(actor: Actor, chat: Chat) -> Actor:
    """Return as whom somebody reads: in a group as a citizen."""
    return actor if chat.kind == Kind.PRIVATE else CITIZEN


async def sensors_of_the_county(
    message: Message, text: Text, chat: Chat, actor: Actor, sensors: Sensors, region: Region
) -> Reply:
    """/sensoren: what there is, by type and municipality."""
    visible = await sensors.visible(reader(actor, chat))
    card = overview(visible, text, region, private=chat.kind == Kind.PRIVATE)
    return say(chat.telegram_id, *card)


async def near(message: Message, text: Text, chat: Chat, actor: Actor, sensors: Sensors) -> Reply:
    """A location: the nearest sensors. Where somebody is, is used and forgotten."""
    here = message.location
    if here is None:
        return None
    found = await sensors.near(actor, latitude=here.latitude, longitude=here.longitude)
    return say(chat.telegram_id, *nearest(found, text))


async def turn_page(
    query: CallbackQuery,
    callback_data: ListSensors,
    text: Text,
    chat: Chat,
    actor: Actor,
    sensors: Sensors,
    region: Region,
) -> Reply:
    """Show the list again, or a page of one type, in place of the message."""
    visible = await sensors.visible(reader(actor, chat))
    if callback_data.type not in TYPES:
        return show(query, *overview(visible, text, region, private=True))
    return show(query, *page_of(visible, callback_data.type, callback_data.page, text, region))


async def show_sensor(
    query: CallbackQuery,
    callback_data: ShowSensor,
    text: Text,
    chat: Chat,
    actor: Actor,
    sensors: Sensors,
    readings: Readings,
    region: Region,
    clock: Clock,
    stages: Stages,
    exercises: Exercises,
) -> Reply:
    """Say what a sensor measures, as a message of its own: lists and pictures stay."""
    wanted = callback_data
    sensor = await sensors.get(reader(actor, chat), wanted.device)
    desk = SensorDesk(text, region, readings, clock(), stages, exercises)
    return say(chat.telegram_id, *await desk.card(sensor, wanted.quantity, wanted.channel))


async def draw(
    query: CallbackQuery,
    callback_data: DrawReadings,
    text: Text,
    chat: Chat,
    actor: Actor,
    sensors: Sensors,
    readings: Readings,
    region: Region,
    clock: Clock,
    heavy: Heavy,
    alarms: Alarms,
) -> Reply:
    """Say at once that it is being drawn; the picture comes when it is."""
    table = await _table(callback_data, reader(actor, chat), sensors, readings, region, clock)
    guides = await alarms.guide_values(table.sensor.id, table.quantity, table.channel)
    facts = region.facts
    county = facts.name_en if text.language == "en" else facts.name
    await heavy.defer(
        DRAW,
        chat_id=chat.id,
        chart=chart_of(table, text, region, county=county, guides=guides),
        caption=caption_of(table, text),
        **callback_data.model_dump(mode="json"),
    )
    return [
        AnswerCallbackQuery(callback_query_id=query.id, text=text("readings.drawing").unescape()),
        SendChatAction(chat_id=chat.telegram_id, action=ChatAction.UPLOAD_PHOTO),
    ]


async def send_table(
    query: CallbackQuery,
    callback_data: SendReadings,
    text: Text,
    chat: Chat,
    actor: Actor,
    sensors: Sensors,
    readings: Readings,
    region: Region,
    clock: Clock,
) -> Reply:
    """Send the values as a file for spreadsheets."""
    table = await _table(callback_data, reader(actor, chat), sensors, readings, region, clock)
    if not table.rows:
        return say(chat.telegram_id, text("readings.chart-nothing"))
    file = BufferedInputFile(csv_of(table, text, region.zone), file_name(table))
    words = text.lines([title(table, text), span(table, text), text("readings.unchecked")])
    return SendDocument(chat_id=chat.telegram_id, document=file, caption=words, parse_mode="HTML")


async def locate(
    query: CallbackQuery,
    callback_data: LocateSensor,
    text: Text,
    chat: Chat,
    actor: Actor,
    sensors: Sensors,
    region: Region,
) -> Reply:
    """Show on a map where a sensor is."""
    sensor = await sensors.get(reader(actor, chat), callback_data.device)
    if sensor.latitude is None or sensor.longitude is None:
        raise UnknownSensorError
    return SendVenue(
        chat_id=chat.telegram_id,
        latitude=sensor.latitude,
        longitude=sensor.longitude,
        title=sensor.name,
        address=_address(sensor, region),
    )


def _address(sensor: Sensor, region: Region) -> str:
    town = region.area_name(sensor.ars)
    return ", ".join(part for part in (sensor.place, town) if part)


async def _table(
    wanted: DrawReadings | SendReadings,
    actor: Actor,
    sensors: Sensors,
    readings: Readings,
    region: Region,
    clock: Clock,
) -> Table:
    """Return the values of a quantity somebody may see, or raise `UnknownSensorError`."""
    sensor = await sensors.get(actor, wanted.device)
    key = (wanted.quantity, wanted.channel)
    if key not in sensor.series or (wanted.quantity not in QUANTITIES and not sensor.internal):
        raise UnknownSensorError
    return await gather(readings, sensor, key, wanted.period, now=clock(), zone=region.zone)


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="readings")
    router.message.register(sensors_of_the_county, Command("sensoren", "sensors"))
    router.message.register(near, Private(), HasLocation())
    router.callback_query.register(turn_page, ListSensors.filter())
    router.callback_query.register(show_sensor, ShowSensor.filter())
    router.callback_query.register(draw, DrawReadings.filter())
    router.callback_query.register(send_table, SendReadings.filter())
    router.callback_query.register(locate, LocateSensor.filter())
    return router
