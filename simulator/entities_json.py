"""Entities a bot gives explicitly instead of markup."""

from simulator.entities import Entity
from simulator.fields import MalformedError, integer_field, object_field, text_field
from simulator.wire import Json

_PLAIN = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "blockquote",
        "expandable_blockquote",
    }
)
_FOUND_BY_ITSELF = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bank_card_number",
    }
)


def read_entities(value: object) -> list[Entity]:
    """Return the entities of an array of MessageEntity; anything else counts as none."""
    if not isinstance(value, list):
        return []
    try:
        entities = [_read(item) for item in value]
    except MalformedError as fault:
        raise fault.within("Can't parse MessageEntity") from fault
    return [entity for entity in entities if entity]


def _read(item: object) -> Entity | None:
    if not isinstance(item, dict):
        raise MalformedError("expected an Object")
    offset = integer_field(item, "offset", None)
    length = integer_field(item, "length", None)
    kind = text_field(item, "type", None)
    if not kind:
        raise MalformedError("Type is not specified")
    if kind in _FOUND_BY_ITSELF:
        return None
    return Entity(kind, offset, length, _argument(kind, item), _mentioned(kind, item))


def _argument(kind: str, item: Json) -> str:
    if kind == "pre":
        return text_field(item, "language")
    if kind == "text_link":
        return text_field(item, "url", None)
    if kind == "custom_emoji":
        return str(integer_field(item, "custom_emoji_id", None))
    if kind not in _PLAIN and kind != "text_mention":
        raise MalformedError("Unsupported type specified")
    return ""


def _mentioned(kind: str, item: Json) -> int:
    return integer_field(object_field(item, "user"), "id", None) if kind == "text_mention" else 0
