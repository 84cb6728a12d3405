"""Reactions to messages: who may leave which, and who learns of it."""

from collections import Counter

from simulator.chats import Chat, ChatType
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.updates import DAY, Lane
from simulator.views import chat_json, user_json
from simulator.wire import Json
from simulator.world import World

_ALL = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆
💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄
😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_ALL.split())
"""What anybody may react with."""


def react(world: World, chat: Chat, message: Message, user_id: int, reactions: list[str]) -> None:
    """Leave these reactions instead of the former ones; none takes them away."""
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not set(reactions) <= EMOJI:
        raise bad_request("REACTION_INVALID")
    old = message.reactions.get(user_id, [])
    if reactions == old:
        return
    message.reactions.pop(user_id, None)
    if reactions:
        message.reactions[user_id] = reactions
    about = {"chat": chat_json(world, chat), "message_id": message.id, "date": world.unix_time()}
    shown = {"chat": chat.id, "message_id": message.id, "reactions": counted(message)}
    world.events.publish(world.directory.people_in(chat), "message_reaction", shown)
    if user_id != world.bot.id and (chat.private or chat.status(world.bot.id).administers):
        _tell_bot(world, chat, message, about, user_id, old)


def counted(message: Message) -> list[Json]:
    """Return the reactions as a list of ReactionCount."""
    counts = Counter(one for chosen in message.reactions.values() for one in chosen)
    return [{"type": _type(emoji), "total_count": count} for emoji, count in counts.items()]


def _tell_bot(
    world: World, chat: Chat, message: Message, about: Json, user_id: int, old: list[str]
) -> None:
    if chat.type is ChatType.CHANNEL:
        kind, lane, payload = (
            "message_reaction_count",
            Lane.REACTION_COUNTS,
            about | {"reactions": counted(message)},
        )
    else:
        kind, lane = "message_reaction", Lane.REACTIONS
        payload = about | {
            "user": user_json(world, user_id),
            "old_reaction": [_type(emoji) for emoji in old],
            "new_reaction": [_type(emoji) for emoji in message.reactions.get(user_id, [])],
        }
    world.updates.push(kind, payload, lifetime=DAY, lane=lane.of(chat.id))


def _type(emoji: str) -> Json:
    return {"type": "emoji", "emoji": emoji}
