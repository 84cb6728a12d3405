"""Reactions of the bot."""

from simulator.access import Right, accessible_chat, accessible_message
from simulator.arguments import Arguments
from simulator.errors import bad_request
from simulator.fields import MalformedError, text_field
from simulator.methods.registry import Call, method
from simulator.reactions import react


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """Leave a reaction under a message, or take it away."""
    reactions = read_reactions(call.arguments)
    chat = accessible_chat(call.world, call.arguments.text("chat_id"), Right.READ)
    message_id = call.arguments.integer("message_id")
    message = accessible_message(call.world, chat, message_id, "message to react")
    react(call.world, chat, message, call.world.bot.id, reactions)
    return True


def read_reactions(arguments: Arguments) -> list[str]:
    """Return the emoji in the argument reaction."""
    value = arguments.parsed("reaction", "reaction types")
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("expected an Array of ReactionType")
    try:
        return [_emoji(item) for item in value]
    except MalformedError as fault:
        raise fault.within("can't parse ReactionType") from fault


def _emoji(item: object) -> str:
    if not isinstance(item, dict):
        raise MalformedError("expected an Object")
    kind = text_field(item, "type", None)
    if kind == "custom_emoji":
        text_field(item, "custom_emoji_id", None)
        raise bad_request("REACTION_INVALID")
    if kind != "emoji":
        raise MalformedError("invalid reaction type specified")
    return text_field(item, "emoji", None)
