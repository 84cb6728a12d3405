"""Drafts: a long answer shown while it is being written."""

from simulator.access import writable_chat
from simulator.content import text_fields
from simulator.errors import bad_request
from simulator.formatting import LONGEST_TEXT, finished_caption, read_formatted
from simulator.methods.registry import Call, method


@method("sendMessageDraft")
def send_message_draft(call: Call) -> bool:
    """Show a person the beginning of a text; it is gone unless the text is sent."""
    world, arguments = call.world, call.arguments
    draft_id = arguments.integer("draft_id")
    formatted = read_formatted(arguments)
    chat = writable_chat(world, arguments.text("chat_id"))
    if not chat.private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not draft_id:
        raise bad_request("RANDOM_ID_INVALID")
    if len(formatted.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    shown = text_fields(world, finished_caption(formatted)) if formatted.text else {}
    world.events.publish([chat.id], "draft", {"chat": chat.id, "draft_id": draft_id} | shown)
    return True
