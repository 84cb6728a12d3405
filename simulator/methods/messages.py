"""Text messages, chat actions, deletion."""

from simulator.access import (
    Right,
    accessible_chat,
    accessible_message,
    check_may_post,
)
from simulator.arguments import Arguments
from simulator.chats import Chat
from simulator.content import text_fields
from simulator.errors import bad_request
from simulator.fields import MalformedError, flag_field, text_field
from simulator.formatting import finished_text, read_formatted
from simulator.messages import Message
from simulator.methods.registry import Call, method
from simulator.methods.sending import send
from simulator.posting import remove
from simulator.updates import DAY
from simulator.wire import Json
from simulator.world import World

MOST_DELETED_AT_ONCE = 100
DELETABLE_FOR = 2 * DAY

_ACTIONS = frozenset(
    {
        "cancel",
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "record_audio",
        "upload_audio",
        "upload_document",
        "choose_sticker",
        "find_location",
        "pick_up_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method("sendMessage")
def send_message(call: Call) -> Json:
    """Send a text."""
    preview = read_preview(call.arguments)
    if not call.arguments.text("text"):
        raise bad_request("message text is empty")
    formatted = read_formatted(call.arguments)

    def content() -> Json:
        return text_fields(call.world, finished_text(formatted)) | preview

    return send(call, content)


def read_preview(arguments: Arguments) -> Json:
    """Return the field link_preview_options of a message, nothing if it has none."""
    value = arguments.parsed("link_preview_options", "link preview options")
    if value is None:
        disabled = arguments.flag("disable_web_page_preview")
        return {"link_preview_options": {"is_disabled": True}} if disabled else {}
    if not isinstance(value, dict):
        raise bad_request("object expected as link preview options")
    try:
        options: Json = {"url": text_field(value, "url")}
        for name in ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"):
            options[name] = flag_field(value, name)
    except MalformedError as fault:
        raise fault.within("") from fault
    chosen = {name: option for name, option in options.items() if option}
    return {"link_preview_options": chosen} if chosen else {}


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Show for a few seconds that the bot is at work."""
    world, arguments = call.world, call.arguments
    action = arguments.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = accessible_chat(world, arguments.text("chat_id"), Right.WRITE)
    check_may_post(world, chat)
    people = world.directory.people_in(chat)
    world.events.publish(people, "typing", {"chat": chat.id, "action": action})
    return True


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete one message."""
    world, arguments = call.world, call.arguments
    if not arguments.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    message_id = arguments.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    chat = accessible_chat(world, arguments.text("chat_id"), Right.WRITE)
    message = accessible_message(world, chat, message_id, "message to delete")
    _check_deletable(world, chat, message)
    remove(world, chat, message_id)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Delete up to a hundred messages; those that are gone already do not matter."""
    world, arguments = call.world, call.arguments
    message_ids = read_message_ids(arguments)
    chat = accessible_chat(world, arguments.text("chat_id"), Right.WRITE)
    known = [world.messages.get(chat.id, message_id) for message_id in message_ids]
    messages = [message for message in known if message]
    for message in messages:
        _check_deletable(world, chat, message)
    for message in messages:
        remove(world, chat, message.id)
    return True


def read_message_ids(arguments: Arguments) -> list[int]:
    """Return the ids in the argument message_ids or refuse the request."""
    value = arguments.parsed("message_ids", "message_ids")
    if value in (None, []):
        raise bad_request("message identifiers are not specified")
    if not isinstance(value, list):
        raise bad_request("expected an Array of message identifiers")
    if len(value) > MOST_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    return [_message_id(item) for item in value]


def _message_id(item: object) -> int:
    if isinstance(item, bool) or not isinstance(item, int | str):
        raise bad_request("message identifier must be a Number")
    try:
        message_id = int(item)
    except ValueError as error:
        raise bad_request("can't parse message identifier as a Number") from error
    if message_id <= 0:
        raise bad_request("invalid message identifier specified")
    return message_id


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    if chat.status(world.bot.id).administers:
        return
    own = world.bot.id in (message.sender_id, message.author_id)
    if not chat.private and not own:
        raise bad_request("message can't be deleted")
    if world.clock.now() - message.date >= DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
