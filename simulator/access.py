"""Which chats and messages the bot may touch, and what it is told when it may not."""

import re
from enum import Enum, auto
from http import HTTPStatus

from simulator.chats import Chat, ChatType, Status
from simulator.errors import ApiError, bad_request, forbidden, refusal
from simulator.messages import Message
from simulator.world import World

_NAMES = {ChatType.GROUP: "group", ChatType.SUPERGROUP: "supergroup", ChatType.CHANNEL: "channel"}


class Right(Enum):
    """How deep a request reaches into a chat."""

    READ = auto()
    MEMBERS = auto()
    EDIT = auto()
    WRITE = auto()


def accessible_chat(world: World, chat_id: str, right: Right) -> Chat:
    """Return the chat with this id or @name if the bot has the right, otherwise refuse."""
    if not chat_id:
        raise bad_request("chat_id is empty")
    chat = _find(world, chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.private:
        if right in (Right.EDIT, Right.WRITE) and world.directory.people[chat.id].deactivated:
            raise forbidden("user is deactivated")
    else:
        _check_upgrade(chat, right)
        _check_membership(chat, chat.status(world.bot.id), right)
    return chat


def writable_chat(world: World, chat_id: str) -> Chat:
    """Return a chat the bot may post to now."""
    chat = accessible_chat(world, chat_id, Right.WRITE)
    check_may_post(world, chat)
    return chat


def check_may_post(world: World, chat: Chat) -> None:
    """Refuse if the person has blocked or never started the bot, or the channel is not its."""
    if chat.private and world.directory.blocked(chat.id):
        raise forbidden("bot was blocked by the user")
    if chat.private and not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.type is ChatType.CHANNEL and not chat.status(world.bot.id).administers:
        raise bad_request("need administrator rights in the channel chat")


def accessible_message(
    world: World, chat: Chat, message_id: int, what: str = "message"
) -> Message:
    """Return a message or refuse, naming what it was wanted for: "message to edit"."""
    message = world.messages.get(chat.id, message_id)
    if message is None or not _sees_messages(world, chat):
        raise bad_request(f"{what} not found")
    return message


def _sees_messages(world: World, chat: Chat) -> bool:
    return chat.type in (ChatType.PRIVATE, ChatType.GROUP) or chat.present(world.bot.id)


def _find(world: World, chat_id: str) -> Chat | None:
    if chat_id.startswith("@"):
        return world.directory.chat_named(chat_id)
    found = re.match(r"-?[0-9]{1,20}", chat_id)
    chat = world.directory.chats.get(int(found[0])) if found else None
    # A closed group the bot has never been in does not exist for it.
    unknown = chat and not chat.private and not chat.username and world.bot.id not in chat.members
    return None if unknown else chat


def _check_upgrade(chat: Chat, right: Right) -> None:
    if chat.migrated_to and right in (Right.MEMBERS, Right.WRITE):
        reason = "group chat was upgraded to a supergroup chat"
        parameters = {"migrate_to_chat_id": chat.migrated_to}
        raise refusal(HTTPStatus.BAD_REQUEST, reason, parameters)


def _check_membership(chat: Chat, status: Status, right: Right) -> None:
    name = _NAMES[chat.type]
    needs_membership = right in (Right.EDIT, Right.WRITE)
    if chat.type is ChatType.GROUP:
        needs_membership |= right is Right.MEMBERS
        if status is Status.KICKED and needs_membership:
            raise _kicked(name)
    elif status is Status.KICKED:
        raise _kicked(name)
    else:
        needs_membership |= not chat.username
    if not status.present and needs_membership:
        raise forbidden(f"bot is not a member of the {name} chat")


def _kicked(name: str) -> ApiError:
    return forbidden(f"bot was kicked from the {name} chat")
