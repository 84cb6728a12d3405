"""What people do in Telegram: write, send pictures, press buttons, block, join and leave."""

from simulator.access import accessible_message
from simulator.arguments import Arguments
from simulator.chats import Chat, ChatType, Status
from simulator.content import text_fields
from simulator.entities import FormattedText
from simulator.errors import ApiError, bad_request
from simulator.formatting import finished_caption, finished_text, parse_formatted
from simulator.inline import INLINE_LIFETIME, InlineQuery
from simulator.membership import set_status
from simulator.messages import Message
from simulator.posting import changed, post
from simulator.rich_blocks import buttons_of
from simulator.updates import CALLBACK_LIFETIME, DAY, Lane
from simulator.views import message_json, user_json
from simulator.wire import Json
from simulator.world import World


def write(
    world: World, chat: Chat, person_id: int, content: Json, reply_to: int | None = None
) -> Message:
    """Send a message as this person."""
    if reply_to and world.messages.get(chat.id, reply_to) is None:
        raise bad_request("message to be replied not found")
    sender = None if chat.type is ChatType.CHANNEL else person_id
    message = Message(chat.id, world.unix_time(), content, sender, reply_to=reply_to)
    message.author_id = person_id
    if chat.private:
        chat.started = True
    return post(world, chat, message)


def text_content(world: World, text: str) -> Json:
    """Return the content of a text message somebody typed."""
    return text_fields(world, finished_text(FormattedText(text, [])))


def caption_content(world: World, caption: str) -> Json:
    """Return the caption fields of a picture or document."""
    formatted = finished_caption(FormattedText(caption, []))
    return text_fields(world, formatted, "caption", "caption_entities")


def edit(world: World, chat: Chat, person_id: int, message_id: int, text: str) -> Message:
    """Change one's own text message."""
    message = accessible_message(world, chat, message_id, "message to edit")
    if message.author_id != person_id or "text" not in message.content:
        raise bad_request("message can't be edited")
    message.content = text_content(world, text)
    message.edit_date = world.unix_time()
    changed(world, chat, message, by_bot=False)
    return message


def press(world: World, chat: Chat, person_id: int, place: Arguments) -> None:
    """Press the button in a row and column under a message, or one inside a rich message."""
    ephemeral_id = place.integer("ephemeral_message_id")
    message = world.ephemeral.get(chat.id, person_id, ephemeral_id)
    if not ephemeral_id:
        message = accessible_message(world, chat, place.integer("message_id"))
    if message is None:
        raise bad_request("message not found")
    button = _button(message, place)
    if "callback_data" not in button:
        return
    opened = world.callbacks.open(person_id, message)
    payload = {
        "id": opened.id,
        "from": user_json(world, person_id),
        "message": message_json(world, message),
        "chat_instance": str(_chat_instance(chat.id)),
        "data": button["callback_data"],
    }
    lane = Lane.CALLBACK.of(person_id)
    world.updates.push("callback_query", payload, lifetime=CALLBACK_LIFETIME, lane=lane)


def set_blocked(world: World, person_id: int, *, blocked: bool) -> None:
    """Block or unblock the bot."""
    chat = world.directory.chats[person_id]
    status = Status.KICKED if blocked else Status.MEMBER
    set_status(world, chat, person_id, world.bot.id, status)


def _button(message: Message, place: Arguments) -> Json:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    row, column = place.integer("row", -1), place.integer("column", -1)
    if place.has("button"):
        blocks = message.content.get("rich_message", {}).get("blocks", [])
        rows, row, column = [buttons_of(blocks)], 0, place.integer("button")
    if not 0 <= row < len(rows) or not 0 <= column < len(rows[row]):
        raise ApiError(400, "there is no such button")
    button: Json = rows[row][column]
    return button


def _chat_instance(chat_id: int) -> int:
    # Any number will do as long as it is the same for the chat and does not show the chat's id.
    return (chat_id * 0x9E3779B97F4A7C15) % (1 << 63)


def ask_inline(world: World, person_id: int, query: str, offset: str) -> InlineQuery:
    """Type @bot and a question into the input field of any chat."""
    asked = world.inline.open(person_id, query)
    payload = {
        "id": asked.id,
        "from": user_json(world, person_id),
        "query": query,
        "offset": offset,
        "chat_type": "private",
    }
    lane = Lane.INLINE.of(person_id)
    world.updates.push("inline_query", payload, lifetime=INLINE_LIFETIME, lane=lane)
    return asked


def choose_result(world: World, chat: Chat, asked: InlineQuery, result: Json) -> Message:
    """Send one of the results the bot has offered."""
    content = result.get("input_message_content", {})
    if "message_text" not in content:
        raise bad_request("only results with a text can be sent here")
    mode, entities = str(content.get("parse_mode", "")), content.get("entities")
    formatted = finished_text(parse_formatted(content["message_text"], mode, entities))
    fields = text_fields(world, formatted) | {"via_bot": user_json(world, world.bot.id)}
    chosen = {
        "result_id": str(result["id"]),
        "from": user_json(world, asked.person_id),
        "query": asked.query,
    }
    lane = Lane.CHOSEN_RESULT.of(asked.person_id)
    world.updates.push("chosen_inline_result", chosen, lifetime=DAY, lane=lane)
    return write(world, chat, asked.person_id, fields)
