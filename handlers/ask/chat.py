"""Ask in your own words, browse by life situation, or follow a link: get the right service."""

from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from handlers.ask.cards import Card, CardWriter
from handlers.buttons import AskTown, ChooseTown, Part, ShowMenu, ShowService
from handlers.filters import Private, Words
from handlers.messages import Reply, Row, button, say, show
from handlers.understanding import Understanders
from nlu.understanding import Decision
from services.catalogue.records import Service
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.chats.service import Chats
from services.golive.service import GoLive
from services.region.records import Municipality
from services.region.service import Region
from services.statistics.service import Event, Statistics
from services.text import Text

PAGE = 8


@dataclass(frozen=True)
class Desk:
    """What every answer needs."""

    text: Text
    chat: Chat
    region: Region
    catalogue: Catalogue
    golive: GoLive

    @property
    def ars(self) -> str:
        return self.chat.municipality or self.region.facts.ars

    async def card(self, service: Service, ars: str | None = None, part: Part = Part.CARD) -> Card:
        """Return words and buttons of a service for a place, the person's own by default."""
        self.chat.last_service = service.id
        ars = ars or self.ars
        writer = CardWriter(
            text=self.text,
            region=self.region,
            snapshot=await self.catalogue.snapshot(),
            service=service,
            ars=ars,
            fact=await self.golive.online(service.id, ars),
            own_place=ars == self.ars,
        )
        return writer.part(part)

    async def needs_town(self, service: Service) -> bool:
        """Whether the answer depends on where the person lives, and we do not know it."""
        if self.chat.municipality:
            return False
        snapshot = await self.catalogue.snapshot()
        return snapshot.depends_on_place(service, (one.ars for one in self.region.municipalities))

    async def answer(
        self, service: Service, places: tuple[Municipality, ...]
    ) -> TelegramMethod[Any]:
        """Return the card, or the question that is missing for it."""
        chat_id = self.chat.telegram_id
        if len(places) == 1:
            return say(chat_id, *await self.card(service, places[0].ars))
        if places or await self.needs_town(service):
            self.chat.last_service = service.id
            return self.ask_town(service, places)
        return say(chat_id, *await self.card(service))

    def ask_town(
        self, service: Service | None, places: tuple[Municipality, ...] = ()
    ) -> TelegramMethod[Any]:
        key = "ask.which-town" if service else "ask.your-town"
        name = service.name.of(self.text.language) if service else ""
        return say(
            self.chat.telegram_id,
            self.text(key, name=name),
            town_buttons(places or self.region.municipalities, service.id if service else ""),
        )


