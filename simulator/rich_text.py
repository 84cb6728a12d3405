"""Rich text: words and their decoration inside the blocks of a rich message."""

from collections.abc import Iterator

from simulator.entities_find import find_entities
from simulator.fields import MalformedError, integer_field, object_field, required, text_field
from simulator.keyboards import STYLES, check_action, read_action
from simulator.wire import Json

DEEPEST = 16
DECORATED = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "subscript",
        "superscript",
        "marked",
        "code",
    }
)
FURTHER_FIELDS = {
    "url": ("url",),
    "email_address": ("email_address",),
    "phone_number": ("phone_number",),
    "bank_card_number": ("bank_card_number",),
    "mention": ("username",),
    "hashtag": ("hashtag",),
    "cashtag": ("cashtag",),
    "bot_command": ("bot_command",),
    "anchor_link": ("anchor_name",),
    "reference": ("name",),
    "reference_link": ("reference_name",),
}
"""What a text of this type has beside the text it surrounds."""
WITHOUT_TEXT = {
    "custom_emoji": ("custom_emoji_id", "alternative_text"),
    "mathematical_expression": ("expression",),
    "anchor": ("name",),
}
_FOUND = {
    "url": ("url", "url"),
    "email": ("email_address", "email_address"),
    "mention": ("mention", "username"),
    "hashtag": ("hashtag", "hashtag"),
    "cashtag": ("cashtag", "cashtag"),
    "bot_command": ("bot_command", "bot_command"),
}
_VERBATIM = frozenset({"code", "anchor_link", "reference_link", *FURTHER_FIELDS})
_BUTTON_STYLES = STYLES | {"link"}

RichText = str | list[object] | Json


def read_text(value: object, *, detect: bool, depth: int = 0) -> RichText:
    """Return a rich text in Telegram's form; with `detect` links and the like are found in it."""
    if depth > DEEPEST:
        raise MalformedError("rich text is nested too deeply")
    if isinstance(value, str):
        return _with_links(value) if detect else value
    if isinstance(value, list):
        parts = [read_text(one, detect=detect, depth=depth + 1) for one in value]
        return parts[0] if len(parts) == 1 else list(parts)
    if not isinstance(value, dict):
        raise MalformedError("RichText must be a String, an Array or an Object")
    kind = text_field(value, "type", None)
    if kind in WITHOUT_TEXT:
        return {"type": kind} | {
            name: text_field(value, name, None) for name in WITHOUT_TEXT[kind]
        }
    if kind == "button":
        return {"type": kind, "button": read_button(object_field(value, "button"))}
    further = _further(kind, value)
    inner = detect and kind not in _VERBATIM
    text = read_text(required(value, "text"), detect=inner, depth=depth + 1)
    return {"type": kind, "text": text} | further


def read_button(value: object) -> Json:
    """Return a button inside a rich message: a text and exactly one thing it does."""
    if not isinstance(value, dict):
        raise MalformedError("RichMessageButton must be an Object")
    text = read_text(required(value, "text"), detect=False)
    style = text_field(value, "style")
    if style and style not in _BUTTON_STYLES:
        raise MalformedError("invalid button style specified")
    if style == "link" and "callback_data" not in value:
        raise MalformedError("button style link is allowed for callback buttons only")
    action = {"disabled": {}} if "disabled" in value else read_action(value)
    check_action(action)
    return {"text": text} | ({"style": style} if style else {}) | action


def plain(text: object) -> str:
    """Return only the words."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(plain, text))
    if not isinstance(text, dict):
        return ""
    if text["type"] == "button":
        return plain(text["button"]["text"])
    return plain(text.get("text") or text.get("alternative_text") or text.get("expression"))


def buttons_in(text: object) -> Iterator[Json]:
    """Give the buttons that stand in a text."""
    if isinstance(text, list):
        for part in text:
            yield from buttons_in(part)
    elif isinstance(text, dict) and text["type"] == "button":
        yield text["button"]
    elif isinstance(text, dict):
        yield from buttons_in(text.get("text"))


def _further(kind: str, value: Json) -> Json:
    if kind in DECORATED:
        return {}
    if kind in FURTHER_FIELDS:
        return {name: text_field(value, name, None) for name in FURTHER_FIELDS[kind]}
    if kind == "date_time":
        shown = text_field(value, "date_time_format")
        return {"unix_time": integer_field(value, "unix_time", None), "date_time_format": shown}
    if kind == "text_mention":
        return {"user": object_field(value, "user")}
    raise MalformedError(f'unsupported rich text type "{kind}" specified')


def _with_links(text: str) -> RichText:
    """Return the text with the links, commands and the like that stand in it."""
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[object] = []
    position = 0
    for entity in sorted(find_entities(text), key=lambda one: one.order):
        if entity.offset < position:
            continue
        if before := _cut(units, position, entity.offset):
            parts.append(before)
        word = _cut(units, entity.offset, entity.end)
        kind, field = _FOUND[entity.kind]
        parts.append(
            {"type": kind, "text": word, field: word.lstrip("@") if kind == "mention" else word}
        )
        position = entity.end
    if not parts:
        return text
    if rest := _cut(units, position, len(units) // 2):
        parts.append(rest)
    return parts


def _cut(units: bytes, begin: int, end: int) -> str:
    return units[2 * begin : 2 * end].decode("utf-16-le", "surrogatepass")
