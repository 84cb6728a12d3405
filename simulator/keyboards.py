"""Buttons under a message and reply keyboards: read, checked, brought into Telegram's form."""

from collections.abc import Callable

from simulator.arguments import Arguments
from simulator.chats import Chat, ChatType
from simulator.errors import bad_request
from simulator.fields import (
    MalformedError,
    array_field,
    flag_field,
    object_field,
    required,
    text_field,
)
from simulator.links import checked_button_link, mentioned_user
from simulator.wire import Json

LONGEST_CALLBACK_DATA = 64
LONGEST_COPY_TEXT = 256
MOST_BUTTONS = 300
MOST_BUTTONS_IN_ROW = 12
STYLES = frozenset({"danger", "success", "primary"})

_REQUESTS = {
    "request_contact": "Phone number can be requested in private chats only",
    "request_location": "Location can be requested in private chats only",
    "request_poll": "Poll can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
    "request_users": "Users can be requested in private chats only",
    "request_chat": "Chats can be requested in private chats only",
}
_LAYOUT_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")


def read_markup(arguments: Arguments) -> Json | None:
    """Return the reply markup of a request in Telegram's form, None if there is none.

    It has exactly one of the fields inline_keyboard, keyboard, remove_keyboard, force_reply.
    """
    value = arguments.parsed("reply_markup", "reply keyboard markup")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    try:
        return _read(value)
    except MalformedError as fault:
        raise fault.within("") from fault


def check_markup(markup: Json | None, chat: Chat) -> None:
    """Refuse buttons that Telegram does not accept in this chat."""
    if markup is None:
        return
    if chat.type is ChatType.CHANNEL and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    for row in markup.get("keyboard", ()):
        for button in row:
            _check_requests(button, chat)
    for row in markup.get("inline_keyboard", ()):
        for button in row:
            check_action(button)


def inline_part(markup: Json | None) -> Json | None:
    """Return the markup if it stays with the message."""
    return markup if markup and "inline_keyboard" in markup else None


def _read(value: Json) -> Json | None:
    replies = _rows(value, "keyboard", _reply_button)
    inline = _rows(value, "inline_keyboard", _inline_button)
    if replies:
        return _reply_keyboard(value, replies)
    if inline:
        return {"inline_keyboard": inline}
    selective = {"selective": True} if flag_field(value, "selective") else {}
    if flag_field(value, "remove_keyboard"):
        return {"remove_keyboard": True} | selective
    if flag_field(value, "force_reply"):
        return {"force_reply": True} | _placeholder(value) | selective
    return None


def _reply_keyboard(value: Json, rows: list[list[Json]]) -> Json:
    flags = {name: True for name in _LAYOUT_FLAGS if flag_field(value, name)}
    return {"keyboard": rows} | flags | _placeholder(value)


def _placeholder(value: Json) -> Json:
    placeholder = text_field(value, "input_field_placeholder")
    return {"input_field_placeholder": placeholder} if placeholder else {}


def _rows(value: Json, name: str, read: Callable[[object], Json]) -> list[list[Json]]:
    rows: list[list[Json]] = []
    left = MOST_BUTTONS
    for row in array_field(value, name):
        if not isinstance(row, list):
            place = f'Field "{name}"'
            if name == "inline_keyboard":
                place += " of the InlineKeyboardMarkup"
            raise MalformedError(f"{place} must be an Array of Arrays")
        buttons = [button for button in map(read, row) if button["text"]]
        buttons = buttons[: min(MOST_BUTTONS_IN_ROW, left)]
        left -= len(buttons)
        if buttons:
            rows.append(buttons)
    return rows


def _reply_button(value: object) -> Json:
    try:
        return {"text": value} if isinstance(value, str) else _requesting_button(value)
    except MalformedError as fault:
        raise MalformedError(f"Can't parse keyboard button: {fault}") from fault


def _requesting_button(value: object) -> Json:
    if not isinstance(value, dict):
        raise MalformedError("KeyboardButton must be a String or an Object")
    button: Json = {"text": text_field(value, "text", None)} | _style(value)
    for name in ("request_contact", "request_location"):
        if flag_field(value, name):
            return button | {name: True}
    for name in ("request_poll", "web_app", "request_users", "request_chat"):
        if name in value:
            return button | {name: object_field(value, name)}
    return button


def _inline_button(value: object) -> Json:
    try:
        return _acting_button(value)
    except MalformedError as fault:
        raise MalformedError(f"Can't parse inline keyboard button: {fault}") from fault


def _acting_button(value: object) -> Json:
    if not isinstance(value, dict):
        raise MalformedError("InlineKeyboardButton must be an Object")
    text = {"text": text_field(value, "text", None)}
    return text | _style(value) | read_action(value)


def read_action(value: Json) -> Json:
    """Return the one field that says what an inline button does."""
    for name in ("url", "callback_data"):
        if text := text_field(value, name):
            return {name: text}
    if "pay" in value:
        return {"pay": True}
    for name in ("switch_inline_query", "switch_inline_query_current_chat"):
        if name in value:
            return {name: text_field(value, name, None)}
    for name, inner in (("login_url", "url"), ("web_app", "url"), ("copy_text", "text")):
        if name in value:
            item = object_field(value, name)
            return {name: {inner: text_field(item, inner, None)}}
    raise MalformedError("Text buttons are unallowed in the inline keyboard")


def _style(value: Json) -> Json:
    style = text_field(value, "style").lower()
    if style in {"", "default"}:
        return {}
    if style not in STYLES:
        raise MalformedError("invalid button style specified")
    return {"style": style}


def _check_requests(button: Json, chat: Chat) -> None:
    for name, complaint in _REQUESTS.items():
        if name in button and not chat.private:
            raise bad_request(complaint)


def check_action(button: Json) -> None:
    """Refuse an inline button that leads nowhere or carries too much."""
    if "url" in button and not mentioned_user(button["url"]):
        try:
            button["url"] = checked_button_link(button["url"])
        except MalformedError as fault:
            raise bad_request(f"inline keyboard button {fault}") from fault
    if len(button.get("callback_data", "").encode()) > LONGEST_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button:
        copied = required(button["copy_text"], "text")
        if not 0 < len(str(copied)) <= LONGEST_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
