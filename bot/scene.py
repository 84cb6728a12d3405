"""Who acts and where: what handlers may ask for besides the use cases, by chat, actor and text."""

from collections.abc import Iterable
from typing import Any

from aiogram.types import CallbackQuery, ChatMemberUpdated, TelegramObject, Update, User
from aiogram.types.update import UpdateTypeLookupError

from bot.wiring import Services
from services.chats.model import Chat, Kind
from services.staff.rules import Actor
from services.text import Texts


def event_of(update: Update | None) -> TelegramObject | None:
    """Return what happened; None for an unreadable update and for kinds we do not know."""
    try:
        return update.event if update else None
    except UpdateTypeLookupError:
        return None


async def recall(services: Services, updates: Iterable[Update]) -> None:
    """Read chats and roles of everybody who acts in these updates, in two statements."""
    people: set[int] = set()
    places: set[int] = set()
    for update in updates:
        event = event_of(update)
        place, user = _place(event), _user(event)
        if place:
            places.add(place[1])
            people.add(place[1] if place[0] == Kind.PRIVATE or user is None else user.id)
    if not places:
        return
    await services.chats.recall(places | people)
    known = services.chats.known
    await services.staff.recall([known[one].id for one in people if one in known])


async def scene(services: Services, update: Update, texts: Texts) -> dict[str, Any] | None:
    """Return the use cases, the chat, its texts and the actor; None where there is no chat."""
    event = event_of(update)
    place, user = _place(event), _user(event)
    if place is None:
        return None
    kind, telegram_id = place
    language = user.language_code if user and kind == Kind.PRIVATE else None
    writes = not isinstance(event, ChatMemberUpdated)
    chat = await services.chats.meet(telegram_id, kind, language, writes=writes)
    return {
        **services.as_data(),
        "chat": chat,
        "text": texts.of(chat.language),
        "actor": await _actor(services, chat, user),
    }


async def _actor(services: Services, chat: Chat, user: User | None) -> Actor:
    person = chat if chat.kind == Kind.PRIVATE else None
    if person is None and user is not None:
        person = await services.chats.find(user.id)
    return await services.staff.actor(person.id) if person else Actor()


def _user(event: TelegramObject | None) -> User | None:
    return getattr(event, "from_user", None)


def _place(event: TelegramObject | None) -> tuple[str, int] | None:
    """Return type and id of the chat something happened in."""
    if isinstance(event, CallbackQuery):
        event = event.message or event
    chat = getattr(event, "chat", None)
    return (chat.type, chat.id) if chat else None
