"""What all methods that send have in common: target, reply, keyboard, delivery."""

from collections.abc import Callable
from typing import NamedTuple

from simulator.access import Right, accessible_chat, check_may_post
from simulator.arguments import Arguments
from simulator.chats import Chat, ChatType
from simulator.errors import bad_request
from simulator.fields import MalformedError, flag_field, integer_field, text_field
from simulator.keyboards import check_markup, inline_part, read_markup
from simulator.messages import Message
from simulator.methods.receivers import Receiver, check_receiver, read_receiver
from simulator.methods.registry import Call
from simulator.posting import post, post_ephemeral, show_keyboard
from simulator.views import message_json
from simulator.wire import Json
from simulator.world import World


class ReplyWish(NamedTuple):
    """Which message is to be answered."""

    message_id: int = 0
    lenient: bool = False
    """Send without a reply if the message is gone."""


def send(call: Call, content: Callable[[], Json], origin: Json | None = None) -> Json:
    """Send a message and return it; the content is made once the chat is known to be open."""
    receiver = None if origin else read_receiver(call.arguments)
    (message,) = deliver_all(call, lambda: [content()], origin, receiver=receiver)
    return message_json(call.world, message)


def deliver(call: Call, content: Callable[[], Json]) -> Message:
    """Send a message to all in the chat and return the stored one."""
    return deliver_all(call, lambda: [content()])[0]


def deliver_all(
    call: Call,
    contents: Callable[[], list[Json]],
    origin: Json | None = None,
    *,
    album: bool = False,
    receiver: Receiver | None = None,
) -> list[Message]:
    """Send one message or an album and return what has been stored."""
    world, arguments = call.world, call.arguments
    refuse_business(arguments)
    wish = _reply_wish(arguments)
    markup = None if album else read_markup(arguments)
    chat = accessible_chat(world, arguments.text("chat_id"), Right.WRITE)
    reply_to = _replied(world, chat, wish)
    thread = _thread(chat, arguments)
    made = contents()
    check_markup(markup, chat)
    check_may_post(world, chat)
    replaces = check_receiver(world, chat, receiver, made) if receiver else 0
    world.limits.before_send(chat, len(made))
    if len(made) > 1:
        group = {"media_group_id": str(world.messages.next_album_id())}
        made = [group | content for content in made]
    traits = _traits(arguments) | thread
    frame = Frame(reply_to, inline_part(markup), origin or {}, traits)
    new = [_framed(world, chat, content, frame) for content in made]
    for message in new:
        if receiver:
            person_id = receiver.person_id
            post_ephemeral(world, chat, message, receiver_id=person_id, replaces=replaces)
        else:
            post(world, chat, message)
    if markup:
        show_keyboard(world, chat, _addressees(world, chat, new[0], markup), markup)
    return new


def _thread(chat: Chat, arguments: Arguments) -> Json:
    """Return the fields that put a message into a topic."""
    number = arguments.integer("message_thread_id")
    if number <= 0:
        return {}
    if number not in chat.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": number, "is_topic_message": True}


class Frame(NamedTuple):
    """What surrounds the content of the messages of one request."""

    reply_to: int | None
    reply_markup: Json | None
    origin: Json
    traits: Json


def _framed(world: World, chat: Chat, content: Json, frame: Frame) -> Message:
    sender = None if chat.type is ChatType.CHANNEL else world.bot.id
    message = Message(chat.id, world.unix_time(), content, sender, reply_to=frame.reply_to)
    message.author_id = world.bot.id
    message.reply_markup = frame.reply_markup
    message.origin = frame.origin
    message.traits = frame.traits
    return message


def refuse_business(arguments: Arguments) -> None:
    """Refuse to act for a business account, which nobody here has."""
    if arguments.text("business_connection_id"):
        raise bad_request("business connection not found")


def _reply_wish(arguments: Arguments) -> ReplyWish:
    value = arguments.parsed("reply_parameters", "reply parameters")
    if value is None:
        old_style = arguments.integer("reply_to_message_id")
        return ReplyWish(old_style, arguments.flag("allow_sending_without_reply"))
    if not isinstance(value, dict):
        raise bad_request("object expected as reply parameters")
    if not value:
        return ReplyWish()
    if "ephemeral_message_id" in value and "message_id" not in value:
        # People here write no ephemeral messages, so there is none to reply to.
        raise bad_request("message to be replied not found")
    try:
        text_field(value, "chat_id")
        message_id = integer_field(value, "message_id", None)
        return ReplyWish(message_id, flag_field(value, "allow_sending_without_reply"))
    except MalformedError as fault:
        raise fault.within("") from fault


def _replied(world: World, chat: Chat, wish: ReplyWish) -> int | None:
    if wish.message_id <= 0:
        return None
    if world.messages.get(chat.id, wish.message_id):
        return wish.message_id
    if wish.lenient:
        return None
    raise bad_request("message to be replied not found")


def _traits(arguments: Arguments) -> Json:
    return {"has_protected_content": True} if arguments.flag("protect_content") else {}


def _addressees(world: World, chat: Chat, message: Message, markup: Json) -> list[int]:
    """Return who gets the keyboard: all, or with `selective` those mentioned or replied to."""
    if message.receiver_id:
        return [message.receiver_id]
    present = world.directory.people_in(chat)
    if chat.private or not markup.get("selective"):
        return present
    chosen = set()
    replied = message.reply_to and world.messages.get(chat.id, message.reply_to)
    if replied and replied.sender_id:
        chosen.add(replied.sender_id)
    for entity in message.content.get("entities", ()):
        if "user" in entity:
            chosen.add(entity["user"]["id"])
        elif entity["type"] == "mention":
            begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            name = message.content["text"].encode("utf-16-le")[begin:end].decode("utf-16-le")
            person = world.directory.person_named(name)
            chosen |= {person.id} if person else set()
    return [person_id for person_id in present if person_id in chosen]
