"""Entities: which stretch of a text is bold, a link, a command; offsets count UTF-16 units."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from simulator.wire import Json

SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
VERBATIM = frozenset({"pre", "code"})
MOST_ENTITIES = 100

# Of two entities over the same stretch the one with the smaller number comes first.
_PRIORITIES = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_USUAL_PRIORITY = 50
_EMOJI = re.compile(r"0*[1-9][0-9]{0,18}")


@dataclass(slots=True, frozen=True)
class Entity:
    """One entity, its kind named as in the Bot API."""

    kind: str
    offset: int
    length: int
    argument: str = ""
    """The URL of a text_link, the language of a pre, the id of a custom_emoji."""
    user_id: int = 0
    """Whom a text_mention mentions."""

    @property
    def end(self) -> int:
        return self.offset + self.length

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts by place, longer ones first."""
        return self.offset, -self.length, _PRIORITIES.get(self.kind, _USUAL_PRIORITY)


class FormattedText(NamedTuple):
    """A text and its entities."""

    text: str
    entities: list[Entity]


def utf16_length(text: str) -> int:
    """Return the length as the Bot API counts offsets."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def valid_emoji(argument: str) -> bool:
    """Tell whether this can be the id of a custom emoji."""
    return _EMOJI.fullmatch(argument) is not None


def entity_json(entity: Entity, user: Json | None = None) -> Json:
    """Return the MessageEntity object; `user` is whom a text_mention mentions."""
    shown: Json = {"offset": entity.offset, "length": entity.length, "type": entity.kind}
    names = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}
    if entity.argument and entity.kind in names:
        shown[names[entity.kind]] = entity.argument
    if user:
        shown["user"] = user
    return shown


def tidied(entities: list[Entity]) -> list[Entity]:
    """Return the entities sorted and without overlaps that Telegram does not allow.

    Links, mentions and code never overlap; bold, italic and the like are merged where they touch
    and split where another entity begins or ends.
    """
    entities = sorted((one for one in entities if one.length > 0), key=lambda one: one.order)
    splittable = [one for one in entities if one.kind in SPLITTABLE]
    quotes = _apart([one for one in entities if one.kind in QUOTES])
    whole = _apart([one for one in entities if one.kind not in SPLITTABLE | QUOTES])
    whole = [one for one in whole if not any(_crosses(one, quote) for quote in quotes)]
    return _combined(whole + quotes, splittable)


def with_found(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Add entities found in the text wherever they do not touch a given link, code or the like."""
    given = [one for one in entities if one.kind not in SPLITTABLE]
    quotes = [one for one in given if one.kind in QUOTES]
    whole = [one for one in given if one.kind not in QUOTES]
    news = [
        one
        for one in _apart(sorted(found, key=lambda one: one.order))
        if not any(_overlap(one, other) for other in whole)
        and not any(_crosses(one, quote) for quote in quotes)
    ]
    if not news:
        return entities
    return _combined(given + news, [one for one in entities if one.kind in SPLITTABLE])


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _crosses(one: Entity, quote: Entity) -> bool:
    inside = quote.offset <= one.offset and one.end <= quote.end
    return _overlap(one, quote) and not inside


def _apart(entities: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _combined(others: list[Entity], splittable: list[Entity]) -> list[Entity]:
    stretches = _merged(splittable)
    cuts = {one.offset for one in stretches}
    for other in others:
        cuts |= {other.offset, other.end}
    verbatim = [one for one in others if one.kind in VERBATIM]
    pieces = [
        piece
        for stretch in stretches
        for piece in _cut(stretch, cuts)
        if not any(code.offset <= piece.offset < code.end for code in verbatim)
    ]
    return sorted(others + pieces, key=lambda one: one.order)


def _merged(splittable: list[Entity]) -> list[Entity]:
    latest: dict[str, Entity] = {}
    done: list[Entity] = []
    for entity in sorted(splittable, key=lambda one: one.order):
        before = latest.get(entity.kind)
        if before and entity.offset <= before.end:
            length = max(before.end, entity.end) - before.offset
            latest[entity.kind] = replace(before, length=length)
            continue
        if before:
            done.append(before)
        latest[entity.kind] = entity
    return done + list(latest.values())


def _cut(stretch: Entity, cuts: set[int]) -> list[Entity]:
    inside = sorted(cut for cut in cuts if stretch.offset < cut < stretch.end)
    edges = pairwise([stretch.offset, *inside, stretch.end])
    return [replace(stretch, offset=begin, length=end - begin) for begin, end in edges]
