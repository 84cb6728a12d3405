"""Changes to messages the bot has sent."""

from collections.abc import Callable

from simulator.chats import Chat
from simulator.content import text_fields
from simulator.errors import bad_request
from simulator.fields import MalformedError
from simulator.formatting import finished_text, read_formatted
from simulator.keyboards import check_markup, read_markup
from simulator.messages import Message
from simulator.methods.albums import read_media
from simulator.methods.editing import editable
from simulator.methods.media import caption_fields
from simulator.methods.messages import read_preview
from simulator.methods.registry import Call, method
from simulator.posting import changed
from simulator.rich import rich_content
from simulator.views import message_json
from simulator.wire import Json

_TEXT = ("text", "rich_message", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_CAPTIONED = ("photo", "document", "voice")
_REPLACEABLE = ("photo", "document")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


Find = Callable[[Call], tuple[Chat, Message]]
"""Gives the message a request names and its chat, or refuses."""


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """Replace the text or the rich content of a message, and its buttons."""
    return message_json(call.world, change_text(call, editable))


def change_text(call: Call, find: Find) -> Message:
    """Replace the text or the rich content of the message found."""
    preview = read_preview(call.arguments)
    rich = call.arguments.has("rich_message")
    if not call.arguments.text("text") and not rich:
        raise bad_request("message text is empty")
    formatted = read_formatted(call.arguments)
    markup = read_markup(call.arguments)
    chat, message = find(call)
    if not message.content.keys() & {"text", "rich_message"}:
        raise bad_request("there is no text in the message to edit")
    if rich:
        fields = rich_content(call.world, call.arguments)
    else:
        fields = text_fields(call.world, finished_text(formatted)) | preview
    content = _without(message.content, _TEXT) | fields
    return _edited(call, chat, message, content, markup)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """Replace the caption and the buttons of a picture or document."""
    return message_json(call.world, change_caption(call, editable))


def change_caption(call: Call, find: Find) -> Message:
    """Replace the caption of the message found."""
    caption = caption_fields(call)
    markup = read_markup(call.arguments)
    chat, message = find(call)
    if not any(kind in message.content for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    content = _without(message.content, _CAPTION) | caption()
    if call.arguments.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _edited(call, chat, message, content, markup)


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json:
    """Replace the picture or document of a message with its caption, or a text by one."""
    return message_json(call.world, change_media(call, editable))


def change_media(call: Call, find: Find) -> Message:
    """Replace the picture or document of the message found."""
    item = call.arguments.parsed("media", "input media")
    if item is None:
        raise bad_request("can't parse input media JSON object")
    try:
        _, make = read_media(call.world, call.arguments, item)
    except MalformedError as fault:
        raise fault.within("can't parse InputMedia") from fault
    markup = read_markup(call.arguments)
    chat, message = find(call)
    if not any(kind in message.content for kind in (*_REPLACEABLE, "text")):
        raise bad_request("there is no media in the message to edit")
    album = {
        name: message.content[name] for name in ("media_group_id",) if name in message.content
    }
    content = make() | album
    if album and not content.keys() & message.content.keys() & set(_REPLACEABLE):
        raise bad_request("can't change media type in the album")
    return _edited(call, chat, message, content, markup)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """Replace the buttons of a message; without new ones they go."""
    return message_json(call.world, change_markup(call, editable))


def change_markup(call: Call, find: Find) -> Message:
    """Replace the buttons of the message found."""
    markup = read_markup(call.arguments)
    chat, message = find(call)
    return _edited(call, chat, message, message.content, markup)


def _edited(
    call: Call, chat: Chat, message: Message, content: Json, markup: Json | None
) -> Message:
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    check_markup(markup, chat)
    if content == message.content and markup == message.reply_markup:
        raise bad_request(_NOT_MODIFIED)
    message.content = content
    message.reply_markup = markup
    message.edit_date = call.world.unix_time()
    changed(call.world, chat, message, by_bot=True)
    return message


def _without(content: Json, names: tuple[str, ...]) -> Json:
    return {name: value for name, value in content.items() if name not in names}
