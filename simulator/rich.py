"""A rich message of a request: from blocks or HTML to the field rich_message of a message."""

import re

from simulator.arguments import Arguments
from simulator.errors import bad_request
from simulator.fields import MalformedError, array_field, flag_field, required, text_field
from simulator.media import (
    document_content,
    known_document,
    known_photo,
    known_voice,
    photo_content,
    voice_content,
)
from simulator.rich_blocks import BlockReader
from simulator.rich_html import blocks_in_html
from simulator.rich_markdown import blocks_in_markdown
from simulator.rich_plain import plain_text
from simulator.wire import Json
from simulator.world import World

_WAYS = ("blocks", "html", "markdown")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BOUND = re.compile(r"tg://(?:photo|document|audio)\?id=(.*)")
_STORED = {"photo": photo_content, "document": document_content, "voice_note": voice_content}
_KNOWN = {"photo": known_photo, "document": known_document, "voice_note": known_voice}


def rich_content(world: World, arguments: Arguments, *, draft: bool = False) -> Json:
    """Return the content of a message for the argument rich_message, or refuse it."""
    value = arguments.parsed("rich_message", "rich message")
    if value is None:
        raise bad_request("rich message is empty")
    if not isinstance(value, dict):
        raise bad_request("object expected as rich message")
    try:
        return {"rich_message": _read(world, arguments, value, draft=draft)}
    except MalformedError as fault:
        raise fault.within("can't parse InputRichMessage") from fault


def _read(world: World, arguments: Arguments, value: Json, *, draft: bool) -> Json:
    source = _Source(world, arguments, _bindings(value), draft=draft)
    detect = not flag_field(value, "skip_entity_detection")
    blocks = BlockReader(source.media, detect=detect, draft=draft).blocks(_given(value))
    if not plain_text(blocks).strip() and not any(source.used) and not draft:
        raise bad_request("rich message must be non-empty")
    return {"blocks": blocks} | ({"is_rtl": True} if flag_field(value, "is_rtl") else {})


def _given(value: Json) -> list[object]:
    ways = [way for way in _WAYS if value.get(way) is not None]
    if len(ways) != 1:
        raise MalformedError("exactly one of html, markdown and blocks must be used")
    if ways == ["markdown"]:
        return blocks_in_markdown(text_field(value, "markdown"))
    if ways == ["html"]:
        return blocks_in_html(text_field(value, "html"))
    return array_field(value, "blocks")


def _bindings(value: Json) -> dict[str, object]:
    """Return the media that links such as tg://photo?id=picture stand for."""
    bound: dict[str, object] = {}
    for item in array_field(value, "media"):
        if not isinstance(item, dict):
            raise MalformedError("InputRichMessageMedia must be an Object")
        name = text_field(item, "id", None)
        if not _NAME.fullmatch(name):
            raise MalformedError("invalid media identifier specified")
        bound[name] = required(item, "media")
    return bound


class _Source:
    """Where the pictures and files of one rich message come from."""

    def __init__(
        self, world: World, arguments: Arguments, bound: dict[str, object], *, draft: bool
    ) -> None:
        self._world = world
        self._arguments = arguments
        self._bound = bound
        self._draft = draft
        self.used: list[str] = []

    def media(self, kind: str, item: object) -> Json:
        """Return the fields of a block with this InputMedia."""
        if not isinstance(item, dict):
            raise MalformedError("InputMedia must be an Object")
        address = text_field(item, "media", None)
        if found := _BOUND.fullmatch(address):
            item = self._bound_media(found[1])
            address = text_field(item, "media", None)
        spoiler = kind == "photo" and flag_field(item, "has_spoiler")
        self.used.append(address)
        return self._file(kind, address) | ({"has_spoiler": True} if spoiler else {})

    def _bound_media(self, name: str) -> Json:
        item = self._bound.get(name)
        if not isinstance(item, dict):
            raise MalformedError(f'media "{name}" not found')
        return item

    def _file(self, kind: str, address: str) -> Json:
        upload = self._arguments.attached(address)
        if upload and self._draft:
            raise bad_request("new files can't be uploaded in drafts")
        stored = (
            _STORED[kind](self._world, upload)
            if upload
            else _KNOWN[kind](self._world.files, address)
        )
        return {kind: next(iter(stored.values()))}
