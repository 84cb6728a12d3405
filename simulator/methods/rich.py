"""Rich messages: answers with headings, tables, lists and parts to unfold."""

from simulator.access import writable_chat
from simulator.errors import bad_request
from simulator.methods.registry import Call, method
from simulator.methods.sending import send
from simulator.rich import rich_content
from simulator.rich_plain import plain_text
from simulator.wire import Json


@method("sendRichMessage")
def send_rich_message(call: Call) -> Json:
    """Send a rich message."""
    return send(call, lambda: rich_content(call.world, call.arguments))


@method("sendRichMessageDraft")
def send_rich_message_draft(call: Call) -> bool:
    """Show a person the beginning of a rich message; it is gone unless the message is sent."""
    world, arguments = call.world, call.arguments
    draft_id = arguments.integer("draft_id")
    chat = writable_chat(world, arguments.text("chat_id"))
    if not chat.private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not draft_id:
        raise bad_request("RANDOM_ID_INVALID")
    content = rich_content(world, arguments, draft=True)
    text = plain_text(content["rich_message"]["blocks"])
    shown = {"chat": chat.id, "draft_id": draft_id, "text": text} | content
    world.events.publish([chat.id], "draft", shown)
    return True
