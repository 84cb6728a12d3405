"""Topics of a forum."""

from simulator.access import Right, accessible_chat
from simulator.chats import Chat, ChatType, Topic
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.methods.registry import Call, method
from simulator.posting import post
from simulator.wire import Json

LONGEST_NAME = 128
USUAL_COLOR = 0x6FB9F0


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """Open a topic; its number is that of the message that says so."""
    chat = _forum(call, "create a topic")
    name = _name(call)
    if not name:
        raise bad_request("name must be non-empty")
    color = call.arguments.integer("icon_color") or USUAL_COLOR
    message = _note(call, chat, 0, {"forum_topic_created": {"name": name, "icon_color": color}})
    chat.topics[message.id] = Topic(name, color)
    message.traits = {"message_thread_id": message.id, "is_topic_message": True}
    return {"message_thread_id": message.id, "name": name, "icon_color": color}


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Rename a topic; without a name nothing changes."""
    chat = _forum(call, "edit the topic")
    number, topic = _topic(call, chat)
    name = _name(call)
    if call.arguments.has("name") and not name:
        raise bad_request("name must be non-empty")
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    if name:
        topic.name = name
        _note(call, chat, number, {"forum_topic_edited": {"name": name}})
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    """Let nobody but administrators write in a topic."""
    return _set_closed(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    """Let everybody write in a topic again."""
    return _set_closed(call, closed=False)


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat = _forum(call, "close or open the topic")
    number, topic = _topic(call, chat)
    if topic.is_closed is closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = closed
    _note(call, chat, number, {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
    return True


def _forum(call: Call, deed: str) -> Chat:
    chat = accessible_chat(call.world, call.arguments.text("chat_id"), Right.WRITE)
    if chat.type is not ChatType.SUPERGROUP:
        raise bad_request("the chat is not a forum")
    if not chat.is_forum:
        raise bad_request("the chat is not a supergroup forum")
    if not chat.status(call.world.bot.id).administers:
        raise bad_request(f"not enough rights to {deed}")
    return chat


def _name(call: Call) -> str:
    return call.arguments.text("name").strip()[:LONGEST_NAME]


def _topic(call: Call, chat: Chat) -> tuple[int, Topic]:
    number = call.arguments.integer("message_thread_id")
    if number <= 0:
        raise bad_request("invalid forum topic identifier specified")
    topic = chat.topics.get(number)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return number, topic


def _note(call: Call, chat: Chat, number: int, content: Json) -> Message:
    world = call.world
    message = Message(chat.id, world.unix_time(), content, world.bot.id)
    if number:
        message.traits = {"message_thread_id": number, "is_topic_message": True}
    return post(world, chat, message)
