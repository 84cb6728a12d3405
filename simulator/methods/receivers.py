"""For whom a message is: for all in the chat, or as an ephemeral one for a single person."""

from typing import NamedTuple

from simulator.arguments import Arguments
from simulator.callbacks import Press
from simulator.chats import Chat
from simulator.ephemeral import ANSWERABLE_FOR
from simulator.errors import bad_request
from simulator.fields import MalformedError, flag_field, integer_field, text_field
from simulator.wire import Json
from simulator.world import World


class Receiver(NamedTuple):
    """The one person who is to see a message."""

    person_id: int
    callback_query_id: str = ""
    """The press the message answers."""
    replaces: bool = False
    """Whether the person sees it in place of the message with the button."""


def read_receiver(arguments: Arguments) -> Receiver | None:
    """Return the receiver of an ephemeral message, None for a message to all."""
    value = arguments.parsed("ephemeral_message_parameters", "ephemeral message parameters")
    if value is None:
        person_id = arguments.integer("receiver_user_id")
        return Receiver(person_id, arguments.text("callback_query_id")) if person_id else None
    if not isinstance(value, dict):
        raise bad_request("object expected as ephemeral message parameters")
    try:
        person_id = integer_field(value, "receiver_user_id", None)
        query_id = text_field(value, "callback_query_id")
        return Receiver(person_id, query_id, flag_field(value, "replace_callback_query_message"))
    except MalformedError as fault:
        raise fault.within("can't parse EphemeralMessageParameters") from fault


def check_receiver(world: World, chat: Chat, receiver: Receiver, contents: list[Json]) -> int:
    """Refuse what can't be sent to one person; return the message that is replaced, 0 for none.

    An administrator may write at any time, another bot in answer to a press just now.
    """
    if not chat.is_group:
        raise bad_request("ephemeral messages can be sent in groups and supergroups only")
    if receiver.person_id not in world.directory.people_in(chat):
        raise bad_request("receiver of the ephemeral message not found")
    if any("live_period" in content.get("location", {}) for content in contents):
        raise bad_request("live location can't be sent as an ephemeral message")
    press = world.callbacks.get(receiver.callback_query_id)
    if receiver.callback_query_id and not _answerable(world, chat, receiver, press):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if press is None and not chat.status(world.bot.id).administers:
        raise bad_request("not enough rights to send ephemeral messages without a callback query")
    if not receiver.replaces:
        return 0
    if press is None or press.ephemeral:
        raise bad_request("there is no message to be replaced by the ephemeral message")
    return int(press.message_id)


def _answerable(world: World, chat: Chat, receiver: Receiver, press: Press | None) -> bool:
    if press is None or (press.chat_id, press.person_id) != (chat.id, receiver.person_id):
        return False
    return world.clock.now() - press.pressed_at <= ANSWERABLE_FOR
