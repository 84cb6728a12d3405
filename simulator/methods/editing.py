"""What all methods that edit have in common: which message, and whether the bot may."""

from simulator.access import Right, accessible_chat, accessible_message
from simulator.chats import Chat, ChatType
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.methods.registry import Call
from simulator.methods.sending import refuse_business


def editable(
    call: Call, what: str = "message to edit", closed: str = "message can't be edited"
) -> tuple[Chat, Message]:
    """Return the message the bot may edit and its chat, or refuse."""
    world, arguments = call.world, call.arguments
    refuse_business(arguments)
    message_id = arguments.integer("message_id")
    if not arguments.text("chat_id") and not message_id:
        if not arguments.text("inline_message_id"):
            raise bad_request("message identifier is not specified")
        raise bad_request("MESSAGE_ID_INVALID")
    chat = accessible_chat(world, arguments.text("chat_id"), Right.EDIT)
    message = accessible_message(world, chat, message_id, what)
    own = world.bot.id in (message.sender_id, message.author_id)
    administered = chat.type is ChatType.CHANNEL and chat.status(world.bot.id).administers
    if message.origin or not (own or administered):
        raise bad_request(closed)
    return chat, message
