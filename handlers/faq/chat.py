"""Tap on a question of the region to read its answer."""

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.buttons.citizens import ShowFaq
from handlers.faq.cards import faq_card
from handlers.messages import Reply, show
from services.chats.model import Chat
from services.faq.service import Faqs
from services.text import Text


async def show_faq(
    query: CallbackQuery,
    callback_data: ShowFaq,
    text: Text,
    chat: Chat,
    faqs: Faqs,
) -> Reply:
    """Show the answer in place of the message."""
    chosen = callback_data.office or None
    card = await faq_card(faqs, text, callback_data.slug, home=chat.municipality, office=chosen)
    return show(query, *card)


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="faq")
    router.callback_query.register(show_faq, ShowFaq.filter())
    return router
