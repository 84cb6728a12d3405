"""Rich messages: headings, tables, lists and the like, read and brought into Telegram's form."""

from collections.abc import Callable, Iterator

from simulator.errors import bad_request
from simulator.fields import (
    MalformedError,
    array_field,
    flag_field,
    integer_field,
    object_field,
    required,
    text_field,
)
from simulator.rich_list import item_label
from simulator.rich_text import DEEPEST, buttons_in, plain, read_button, read_text
from simulator.wire import Json

LONGEST_TEXT = 32_768
MOST_BLOCKS = 500
MOST_MEDIA = 50
MOST_COLUMNS = 20
MOST_BUTTONS = 8
DEEPEST_ZOOM = 24
LARGEST_MAP = 10_000
"""Width and height together."""
STEEPEST_MAP = 20
HEADING_SIZES = range(1, 7)
USUAL_MAP = {"zoom": 15, "width": 600, "height": 400}

_FARTHEST = {"latitude": 90, "longitude": 180}
_ALIGNMENTS = ("left", "center", "right")
_HEIGHTS = ("top", "middle", "bottom")
_TEXTS = {
    "paragraph": (),
    "footer": (),
    "thinking": (),
    "pre": (),
    "heading": (),
    "pullquote": ("credit",),
    "expandable_blockquote": ("credit",),
}
_TOO_MUCH = {
    "text": "rich message is too long",
    "block": "too many blocks in the rich message",
    "media": "too much media in the rich message",
}
MEDIA = frozenset({"photo", "document", "voice_note"})

ReadMedia = Callable[[str, object], Json]
"""Takes the kind and the InputMedia, gives the fields of the block."""


class BlockReader:
    """Reads the blocks of one message and counts what Telegram limits."""

    def __init__(self, read_media: ReadMedia, *, detect: bool, draft: bool) -> None:
        self._read_media = read_media
        self._detect = detect
        self._draft = draft
        self._left = {"text": LONGEST_TEXT, "block": MOST_BLOCKS, "media": MOST_MEDIA}
        self._structures: dict[str, Callable[[Json, int], Json]] = {
            "divider": lambda _, __: {},
            "anchor": lambda value, _: {"name": text_field(value, "name", None)},
            "mathematical_expression": self._formula,
            "list": self._list,
            "blockquote": self._quote,
            "collage": self._gallery,
            "slideshow": self._gallery,
            "details": self._details,
            "table": self._table,
            "map": lambda value, _: _map(value) | self._caption(value),
            "buttons": lambda value, _: _buttons(value),
        }

    def blocks(self, values: list[object], depth: int = 1) -> list[Json]:
        """Return these blocks, or raise what is wrong with them."""
        if depth > DEEPEST:
            raise bad_request("rich message blocks are nested too deeply")
        return [self._block(value, depth) for value in values]

    def _block(self, value: object, depth: int) -> Json:
        if not isinstance(value, dict):
            raise MalformedError("InputRichBlock must be an Object")
        self._count("block", 1)
        kind = text_field(value, "type", None)
        if kind == "thinking" and not self._draft:
            raise bad_request("thinking blocks can be used in drafts only")
        if kind in _TEXTS:
            return {"type": kind} | self._words(kind, value)
        if kind in MEDIA:
            self._count("media", 1)
            media = self._read_media(kind, required(value, kind))
            return {"type": kind} | media | self._caption(value)
        read = self._structures.get(kind)
        if read is None:
            raise MalformedError(f'unsupported rich block type "{kind}" specified')
        return {"type": kind} | read(value, depth)

    def _formula(self, value: Json, _: int) -> Json:
        expression = text_field(value, "expression", None)
        self._count("text", len(expression))
        return {"expression": expression}

    def _list(self, value: Json, depth: int) -> Json:
        return {"items": [self._item(one, depth) for one in array_field(value, "items")]}

    def _quote(self, value: Json, depth: int) -> Json:
        return self._inner(value, depth) | self._optional(value, "credit")

    def _gallery(self, value: Json, depth: int) -> Json:
        return self._inner(value, depth) | self._caption(value)

    def _details(self, value: Json, depth: int) -> Json:
        opened = {"is_open": True} if flag_field(value, "is_open") else {}
        return {"summary": self._text(value, "summary")} | self._inner(value, depth) | opened

    def _words(self, kind: str, value: Json) -> Json:
        verbatim = kind == "pre"
        fields: Json = {"text": self._text(value, "text", detect=not verbatim)}
        if verbatim and (language := text_field(value, "language")):
            fields["language"] = language
        if kind == "heading":
            fields["size"] = integer_field(value, "size", None)
            if fields["size"] not in HEADING_SIZES:
                raise bad_request("wrong heading size specified")
        return fields | (self._optional(value, "credit") if "credit" in _TEXTS[kind] else {})

    def _inner(self, value: Json, depth: int) -> Json:
        return {"blocks": self.blocks(array_field(value, "blocks"), depth + 1)}

    def _item(self, value: object, depth: int) -> Json:
        if not isinstance(value, dict):
            raise MalformedError("InputRichBlockListItem must be an Object")
        self._count("block", 1)
        flags = {name: True for name in ("has_checkbox", "is_checked") if flag_field(value, name)}
        number, style = integer_field(value, "value"), text_field(value, "type")
        label = item_label(number, style)
        order: Json = ({"value": number} if number else {}) | ({"type": style} if style else {})
        return {"label": label} | self._inner(value, depth) | flags | order

    def _table(self, value: Json, _: int) -> Json:
        rows = [self._row(row) for row in array_field(value, "cells")]
        names = ("is_bordered", "is_striped", "is_compact")
        flags = {name: True for name in names if flag_field(value, name)}
        return {"cells": rows} | flags | self._optional(value, "caption")

    def _row(self, row: object) -> list[Json]:
        if not isinstance(row, list):
            raise MalformedError('Field "cells" must be an Array of Arrays')
        self._count("block", 1)
        cells = [self._cell(cell) for cell in row]
        if sum(cell.get("colspan", 1) for cell in cells) > MOST_COLUMNS:
            raise bad_request(f"rich message tables can't have more than {MOST_COLUMNS} columns")
        return cells

    def _cell(self, value: object) -> Json:
        if not isinstance(value, dict):
            raise MalformedError("RichBlockTableCell must be an Object")
        placed = {
            "align": _one_of(value, "align", _ALIGNMENTS),
            "valign": _one_of(value, "valign", _HEIGHTS),
        }
        spans = {name: integer_field(value, name) for name in ("colspan", "rowspan")}
        header = {"is_header": True} if flag_field(value, "is_header") else {}
        wide = {name: span for name, span in spans.items() if span > 1}
        return placed | self._optional(value, "text") | header | wide

    def _caption(self, value: Json) -> Json:
        if value.get("caption") is None:
            return {}
        caption = object_field(value, "caption")
        return {
            "caption": {"text": self._text(caption, "text")} | self._optional(caption, "credit")
        }

    def _optional(self, value: Json, name: str) -> Json:
        return {name: self._text(value, name)} if value.get(name) is not None else {}

    def _text(self, value: Json, name: str, *, detect: bool = True) -> object:
        text = read_text(required(value, name), detect=detect and self._detect)
        self._count("text", len(plain(text)))
        return text

    def _count(self, what: str, number: int) -> None:
        self._left[what] -= number
        if self._left[what] < 0:
            raise bad_request(_TOO_MUCH[what])


