"""Recorded messages, one a line: what `abibot sensors record` writes and `replay` reads."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from handlers.sensors.playing import Timed
from handlers.sensors.posting import Post
from lorawan.events import Form
from lorawan.replay import ReplayError

TYPES = {Form.JSON: "application/json", Form.PROTOBUF: "application/octet-stream"}


def line_of(received_at: datetime, event: str, form: Form, body: bytes) -> bytes:
    """Return a message as a line of a recording."""
    found: dict[str, Any] = {"received_at": received_at.astimezone(UTC), "event": event}
    found["form"] = form
    found["body"] = base64.b64encode(body).decode()
    return orjson.dumps(found) + b"\n"


def read_recording(lines: Iterable[bytes]) -> Iterator[Timed]:
    """Yield the messages of a recording, in its order; raise `ReplayError` at a wrong line."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read(line, number)


def _read(line: bytes, number: int) -> Timed:
    try:
        found = orjson.loads(line)
        form = Form(found["form"])
        body = base64.b64decode(found["body"], validate=True)
        post = Post(body, str(found.get("event", "")), TYPES[form])
        at = datetime.fromisoformat(found["received_at"])
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise ReplayError("line", number, str(error)) from None
    if at.tzinfo is None:
        raise ReplayError("line", number, found["received_at"])
    return Timed(at, lambda _now: post)
