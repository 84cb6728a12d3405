"""What travels over the wire: JSON objects as the Bot API writes them."""

import json
from typing import Any

Json = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: object) -> str:
    """Return compact JSON; letters outside ASCII stay readable."""
    return _encode(value)


def decode(text: str) -> object:
    """Return the JSON value, or raise ValueError for anything that could not be sent on."""
    try:
        value: object = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    check_text(text, value)
    return value


def check_text(source: str, value: object) -> None:
    """Raise ValueError when the JSON source brings half a surrogate pair into the value."""
    if "\\u" in source:
        encode(value).encode()
