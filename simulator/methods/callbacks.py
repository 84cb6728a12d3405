"""Answers to pressed buttons."""

from simulator.errors import bad_request
from simulator.methods.registry import Call, method
from simulator.wire import Json

LONGEST_ANSWER = 200


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Show the person who pressed a button a short text, once."""
    world, arguments = call.world, call.arguments
    text = arguments.text("text")
    if len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.callbacks.take(arguments.text("callback_query_id"))
    if press is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    show_alert = arguments.flag("show_alert")
    event: Json = {"chat": press.chat_id, "message_id": press.message_id}
    event |= {"text": text, "show_alert": show_alert}
    if url := arguments.text("url"):
        event["url"] = url
    world.events.publish([press.person_id], "answer", event)
    return True
