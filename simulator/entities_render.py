"""A message as safe HTML for the chat page."""

from html import escape

from simulator.entities import utf16_length
from simulator.wire import Json

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tg://")


def to_html(text: str, entities: list[Json]) -> str:
    """Return the text escaped, with tags for its entities; line breaks stay line breaks."""
    units = text.encode("utf-16-le")
    return _render(units, entities, 0, utf16_length(text))


def _render(units: bytes, entities: list[Json], begin: int, end: int) -> str:
    parts: list[str] = []
    position = begin
    waiting = list(entities)
    while waiting:
        entity = waiting.pop(0)
        offset, stop = entity["offset"], min(entity["offset"] + entity["length"], end)
        if offset < position or stop <= offset:
            continue
        inner = [one for one in waiting if one["offset"] < stop]
        waiting = waiting[len(inner) :]
        content = _render(units, inner, offset, stop)
        parts += [_plain(units, position, offset), _wrapped(entity, content, units, offset, stop)]
        position = stop
    return "".join([*parts, _plain(units, position, end)])


def _plain(units: bytes, begin: int, end: int) -> str:
    return escape(units[2 * begin : 2 * end].decode("utf-16-le", "replace"))


def _wrapped(entity: Json, content: str, units: bytes, begin: int, end: int) -> str:
    kind = entity["type"]
    if kind == "spoiler":
        return f'<span class="tg-spoiler">{content}</span>'
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>{content}</{_TAGS[kind]}>"
    target = _target(entity, units[2 * begin : 2 * end].decode("utf-16-le", "replace"))
    if target.startswith(_SAFE_SCHEMES):
        attributes = 'target="_blank" rel="noopener noreferrer"'
        return f'<a href="{escape(target)}" {attributes}>{content}</a>'
    return content


def _target(entity: Json, text: str) -> str:
    if entity["type"] == "text_link":
        return str(entity.get("url", ""))
    if entity["type"] == "url":
        return text if "://" in text else f"http://{text}"
    return f"mailto:{text}" if entity["type"] == "email" else ""