def town_buttons(places: tuple[Municipality, ...], service_id: str = "") -> list[Row]:
    """Return one button a municipality, two in a row."""
    buttons = [
        button(place.name, ChooseTown(ars=place.ars, service_id=service_id)) for place in places
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


async def ask(
    message: Message,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    statistics: Statistics,
    understanders: Understanders,
    command: CommandObject | None = None,
) -> Reply:
    """Answer a question in free text."""
    desk = Desk(text, chat, region, catalogue, golive)
    question = (command.args if command else message.text) or ""
    if not question.strip():
        return say(chat.telegram_id, text("ask.what"))
    places = region.gazetteer.find(question)
    if places and region.gazetteer.is_only_a_place(question):
        return await _only_a_place(desk, chats, places)
    if len(places) == 1 and not chat.municipality:
        await chats.live_in(chat, places[0].ars)
    understanding = await understanders.understand(await catalogue.snapshot(), question)
    found = [await catalogue.get(one.id) for one in understanding.candidates]
    events = {Decision.ANSWER: Event.ANSWERED, Decision.CHOOSE: Event.CHOICE}
    await statistics.count(chat.telegram_id, events.get(understanding.decision, Event.UNANSWERED))
    if understanding.decision is Decision.ANSWER:
        return await desk.answer(found[0], places)
    if understanding.decision is Decision.CHOOSE:
        return say(chat.telegram_id, text("ask.choose"), _choices(found, places, desk))
    return say(chat.telegram_id, honest(text, region), [[_menu_button(text)]])


async def from_link(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """/start <LeiKa key> from a link, perhaps the first contact: privacy note, then the card."""
    services = await catalogue.find(command.args or "")
    greeting = say(chat.telegram_id, text("ask.from-link"))
    desk = Desk(text, chat, region, catalogue, golive)
    if len(services) == 1:
        return [greeting, await desk.answer(services[0], ())]
    if services:
        return [
            greeting,
            say(chat.telegram_id, text("ask.choose"), _choices([*services], (), desk)),
        ]
    return [greeting, say(chat.telegram_id, honest(text, region), [[_menu_button(text)]])]


def honest(text: Text, region: Region) -> str:
    """Say that we do not know, and who may."""
    hotline = region.facts.hotline
    key = "ask.unknown-unverified" if hotline.unverified else "ask.unknown"
    return text(key, hotline=hotline.phone)


async def _only_a_place(
    desk: Desk, chats: Chats, places: tuple[Municipality, ...]
) -> TelegramMethod[Any]:
    """A place and nothing else: remember it, and go on with what was asked before."""
    services = await desk.catalogue.find(desk.chat.last_service or "")
    service = services[0] if services else None
    if len(places) > 1:
        return desk.ask_town(service, places)
    return await _live_in(desk, chats, places[0], service)


async def _live_in(
    desk: Desk, chats: Chats, place: Municipality, service: Service | None
) -> TelegramMethod[Any]:
    await chats.live_in(desk.chat, place.ars)
    if service is None:
        return say(desk.chat.telegram_id, desk.text("ask.town-noted", town=place.name))
    return say(desk.chat.telegram_id, *await desk.card(service))


def _choices(found: list[Service], places: tuple[Municipality, ...], desk: Desk) -> list[Row]:
    ars = places[0].ars if len(places) == 1 and places[0].ars != desk.ars else ""
    rows: list[Row] = [
        [button(one.name.of(desk.text.language), ShowService(service_id=one.id, ars=ars))]
        for one in found
    ]
    return [*rows, [_menu_button(desk.text)]]


def _menu_button(text: Text) -> InlineKeyboardButton:
    return button(text("ask.button-menu"), ShowMenu())


async def show_service(
    query: CallbackQuery,
    callback_data: ShowService,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """Show a card or a part of it in place of the message."""
    desk = Desk(text, chat, region, catalogue, golive)
    service = await catalogue.get(callback_data.service_id)
    ars = callback_data.ars if region.knows_area(callback_data.ars) else None
    if not ars and await desk.needs_town(service):
        chat.last_service = service.id
        return desk.ask_town(service)
    return show(query, *await desk.card(service, ars, callback_data.part))


async def ask_town(
    query: CallbackQuery,
    callback_data: AskTown,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """Ask for the municipality, to change it."""
    services = await catalogue.find(callback_data.service_id)
    return Desk(text, chat, region, catalogue, golive).ask_town(services[0] if services else None)


async def choose_town(
    query: CallbackQuery,
    callback_data: ChooseTown,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """Remember the municipality and go on with the service."""
    place = region.municipality(callback_data.ars)
    if place is None:
        return say(chat.telegram_id, text("ask.town-unknown"))
    desk = Desk(text, chat, region, catalogue, golive)
    services = await catalogue.find(callback_data.service_id)
    return await _live_in(desk, chats, place, services[0] if services else None)


async def town(
    message: Message, text: Text, chat: Chat, region: Region, catalogue: Catalogue, golive: GoLive
) -> Reply:
    """/ort: ask for the municipality."""
    chat.last_service = None
    return Desk(text, chat, region, catalogue, golive).ask_town(None)


async def menu(
    message: Message, text: Text, chat: Chat, region: Region, catalogue: Catalogue
) -> Reply:
    """/menu: the life situations."""
    words, rows = await _menu_page(ShowMenu(), text, region, catalogue)
    return say(chat.telegram_id, words, rows)


async def show_menu(
    query: CallbackQuery, callback_data: ShowMenu, text: Text, region: Region, catalogue: Catalogue
) -> Reply:
    """Turn the pages of the menu."""
    return show(query, *await _menu_page(callback_data, text, region, catalogue))


async def _menu_page(
    wanted: ShowMenu, text: Text, region: Region, catalogue: Catalogue
) -> tuple[str, list[Row]]:
    snapshot = await catalogue.snapshot()
    names = {one.id: one.name.of(text.language) for one in region.situations}
    if wanted.situation not in names:
        buttons = [
            button(name, ShowMenu(situation=key))
            for key, name in names.items()
            if snapshot.by_situation.get(key)
        ]
        return text("ask.menu"), [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    services = sorted(
        snapshot.by_situation.get(wanted.situation, ()),
        key=lambda one: one.name.of(text.language).casefold(),
    )
    first = wanted.page * PAGE
    rows: list[Row] = [
        [button(one.name.of(text.language), ShowService(service_id=one.id))]
        for one in services[first : first + PAGE]
    ]
    turn = []
    if wanted.page > 0:
        turn.append(
            button(
                text("ask.button-previous"),
                ShowMenu(situation=wanted.situation, page=wanted.page - 1),
            )
        )
    if first + PAGE < len(services):
        turn.append(
            button(
                text("ask.button-next"), ShowMenu(situation=wanted.situation, page=wanted.page + 1)
            )
        )
    rows += [turn, [_menu_button(text)]]
    return text("ask.menu-situation", name=names[wanted.situation], count=len(services)), rows


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
    router.message.register(not_words, Private())
    router.callback_query.register(show_service, ShowService.filter())
    router.callback_query.register(show_menu, ShowMenu.filter())
    router.callback_query.register(choose_town, ChooseTown.filter())
    router.callback_query.register(ask_town, AskTown.filter())
    return router
