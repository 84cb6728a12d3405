"""Messages come, change and go: stored, shown on the pages, told to the bot."""

from collections.abc import Iterable

from simulator.chats import Chat, ChatType
from simulator.messages import Message
from simulator.page_views import page_message
from simulator.privacy import bot_sees
from simulator.updates import DAY
from simulator.views import message_json
from simulator.wire import Json
from simulator.world import World

_TOLD_OF_OWN = frozenset({"pinned_message", "left_chat_member"})
"""Notes the bot receives although it caused them itself."""


def post(world: World, chat: Chat, message: Message) -> Message:
    """Put a new message into the chat and tell everybody concerned."""
    world.messages.add(message)
    _show(world, chat, message, "message")
    own = world.bot.id in (message.sender_id, message.author_id)
    told = not own or _TOLD_OF_OWN & message.content.keys()
    if told and bot_sees(world, chat, message):
        kind = "channel_post" if chat.type is ChatType.CHANNEL else "message"
        _tell_bot(world, kind, message)
    return message


def post_ephemeral(
    world: World, chat: Chat, message: Message, *, receiver_id: int, replaces: int
) -> Message:
    """Show a message to one person, in place of another message if that is not 0."""
    latest = world.messages.latest(chat.id)
    after = latest.id if latest else 0
    world.ephemeral.add(message, receiver_id=receiver_id, after=after, replaces=replaces)
    _show(world, chat, message, "edited" if replaces else "message")
    return message


def remove_ephemeral(world: World, chat: Chat, message: Message) -> None:
    """Take an ephemeral message away; the one it stood in place of is seen again."""
    world.ephemeral.remove(message)
    receiver_id = message.receiver_id or 0
    covered = world.messages.get(chat.id, int(message.place))
    if covered and covered.place == message.place:
        shown = page_message(world, covered, receiver_id)
        world.events.publish([receiver_id], "edited", {"chat": chat.id, "message": shown})
        return
    gone = {"chat": chat.id, "message_id": message.place}
    world.events.publish([receiver_id], "deleted", gone)


def changed(world: World, chat: Chat, message: Message, *, by_bot: bool) -> None:
    """Tell everybody concerned that a message has been edited."""
    _show(world, chat, message, "edited")
    if not by_bot and bot_sees(world, chat, message):
        kind = "edited_channel_post" if chat.type is ChatType.CHANNEL else "edited_message"
        _tell_bot(world, kind, message)


def remove(world: World, chat: Chat, message_id: int) -> None:
    """Take a message out of the chat."""
    world.messages.remove(chat.id, message_id)
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    gone = {"chat": chat.id, "message_id": message_id}
    world.events.publish(world.directory.people_in(chat), "deleted", gone)


def show_keyboard(world: World, chat: Chat, person_ids: Iterable[int], markup: Json) -> None:
    """Put a reply keyboard before these people, or take it away."""
    keyboard = markup if "keyboard" in markup else None
    if keyboard is None and "remove_keyboard" not in markup:
        return
    for person_id in person_ids:
        if keyboard:
            chat.keyboards[person_id] = keyboard
        else:
            chat.keyboards.pop(person_id, None)
        event = {"chat": chat.id, "keyboard": keyboard}
        world.events.publish([person_id], "keyboard", event)


def _show(world: World, chat: Chat, message: Message, event: str) -> None:
    if world.events.idle:
        return
    readers = world.directory.people_in(chat)
    if message.receiver_id:
        readers = [message.receiver_id]
    for person_id in readers:
        if world.events.watched(person_id):
            shown = page_message(world, message, person_id)
            world.events.publish([person_id], event, {"chat": chat.id, "message": shown})


def _tell_bot(world: World, kind: str, message: Message) -> None:
    payload = message_json(world, message)
    world.updates.push(kind, payload, lifetime=DAY, lane=message.chat_id)
