"""Messages sent once more: forwarded with their origin or copied without."""

from simulator.access import Right, accessible_chat, accessible_message
from simulator.chats import ChatType
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.methods.media import caption_fields
from simulator.methods.registry import Call, method
from simulator.methods.sending import deliver, send
from simulator.privacy import SERVICE_FIELDS
from simulator.views import chat_json, user_json
from simulator.wire import Json
from simulator.world import World


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """Forward a message of any kind except notes of comings and goings."""
    message = _source(call, "message to forward")
    if SERVICE_FIELDS & message.content.keys() or message.traits.get("has_protected_content"):
        raise bad_request("the message can't be forwarded")
    return send(call, lambda: dict(message.content), _origin(call.world, message))


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """Send the content of a message anew, a picture with another caption if one is given."""
    message = _source(call, "message to copy")
    if SERVICE_FIELDS & message.content.keys() or message.traits.get("has_protected_content"):
        raise bad_request("the message can't be copied")
    wordy = message.content.keys() & {"text", "rich_message"}
    replaced = call.arguments.has("caption") and not wordy
    caption = caption_fields(call) if replaced else None

    def content() -> Json:
        if caption is None:
            return dict(message.content)
        dropped = ("caption", "caption_entities")
        kept = {name: value for name, value in message.content.items() if name not in dropped}
        return kept | caption()

    return {"message_id": deliver(call, content).id}


def _source(call: Call, what: str) -> Message:
    world, arguments = call.world, call.arguments
    chat = accessible_chat(world, arguments.required("from_chat_id"), Right.READ)
    return accessible_message(world, chat, arguments.integer("message_id"), what)


def _origin(world: World, message: Message) -> Json:
    """Return the fields that tell where a forwarded message comes from."""
    if message.origin:
        return message.origin
    chat = world.directory.chats[message.chat_id]
    if chat.type is ChatType.CHANNEL:
        shown = chat_json(world, chat)
        origin = {"type": "channel", "chat": shown, "message_id": message.id}
        old: Json = {"forward_from_chat": shown, "forward_from_message_id": message.id}
    else:
        user = user_json(world, message.sender_id or world.bot.id)
        origin = {"type": "user", "sender_user": user}
        old = {"forward_from": user}
    dated = {"forward_origin": origin | {"date": message.date}}
    return dated | old | {"forward_date": message.date}
