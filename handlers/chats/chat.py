"""Blocked and unblocked, joined and left, a group that became a supergroup."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.filters import BaseFilter
from aiogram.types import ChatMemberUpdated, Message

from handlers.messages import Reply, say
from services.chats.model import Chat
from services.chats.service import Chats
from services.outbox.service import Outbox
from services.text import Text

GONE = {ChatMemberStatus.KICKED, ChatMemberStatus.LEFT}


class Migrated(BaseFilter):
    """Telegram's notice that a group goes on under another id."""

    async def __call__(self, message: Message) -> bool:
        return message.migrate_to_chat_id is not None


async def membership(
    event: ChatMemberUpdated, text: Text, chat: Chat, chats: Chats, outbox: Outbox
) -> Reply:
    """Pause what waits for a chat that does not want us; go on when it does again."""
    gone = event.new_chat_member.status in GONE
    await chats.can_write(chat.telegram_id, possible=not gone)
    if gone:
        await outbox.cancel_for_chat(chat.telegram_id)
        return None
    was_gone = event.old_chat_member.status in GONE
    if was_gone and event.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
        return say(chat.telegram_id, text("chats.hello-group"))
    return None


async def migrated(message: Message, chats: Chats) -> Reply:
    """A group became a supergroup."""
    if message.migrate_to_chat_id is not None:
        await chats.moved(old=message.chat.id, new=message.migrate_to_chat_id)
    return None


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="chats")
    router.my_chat_member.register(membership)
    router.message.register(migrated, Migrated())
    return router
