"""Taps below an answer: this one, none of these, this life situation, a thumb."""

from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery

from handlers.ask.answers import show_entry
from handlers.ask.desk import Desk, honest, menu_button, none_button, thumbs
from handlers.ask.followups import something_else
from handlers.ask.menu import menu_page
from handlers.buttons.citizens import ChooseEntry, NarrowDown, NoneOfThese, RateAnswer, ShowMenu
from handlers.messages import Reply, say, show
from services.catalogue.service import UnknownServiceError
from services.learning.service import Learning
from services.statistics.service import Event, Statistics
from services.text import Texts


async def choose(
    query: CallbackQuery,
    callback_data: ChooseEntry,
    desk: Desk,
    learning: Learning,
) -> Reply:
    """Show what was chosen below the choices: they stay, for who meant another one too."""
    entry_id, ref = callback_data.entry_id, callback_data.ref
    place = desk.region.municipality(callback_data.ars)
    places = (place,) if place else ()
    rating = thumbs(desk.text, ref)
    reply = await show_entry(
        desk, desk.text, entry_id, places=places, part=callback_data.part, rating=rating
    )
    if reply is None:
        raise UnknownServiceError(key=entry_id)
    if ref is not None:
        await learning.chosen(ref, entry_id)
    return reply


async def none_of_these(
    query: CallbackQuery,
    callback_data: NoneOfThese,
    desk: Desk,
    statistics: Statistics,
    texts: Texts,
    learning: Learning,
) -> Reply:
    """Say honestly that we do not know, and who may."""
    if callback_data.ref is not None:
        await learning.thumb(callback_data.ref, up=False)
    await statistics.count(desk.chat.telegram_id, Event.UNANSWERED)
    await desk.chats.forget_talk(desk.chat)
    words = texts.of(callback_data.language or desk.chat.language)
    return show(query, honest(words, desk.region), [[menu_button(words)]])


async def narrow_down(
    query: CallbackQuery,
    callback_data: NarrowDown,
    desk: Desk,
    texts: Texts,
) -> Reply:
    """Offer what the question may mean in a life situation; all of it when that is forgotten."""
    situation = callback_data.situation
    within = {one.id for one in (await desk.catalogue.snapshot()).by_situation.get(situation, ())}
    meant = [one for one in desk.chats.talk(desk.chat).candidates if one in within]
    rows = await desk.offers(meant, ref=callback_data.ref)
    if not rows:
        return show(query, *await menu_page(desk, ShowMenu(situation=situation)))
    await desk.chats.offered(desk.chat, meant)
    words = texts.of(callback_data.language or desk.chat.language)
    way_out = [none_button(words, callback_data.ref), menu_button(words)]
    return show(query, words("ask.choose"), [*rows, way_out])


async def rate(
    query: CallbackQuery,
    callback_data: RateAnswer,
    desk: Desk,
    learning: Learning,
) -> Reply:
    """Note whether the answer was right; after a thumb down offer what else may be meant."""
    await learning.thumb(callback_data.ref, up=callback_data.up)
    thanks = str(desk.text("ask.thumb-thanks"))
    heard = AnswerCallbackQuery(callback_query_id=query.id, text=thanks)
    if callback_data.up:
        return heard
    others = await something_else(desk, desk.text)
    words = desk.text("ask.something-else")
    again = say(desk.chat.telegram_id, words, [[menu_button(desk.text)]])
    return [heard, others or again]