def buttons_of(blocks: list[Json]) -> list[Json]:
    """Return all buttons inside these blocks in the order in which they are read."""
    return [button for block in blocks for button in _buttons_in(block)]


def _buttons_in(block: Json) -> Iterator[Json]:
    yield from block.get("buttons", ())
    for name in ("text", "summary"):
        yield from buttons_in(block.get(name))
    for row in block.get("cells", ()):
        for cell in row:
            yield from buttons_in(cell.get("text"))
    for item in block.get("items", ()):
        yield from buttons_of(item["blocks"])
    yield from buttons_of(block.get("blocks", []))


def _buttons(value: Json) -> Json:
    buttons = [read_button(one) for one in array_field(value, "buttons")]
    if not 0 < len(buttons) <= MOST_BUTTONS:
        raise bad_request(f"a row of buttons must have 1-{MOST_BUTTONS} buttons")
    return {"buttons": buttons} | (
        {"align": _one_of(value, "align", _ALIGNMENTS)} if "align" in value else {}
    )


def _map(value: Json) -> Json:
    location = object_field(value, "location")
    place = {name: _degrees(location, name) for name in _FARTHEST}
    shown = {name: integer_field(value, name, usual) for name, usual in USUAL_MAP.items()}
    width, height = shown["width"], shown["height"]
    if not 0 <= shown["zoom"] <= DEEPEST_ZOOM:
        raise bad_request("wrong map zoom specified")
    fits = min(width, height) > 0 and width + height <= LARGEST_MAP
    if not fits or max(width, height) > STEEPEST_MAP * min(width, height):
        raise bad_request("wrong map size specified")
    return {"location": place} | shown


def _degrees(location: Json, name: str) -> float:
    value = required(location, name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedError(f'Field "{name}" must be a Number')
    if not abs(value) <= _FARTHEST[name]:
        raise bad_request("wrong map location specified")
    return value


def _one_of(value: Json, name: str, choices: tuple[str, ...]) -> str:
    chosen = text_field(value, name) or choices[0]
    if chosen not in choices:
        raise MalformedError(f'Field "{name}" must be one of {", ".join(choices)}')
    return chosen
