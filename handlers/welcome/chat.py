"""The first meeting: what this is, which language, what never to send; and help at any time."""

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, Message

from handlers.buttons.citizens import ChooseLanguage, GoOnInLanguage, ShowMenu
from handlers.filters import Private, WithoutPayload
from handlers.messages import Reply, Row, button, say, show
from services.chats.model import Chat
from services.chats.service import LANGUAGES, Chats
from services.region.service import Region
from services.text import Text, Texts

IN_A_ROW = 2
"""On a phone a third name would be broken."""


async def start(message: Message, text: Text, chat: Chat, region: Region, texts: Texts) -> Reply:
    """/start: welcome."""
    return say(chat.telegram_id, _welcome(text, region), _buttons(text, texts))


def _welcome(text: Text, region: Region) -> str:
    name = region.facts.name_en if text.language == "en" else region.facts.name
    suggestions = region.facts.suggestions_for(text.language)
    examples = text.lines(text("welcome.example", question=one) for one in suggestions)
    return text("welcome.start", county=name, examples=examples)


def _buttons(text: Text, texts: Texts) -> list[Row]:
    return [[button(text("ask.button-menu"), ShowMenu())], *_languages(texts)]


def _languages(texts: Texts) -> list[Row]:
    """Return a button for each language, by its own name, a few in a row."""
    buttons = [
        button(texts.of(language)("welcome.language-name"), ChooseLanguage(language=language))
        for language in LANGUAGES
    ]
    return [buttons[start : start + IN_A_ROW] for start in range(0, len(buttons), IN_A_ROW)]


async def choose_language(
    query: CallbackQuery,
    callback_data: ChooseLanguage,
    chat: Chat,
    chats: Chats,
    region: Region,
    texts: Texts,
) -> Reply:
    """Speak this language from now on, and welcome in it."""
    if callback_data.under_answer:
        return await _go_on(callback_data.language, chat, chats, texts)
    await chats.speak(chat, callback_data.language)
    text = texts.of(chat.language)
    return show(query, _welcome(text, region), _buttons(text, texts))


async def go_on_in_language(
    query: CallbackQuery, callback_data: GoOnInLanguage, chat: Chat, chats: Chats, texts: Texts
) -> Reply:
    """Speak this language from now on; the answer above the button stays."""
    return await _go_on(callback_data.language, chat, chats, texts)


async def _go_on(language: str, chat: Chat, chats: Chats, texts: Texts) -> Reply:
    await chats.speak(chat, language)
    return say(chat.telegram_id, texts.of(chat.language)("welcome.language-chosen"))


async def language(message: Message, text: Text, chat: Chat, texts: Texts) -> Reply:
    """/sprache: ask for the language."""
    return say(chat.telegram_id, text("welcome.which-language"), _languages(texts))


async def help_(message: Message, text: Text, chat: Chat, region: Region) -> Reply:
    """/hilfe: what one can do here, and where a human answers."""
    hotline = region.facts.hotline
    return say(
        chat.telegram_id,
        text("welcome.help", hotline=hotline.phone),
        [[button(text("ask.button-menu"), ShowMenu())]],
    )


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="welcome")
    router.message.register(start, CommandStart(), WithoutPayload(), Private())
    router.message.register(help_, Command("hilfe", "help"))
    router.message.register(language, Command("sprache", "language"), Private())
    router.callback_query.register(choose_language, ChooseLanguage.filter())
    router.callback_query.register(go_on_in_language, GoOnInLanguage.filter())
    return router
