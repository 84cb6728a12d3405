"""Ask in your own words, browse by life situation, or follow a link: get the right service."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from handlers.alarms.desk import AlarmDesk
from handlers.alarms.own import wished
from handlers.ask.asking import Asking
from handlers.ask.choices import choose, narrow_down, none_of_these, rate
from handlers.ask.desk import Desk, honest, menu_button
from handlers.ask.followups import FollowUp
from handlers.ask.intents import Itself
from handlers.ask.measured import measured_value
from handlers.ask.menu import menu, show_menu
from handlers.ask.towns import ask_town, choose_town, only_a_place, town
from handlers.ask.why import Explanations, explain
from handlers.ask.wording import emergency_words
from handlers.buttons.citizens import (
    AskTown,
    ChooseEntry,
    ChooseTown,
    Explain,
    NarrowDown,
    NoneOfThese,
    RateAnswer,
    ShowMenu,
    ShowService,
)
from handlers.filters import CalledByName, Private, Words
from handlers.messages import Reply, say, show
from handlers.readings.cards import SensorDesk
from handlers.tongues import offer, text_for
from handlers.understanding import Understanders
from services.chats.model import Chat
from services.clock import Clock
from services.devices.lookups import Sensors
from services.learning.service import Learning
from services.privacy.service import Privacy
from services.readings.service import Readings
from services.staff.rules import Actor
from services.statistics.service import Event, Statistics
from services.subscriptions.service import Subscriptions
from services.text import Text, Texts


async def ask(
    message: Message,
    desk: Desk,
    statistics: Statistics,
    subscriptions: Subscriptions,
    privacy: Privacy,
    actor: Actor,
    texts: Texts,
    understanders: Understanders,
    explanations: Explanations,
    learning: Learning,
    sensors: Sensors,
    readings: Readings,
    alarm_desk: AlarmDesk,
    clock: Clock,
    command: CommandObject | None = None,
) -> Reply:
    """Answer a question in free text; who is in danger is told whom to call, first of all."""
    chat_id = desk.chat.telegram_id
    question = ((command.args if command else message.text) or "").strip()
    if not question:
        return say(chat_id, desk.text("ask.what"))
    words = text_for(question, desk.chat, texts)
    asking = Asking(desk, words, actor, understanders, explanations, learning, statistics)
    understanding = await asking.understand(question)
    if understanding.emergency is not None:
        return say(chat_id, emergency_words(words, understanding.emergency))
    gazetteer = desk.region.gazetteer
    places = gazetteer.find(question)
    if places and gazetteer.is_only_a_place(question):
        return await only_a_place(desk, places)
    alarming = alarm_desk.stages, alarm_desk.exercises
    answering = SensorDesk(words, desk.region, readings, clock(), *alarming)
    answer = await wished(replace(alarm_desk, text=words), question, places)
    if answer is None:
        answer = await measured_value(desk, answering, sensors, actor, question, places)
    if answer is None:
        answer = await FollowUp(desk, words, understanding, places).reply(question)
    if answer is not None:
        await statistics.count(chat_id, Event.ANSWERED)
        return answer
    if understanding.intent is not None:
        itself = Itself(desk, words, texts, privacy, subscriptions)
        return await itself.reply(understanding.intent, message, offer(words, desk.chat))
    return await asking.answer(question, understanding, places)


async def from_link(message: Message, command: CommandObject, desk: Desk) -> Reply:
    """/start <LeiKa key> from a link, perhaps the first contact: privacy note, then the card."""
    chat_id, text = desk.chat.telegram_id, desk.text
    services = await desk.catalogue.find(command.args or "")
    greeting = say(chat_id, text("ask.from-link"))
    if len(services) == 1:
        return [greeting, await desk.answer(services[0])]
    to_menu = [menu_button(text)]
    if services:
        rows = await desk.offers(one.id for one in services)
        return [greeting, say(chat_id, text("ask.choose"), [*rows, to_menu])]
    return [greeting, say(chat_id, honest(text, desk.region), [to_menu])]


async def show_service(query: CallbackQuery, callback_data: ShowService, desk: Desk) -> Reply:
    """Show a card or a part of it in place of the message."""
    service = await desk.catalogue.get(callback_data.service_id)
    ars = callback_data.ars if desk.region.knows_area(callback_data.ars) else None
    if not ars and await desk.needs_town(service):
        await desk.chats.shown(desk.chat, service.id)
        return desk.ask_town(service)
    return show(query, *await desk.card(service, ars, callback_data.part))


async def not_words(message: Message, text: Text, chat: Chat) -> Reply:
    """A photo, a voice message, an unknown command: say kindly what we can read."""
    is_command = (message.text or "").startswith("/")
    return say(chat.telegram_id, text("ask.unknown-command" if is_command else "ask.only-words"))


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="ask")
    router.message.register(from_link, CommandStart(deep_link=True), Private())
    router.message.register(menu, Command("menu"), Private())
    router.message.register(town, Command("ort", "place"), Private())
    router.message.register(ask, Command("suche", "search"))
    router.message.register(ask, Words())
    router.message.register(ask, CalledByName())
    router.message.register(not_words, Private())
    router.callback_query.register(show_service, ShowService.filter())
    router.callback_query.register(choose, ChooseEntry.filter())
    router.callback_query.register(none_of_these, NoneOfThese.filter())
    router.callback_query.register(narrow_down, NarrowDown.filter())
    router.callback_query.register(rate, RateAnswer.filter())
    router.callback_query.register(explain, Explain.filter())
    router.callback_query.register(show_menu, ShowMenu.filter())
    router.callback_query.register(choose_town, ChooseTown.filter())
    router.callback_query.register(ask_town, AskTown.filter())
    return router
