"""Taps below an answer: this one, none of these, this life situation, a thumb."""

from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery

from handlers.ask.answers import show_entry
from handlers.ask.desk import Desk, honest, menu_button, none_button, thumbs
from handlers.ask.followups import something_else
from handlers.ask.menu import menu_page
from handlers.buttons import ChooseEntry, NarrowDown, NoneOfThese, RateAnswer, ShowMenu
from handlers.messages import Reply, say, show
from services.catalogue.service import Catalogue, UnknownServiceError
from services.chats.model import Chat
from services.chats.service import Chats
from services.faq.service import Faqs
from services.golive.service import GoLive
from services.learning.service import Learning
from services.region.service import Region
from services.statistics.service import Event, Statistics
from services.text import Text, Texts


async def choose(
    query: CallbackQuery,
    callback_data: ChooseEntry,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    faqs: Faqs,
    learning: Learning,
) -> Reply:
    """Show what was chosen below the choices: they stay, for who meant another one too."""
    desk = Desk(text, chat, chats, region, catalogue, golive, faqs)
    entry_id, ref = callback_data.entry_id, callback_data.ref
    place = region.municipality(callback_data.ars)
    places = (place,) if place else ()
    reply = await show_entry(
        desk, text, entry_id, places=places, part=callback_data.part, rating=thumbs(text, ref)
    )
    if reply is None:
        raise UnknownServiceError(key=entry_id)
    if ref is not None:
        await learning.chosen(ref, entry_id)
    return reply


async def none_of_these(
    query: CallbackQuery,
    callback_data: NoneOfThese,
    chat: Chat,
    chats: Chats,
    region: Region,
    statistics: Statistics,
    texts: Texts,
    learning: Learning,
) -> Reply:
    """Say honestly that we do not know, and who may."""
    if callback_data.ref is not None:
        await learning.thumb(callback_data.ref, up=False)
    await statistics.count(chat.telegram_id, Event.UNANSWERED)
    await chats.forget_talk(chat)
    words = texts.of(callback_data.language or chat.language)
    return show(query, honest(words, region), [[menu_button(words)]])


async def narrow_down(
    query: CallbackQuery,
    callback_data: NarrowDown,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    faqs: Faqs,
    texts: Texts,
) -> Reply:
    """Offer what the question may mean in a life situation; all of it when that is forgotten."""
    situation = callback_data.situation
    desk = Desk(text, chat, chats, region, catalogue, golive, faqs)
    within = {one.id for one in (await catalogue.snapshot()).by_situation.get(situation, ())}
    meant = [one for one in chats.talk(chat).candidates if one in within]
    rows = await desk.offers(meant, ref=callback_data.ref)
    if not rows:
        return show(
            query, *await menu_page(ShowMenu(situation=situation), text, region, catalogue)
        )
    await chats.offered(chat, meant)
    words = texts.of(callback_data.language or chat.language)
    way_out = [none_button(words, callback_data.ref), menu_button(words)]
    return show(query, words("ask.choose"), [*rows, way_out])


async def rate(
    query: CallbackQuery,
    callback_data: RateAnswer,
    text: Text,
    chat: Chat,
    chats: Chats,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    faqs: Faqs,
    learning: Learning,
) -> Reply:
    """Note whether the answer was right; after a thumb down offer what else may be meant."""
    await learning.thumb(callback_data.ref, up=callback_data.up)
    thanks = str(text("ask.thumb-thanks"))
    heard = AnswerCallbackQuery(callback_query_id=query.id, text=thanks)
    if callback_data.up:
        return heard
    desk = Desk(text, chat, chats, region, catalogue, golive, faqs)
    others = await something_else(desk, text)
    again = say(chat.telegram_id, text("ask.something-else"), [[menu_button(text)]])
    return [heard, others or again]
