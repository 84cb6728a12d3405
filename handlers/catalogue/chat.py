"""/einlesen: staff have the region folder read again, without a terminal."""

from pathlib import Path

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.buttons.staff import ReadFolder
from handlers.filters import OnlyStaff
from handlers.messages import Reply, button, say, show
from services.chats.model import Chat
from services.heavy.service import Heavy
from services.staff.rules import Action, Actor
from services.staff.service import Staff
from services.text import Text

READ_AGAIN = "read the region folder"


def require_reader(staff: Staff, actor: Actor) -> None:
    """Raise `NotAllowedError` unless somebody may publish or operate in the whole county."""
    area = staff.region.facts.ars
    if not actor.may(Action.OPERATE, area, staff.clock()):
        staff.require(actor, Action.PUBLISH, area)


async def ask(message: Message, text: Text, chat: Chat, actor: Actor, staff: Staff) -> Reply:
    """/einlesen: say what will happen, and wait for a tap."""
    require_reader(staff, actor)
    now = [[button(text("catalogue.button-read"), ReadFolder())]]
    return say(chat.telegram_id, text("catalogue.read-question"), now)


async def begin(
    query: CallbackQuery,
    text: Text,
    chat: Chat,
    actor: Actor,
    region_folder: Path,
    staff: Staff,
    heavy: Heavy,
) -> Reply:
    """Have it read; the message turns into the report when it is done."""
    require_reader(staff, actor)
    message_id = query.message.message_id if isinstance(query.message, Message) else None
    await heavy.defer(
        READ_AGAIN, chat_id=chat.id, folder=str(region_folder), message_id=message_id
    )
    return show(query, text("heavy.working"))


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="catalogue")
    router.message.register(ask, Command("einlesen"), OnlyStaff())
    router.callback_query.register(begin, ReadFolder.filter())
    return router
