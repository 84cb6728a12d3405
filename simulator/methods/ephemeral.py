"""Changes to ephemeral messages, which are named by their receiver and a number of their own."""

from simulator.access import Right, accessible_chat
from simulator.chats import Chat
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.methods.edits import change_caption, change_markup, change_media, change_text
from simulator.methods.registry import Call, method
from simulator.posting import remove_ephemeral


@method("editEphemeralMessageText")
def edit_ephemeral_message_text(call: Call) -> bool:
    """Replace the text or the rich content."""
    change_text(call, _named)
    return True


@method("editEphemeralMessageCaption")
def edit_ephemeral_message_caption(call: Call) -> bool:
    """Replace the caption."""
    change_caption(call, _named)
    return True


@method("editEphemeralMessageMedia")
def edit_ephemeral_message_media(call: Call) -> bool:
    """Replace the picture or document."""
    change_media(call, _named)
    return True


@method("editEphemeralMessageReplyMarkup")
def edit_ephemeral_message_reply_markup(call: Call) -> bool:
    """Replace the buttons."""
    change_markup(call, _named)
    return True


@method("deleteEphemeralMessage")
def delete_ephemeral_message(call: Call) -> bool:
    """Take the message from the one person who sees it."""
    chat, message = _named(call, "message to delete")
    remove_ephemeral(call.world, chat, message)
    return True


def _named(call: Call, what: str = "message to edit") -> tuple[Chat, Message]:
    world, arguments = call.world, call.arguments
    chat = accessible_chat(world, arguments.text("chat_id"), Right.EDIT)
    receiver_id = arguments.integer("receiver_user_id")
    ephemeral_id = arguments.integer("ephemeral_message_id")
    if receiver_id <= 0:
        raise bad_request("receiver user identifier is not specified")
    if ephemeral_id <= 0:
        raise bad_request("ephemeral message identifier is not specified")
    message = world.ephemeral.get(chat.id, receiver_id, ephemeral_id)
    if message is None:
        raise bad_request(f"{what} not found")
    return chat, message
