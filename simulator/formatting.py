"""From the text in a request to the text in a message: markup read, blanks cut, links found."""

import re
from dataclasses import replace

from simulator.arguments import Arguments
from simulator.entities import (
    MOST_ENTITIES,
    Entity,
    FormattedText,
    tidied,
    with_found,
)
from simulator.entities_find import find_entities
from simulator.entities_html import parse_html
from simulator.entities_json import read_entities
from simulator.entities_markdown import parse_markdown
from simulator.errors import bad_request

LONGEST_INPUT = 1 << 15
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
FARTHEST = 1_000_000

_BLANK = re.compile("[\x00-\x09\x0b\x0c\x0e-\x20]")
_PLAIN = re.compile(r"[\w!?](?:(?:[\w ,;!?()\n]|[.](?= ))*[\w!?)])?")
"""Texts nothing needs to be done to: no blanks around them, nothing that might be a link."""
_DROPPED = frozenset("\r\u0333\u033f\u030a") | {chr(code) for code in range(0x2028, 0x202F)}


def read_formatted(
    arguments: Arguments, text_name: str = "text", entities_name: str = "entities"
) -> FormattedText:
    """Return text and entities of a request, its markup parsed."""
    text = arguments.text(text_name)
    return parse_formatted(text, arguments.text("parse_mode"), arguments.lenient(entities_name))


def parse_formatted(text: str, parse_mode: str, entities: object) -> FormattedText:
    """Return the text without its markup; without a parse mode the given entities count."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_INPUT:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if not text or mode in {"", "none"}:
        return FormattedText(text, read_entities(entities))
    parsers = {"html": parse_html, "markdownv2": parse_markdown}
    if mode not in parsers:
        raise bad_request("unsupported parse_mode")
    return parsers[mode](text)


def finished_text(formatted: FormattedText) -> FormattedText:
    """Return a text as it stands in the message, or refuse it as empty or too long."""
    finished = _finished(formatted)
    if not finished.text.strip():
        raise bad_request("text must be non-empty")
    if len(finished.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return finished


def finished_caption(formatted: FormattedText) -> FormattedText:
    """Return a caption as it stands under the picture; it may be empty."""
    finished = _finished(formatted)
    if len(finished.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return finished


def _finished(formatted: FormattedText) -> FormattedText:
    if not formatted.entities and _PLAIN.fullmatch(formatted.text):
        return formatted
    _check_places(formatted.entities)
    cleaned = _trimmed(_cleaned(formatted.text, tidied(formatted.entities)))
    entities = with_found(cleaned.entities, find_entities(cleaned.text))
    return FormattedText(cleaned.text, entities[:MOST_ENTITIES])


def _check_places(entities: list[Entity]) -> None:
    for entity in entities:
        if not 0 <= entity.offset <= FARTHEST:
            raise bad_request(f"receive an entity with incorrect offset {entity.offset}")
        if not 0 <= entity.length <= FARTHEST:
            raise bad_request(f"receive an entity with incorrect length {entity.length}")


def _cleaned(text: str, entities: list[Entity]) -> FormattedText:
    kept: list[str] = []
    places: dict[int, int] = {}
    old = new = 0
    for letter in text:
        places[old] = new
        width = 1 + (letter > "\uffff")
        old += width
        if letter in _DROPPED:
            continue
        kept.append(" " if _BLANK.match(letter) else letter)
        new += width
    places[old] = new
    moved = [_moved(entity, places, old) for entity in entities]
    return FormattedText("".join(kept), [entity for entity in moved if entity.length])


def _moved(entity: Entity, places: dict[int, int], total: int) -> Entity:
    offset, end = entity.offset, entity.end
    if offset >= total:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset not in places:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {offset}")
    beginning = f"entity beginning at UTF-16 offset {offset}"
    if end > total:
        raise bad_request(f"{beginning} ends after the end of the text at UTF-16 offset {end}")
    if end not in places:
        raise bad_request(f"{beginning} ends in a middle of a UTF-16 symbol at byte offset {end}")
    return replace(entity, offset=places[offset], length=places[end] - places[offset])


def _trimmed(formatted: FormattedText) -> FormattedText:
    text = formatted.text.rstrip(" \n")
    end = len(text) + sum(letter > "\uffff" for letter in text)
    entities = [
        replace(one, length=min(one.end, end) - one.offset)
        for one in formatted.entities
        if one.offset < end
    ]
    # Blanks before the first entity go, those inside it stay.
    leading = len(text) - len(text.lstrip(" \n"))
    cut = min([leading, *(one.offset for one in entities)])
    moved = [replace(one, offset=one.offset - cut) for one in entities]
    return FormattedText(text[cut:], tidied(moved))
