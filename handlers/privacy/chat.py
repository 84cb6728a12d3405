"""What is stored about me, give it to me, delete it: the rights of a person in the chat."""

from datetime import timedelta

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from handlers.buttons.citizens import Erase
from handlers.filters import Private
from handlers.messages import Reply, button, say, show
from services.chats.model import Chat, Kind
from services.inbox.service import Inbox
from services.privacy.service import Privacy
from services.region.service import Region
from services.text import Text

FILE_NAME = "auskunft.json"


async def notice(message: Message, text: Text, chat: Chat, region: Region, inbox: Inbox) -> Reply:
    """/datenschutz: who is responsible, what is kept how long, which rights there are."""
    imprint = region.facts.imprint
    words = text(
        "privacy.notice",
        name=imprint.name,
        street=imprint.street,
        town=imprint.town,
        hours=inbox.limits.retention // timedelta(hours=1),
    )
    return say(chat.telegram_id, words)


async def access(message: Message, text: Text, chat: Chat, privacy: Privacy) -> Reply:
    """/auskunft: everything stored, as text and as a JSON file."""
    lines = [
        text("privacy.kept", purpose=text(kept.purpose_key), count=len(kept.rows))
        for kept in await privacy.kept(chat)
    ]
    words = text("privacy.access", kept=text.lines(lines))
    file = BufferedInputFile(await privacy.export(chat), FILE_NAME)
    document = SendDocument(
        chat_id=chat.telegram_id, document=file, caption=str(text("privacy.file"))
    )
    return [say(chat.telegram_id, words), document]


async def ask_erase(message: Message, text: Text, chat: Chat) -> Reply:
    """/loeschen, first step: what will be gone."""
    rows = [
        [
            button(text("privacy.button-erase"), Erase(sure=True)),
            button(text("privacy.button-keep"), Erase(sure=False)),
        ]
    ]
    return say(chat.telegram_id, text("privacy.ask-erase"), rows)


async def erase(
    query: CallbackQuery, callback_data: Erase, text: Text, chat: Chat, privacy: Privacy
) -> Reply:
    """/loeschen, second step: everything goes, and a receipt says so."""
    if not callback_data.sure or chat.kind != Kind.PRIVATE:
        return show(query, text("privacy.not-erased"))
    receipt = await privacy.erase(chat)
    words = text(
        "privacy.receipt", number=receipt.number, time=text.moment(receipt.at), count=receipt.rows
    )
    return show(query, words)


async def imprint(message: Message, text: Text, chat: Chat, region: Region) -> Reply:
    """/impressum: who answers for the bot."""
    found = region.facts.imprint
    lines = [
        found.name,
        found.street,
        found.town,
        found.represented_by,
        found.phone,
        found.email,
        found.url,
    ]
    words = text("privacy.imprint", lines=text.lines([one for one in lines if one]))
    return say(
        chat.telegram_id,
        text.lines([words, text("ask.please-check")]) if found.unverified else words,
    )


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="privacy")
    router.message.register(notice, Command("datenschutz", "privacy"))
    router.message.register(imprint, Command("impressum", "imprint"))
    router.message.register(access, Command("auskunft", "mydata"), Private())
    router.message.register(ask_erase, Command("loeschen", "delete"), Private())
    router.callback_query.register(erase, Erase.filter())
    return router
