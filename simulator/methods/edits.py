"""Changes to messages the bot has sent."""

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
from simulator.views import message_json
from simulator.wire import Json

_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_CAPTIONED = ("photo", "document", "voice")
_REPLACEABLE = ("photo", "document")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """Replace the text and the buttons of a text message."""
    preview = read_preview(call.arguments)
    if not call.arguments.text("text"):
        raise bad_request("message text is empty")
    formatted = read_formatted(call.arguments)
    markup = read_markup(call.arguments)
    chat, message = editable(call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    fields = text_fields(call.world, finished_text(formatted)) | preview
    content = _without(message.content, _TEXT) | fields
    return _edited(call, chat, message, content, markup)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """Replace the caption and the buttons of a picture or document."""
    caption = caption_fields(call)
    markup = read_markup(call.arguments)
    chat, message = editable(call)
    if not any(kind in message.content for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    content = _without(message.content, _CAPTION) | caption()
    if call.arguments.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _edited(call, chat, message, content, markup)


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json:
    """Replace the picture or document of a message with its caption, or a text by one."""
    item = call.arguments.parsed("media", "input media")
    if item is None:
        raise bad_request("can't parse input media JSON object")
    try:
        _, make = read_media(call.world, call.arguments, item)
    except MalformedError as fault:
        raise fault.within("can't parse InputMedia") from fault
    markup = read_markup(call.arguments)
    chat, message = editable(call)
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
    markup = read_markup(call.arguments)
    chat, message = editable(call)
    return _edited(call, chat, message, message.content, markup)


def _edited(call: Call, chat: Chat, message: Message, content: Json, markup: Json | None) -> Json:
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    check_markup(markup, chat)
    if content == message.content and markup == message.reply_markup:
        raise bad_request(_NOT_MODIFIED)
    message.content = content
    message.reply_markup = markup
    message.edit_date = call.world.unix_time()
    changed(call.world, chat, message, by_bot=True)
    return message_json(call.world, message)


def _without(content: Json, names: tuple[str, ...]) -> Json:
    return {name: value for name, value in content.items() if name not in names}
