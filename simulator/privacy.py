"""Which messages of people the bot gets to see."""

from simulator.chats import Chat, ChatType
from simulator.entities import FormattedText
from simulator.entities_find import find_entities
from simulator.messages import Message
from simulator.wire import Json
from simulator.world import World

SERVICE_FIELDS = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "pinned_message",
        "group_chat_created",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)


def bot_sees(world: World, chat: Chat, message: Message) -> bool:
    """Tell whether the bot receives the message.

    In groups a bot that is no administrator is in privacy mode: it sees commands that may be meant
    for it, replies to it, messages that mention it, and service messages.
    """
    status = chat.status(world.bot.id)
    if SERVICE_FIELDS & message.content.keys():
        return status.present or _about(message, world.bot.id)
    if not status.present:
        return False
    if not chat.is_group:
        return chat.type is not ChatType.CHANNEL or status.administers
    return status.administers or _addressed(world, message)


def _about(message: Message, user_id: int) -> bool:
    return bool(message.content.get("left_chat_member", {}).get("id") == user_id)


def _addressed(world: World, message: Message) -> bool:
    replied = message.reply_to and world.messages.get(message.chat_id, message.reply_to)
    if replied and replied.sender_id == world.bot.id:
        return True
    text, entities = _text_of(message.content)
    own_name = world.bot.username.lower()
    for entity in entities:
        word = _cut(text, entity.offset, entity.length)
        name, _, addressee = word.lower().partition("@")
        if entity.kind == "mention" and addressee == own_name:
            return True
        if entity.kind == "bot_command" and entity.offset == 0 and name:
            return addressee in {"", own_name}
    return False


def _text_of(content: Json) -> FormattedText:
    text = str(content.get("text") or content.get("caption") or "")
    found = sorted(find_entities(text), key=lambda one: one.order)
    return FormattedText(text, found)


def _cut(text: str, offset: int, length: int) -> str:
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")
