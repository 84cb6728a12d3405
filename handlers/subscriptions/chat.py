"""Subscribe with one tap, see the list, remove with one tap."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from handlers.buttons.alarms import ShowThresholds
from handlers.buttons.citizens import SetNews, ShowWishes, Subscribe, Unsubscribe
from handlers.filters import Private
from handlers.messages import Reply, Row, button, say, show
from services.catalogue.service import Catalogue
from services.chats.model import Chat, News
from services.chats.service import Chats
from services.region.service import Region
from services.statistics.service import Event, Statistics
from services.subscriptions.model import EVERYTHING
from services.subscriptions.service import Outcome, Subscriptions
from services.text import Text

PAGE = 20
"""Wishes shown at a time; Telegram takes no more than a hundred buttons."""
OUTCOMES = {
    Outcome.CREATED: "subscriptions.created",
    Outcome.ALREADY: "subscriptions.already",
}


async def subscribe(
    query: CallbackQuery,
    callback_data: Subscribe,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    subscriptions: Subscriptions,
    statistics: Statistics,
) -> Reply:
    """Answer a tap on "Bescheid geben"."""
    outcome = await subscriptions.subscribe(chat, callback_data.service_id)
    if outcome is Outcome.CREATED:
        await statistics.count(chat.telegram_id, Event.SUBSCRIBED)
    name = await _name(callback_data.service_id, text, catalogue)
    area = region.area_name(chat.municipality or region.facts.ars)
    words = text(OUTCOMES[outcome], name=name, area=area)
    return say(chat.telegram_id, words, [[_mode_button(text, chat)]])


async def _name(service_id: str, text: Text, catalogue: Catalogue) -> str:
    if service_id == EVERYTHING:
        return text("subscriptions.everything")
    found = await catalogue.find(service_id)
    return found[0].name.of(text.language) if found else service_id


def _mode_button(text: Text, chat: Chat) -> InlineKeyboardButton:
    if chat.news == News.WEEKLY:
        return button(text("subscriptions.button-immediate"), SetNews(mode=News.IMMEDIATE))
    return button(text("subscriptions.button-weekly"), SetNews(mode=News.WEEKLY))


async def listed(
    message: Message,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    subscriptions: Subscriptions,
) -> Reply:
    """/abos: everything I wait for."""
    return say(chat.telegram_id, *await _list(text, chat, region, catalogue, subscriptions))


async def _list(
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    subscriptions: Subscriptions,
    page: int = 0,
) -> tuple[str, list[Row]]:
    found = await subscriptions.listed(chat)
    last = max(len(found) - 1, 0) // PAGE
    page = min(max(page, 0), last)
    rows: list[Row] = []
    for one in found[page * PAGE : (page + 1) * PAGE]:
        name = await _name(one.service_id, text, catalogue)
        label = text("subscriptions.button-remove", name=name, area=region.area_name(one.area))
        rows.append([button(label, Unsubscribe(subscription_id=one.id))])
    rows.append(_turn(text, page, last))
    area = chat.municipality or region.facts.ars
    if not any(one.service_id == EVERYTHING and one.area == area for one in found):
        label = text("subscriptions.button-everything", area=region.area_name(area))
        rows.append([button(label, Subscribe(service_id=EVERYTHING))])
    thresholds = [button(text("subscriptions.button-thresholds"), ShowThresholds())]
    if not found:
        return text("subscriptions.none"), [*rows, thresholds]
    rows.append(thresholds)
    rows.append([_mode_button(text, chat)])
    mode = (
        "subscriptions.mode-weekly" if chat.news == News.WEEKLY else "subscriptions.mode-immediate"
    )
    return text("subscriptions.list", count=len(found), mode=text(mode)), rows


def _turn(text: Text, page: int, last: int) -> Row:
    turn = []
    if page > 0:
        turn.append(button(text("ask.button-previous"), ShowWishes(page=page - 1)))
    if page < last:
        turn.append(button(text("ask.button-next"), ShowWishes(page=page + 1)))
    return turn


async def show_wishes(
    query: CallbackQuery,
    callback_data: ShowWishes,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    subscriptions: Subscriptions,
) -> Reply:
    """Turn the pages of a long list."""
    page = callback_data.page
    return show(query, *await _list(text, chat, region, catalogue, subscriptions, page))


async def unsubscribe(
    query: CallbackQuery,
    callback_data: Unsubscribe,
    text: Text,
    chat: Chat,
    region: Region,
    catalogue: Catalogue,
    subscriptions: Subscriptions,
) -> Reply:
    """Remove a subscription and show what is left."""
    await subscriptions.remove(chat, callback_data.subscription_id)
    return show(query, *await _list(text, chat, region, catalogue, subscriptions))


async def set_news(
    query: CallbackQuery, callback_data: SetNews, text: Text, chat: Chat, chats: Chats
) -> Reply:
    """Tell me at once, or once a week."""
    weekly = callback_data.mode == News.WEEKLY
    await chats.want_news(chat, News.WEEKLY if weekly else News.IMMEDIATE)
    key = "subscriptions.now-weekly" if weekly else "subscriptions.now-immediate"
    return say(chat.telegram_id, text(key))


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="subscriptions")
    router.message.register(listed, Command("abos", "subscriptions"), Private())
    router.callback_query.register(subscribe, Subscribe.filter())
    router.callback_query.register(show_wishes, ShowWishes.filter())
    router.callback_query.register(unsubscribe, Unsubscribe.filter())
    router.callback_query.register(set_news, SetNews.filter())
    return router
