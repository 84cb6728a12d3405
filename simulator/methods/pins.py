"""Pinned messages."""

from simulator.access import Right, accessible_chat, accessible_message, check_may_post
from simulator.chats import Chat, ChatType
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.methods.registry import Call, method
from simulator.posting import post
from simulator.views import message_json
from simulator.world import World


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message at the top of a chat."""
    world = call.world
    chat = accessible_chat(world, call.arguments.text("chat_id"), Right.WRITE)
    message_id = call.arguments.integer("message_id")
    message = accessible_message(world, chat, message_id, "message to pin")
    _check_may_pin(world, chat)
    check_may_post(world, chat)
    if message_id in chat.pinned:
        return True
    chat.pinned.append(message_id)
    pinned = message_json(world, message, with_reply=False)
    sender = None if chat.type is ChatType.CHANNEL else world.bot.id
    note = Message(chat.id, world.unix_time(), {"pinned_message": pinned}, sender)
    post(world, chat, note)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Unpin a message; without an id the latest pinned one."""
    world = call.world
    chat = accessible_chat(world, call.arguments.text("chat_id"), Right.WRITE)
    message_id = call.arguments.integer("message_id")
    if message_id:
        accessible_message(world, chat, message_id, "message to unpin")
    elif not chat.pinned:
        raise bad_request("message to unpin not found")
    _check_may_pin(world, chat)
    message_id = message_id or chat.pinned[-1]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    return True


def _check_may_pin(world: World, chat: Chat) -> None:
    if not chat.private and not chat.status(world.bot.id).administers:
        raise bad_request("not enough rights to manage pinned messages in the chat")
