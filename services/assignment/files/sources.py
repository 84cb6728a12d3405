"""Bytes of a file, plain or packed, and what stands in them."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import orjson

from services.assignment.mistakes import Mistakes

MOST_BYTES = 1 << 30
"""A problem of 100,000 cases needs ten million; a packed file may not unpack to anything."""
PACKED = b"\x1f\x8b"


def read_bytes(path: Path, mistakes: Mistakes) -> bytes:
    """Return what a file holds, unpacked; raise `MistakesError` if that is impossible."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == PACKED
            file.seek(0)
            if not packed:
                content = file.read(MOST_BYTES + 1)
            else:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    content = unpacked.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:  # a damaged gzip is an OSError, too
        mistakes.add("", "assignment.mistake-unreadable", detail=error)
        content = b""
    if len(content) > MOST_BYTES:
        mistakes.add("", "assignment.mistake-too-large", most=MOST_BYTES >> 20)
    mistakes.refuse_if_any()
    return content


def parsed(content: bytes, mistakes: Mistakes) -> dict[str, Any]:
    """Return the JSON object of some bytes; NaN and infinity are no JSON and refused."""
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        mistakes.add("", "assignment.mistake-not-json", detail=error)
        data = None
    else:
        if not isinstance(data, dict):
            mistakes.add("", "assignment.mistake-not-object")
    mistakes.refuse_if_any()
    result: dict[str, Any] = data
    return result
