"""The body of a request, read no further than a network server's message can be."""

import asyncio
import zlib

from aiohttp import StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from lorawan.dialects.body import parse_json
from lorawan.events import Form, NotUnderstoodError

BODY_LIMIT = 256 * 1024
BODY_SECONDS = 10.0
GZIP = 31
"""zlib's number for gzip with the largest window."""
PLAIN = frozenset({"", "identity"})
ZIPPED = frozenset({"gzip", "x-gzip"})
PROTOBUF = frozenset(
    {
        "application/octet-stream",
        "application/protobuf",
        "application/x-protobuf",
        "application/vnd.google.protobuf",
    }
)


class RefusedError(Exception):
    """A request is refused: the status, a slug for the figures, one line for the sender."""

    def __init__(self, status: int, reason: str, line: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.line = line


async def body_of(request: web.Request) -> bytes:
    """Return the body, unzipped; raise `RefusedError`."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in PLAIN and encoding not in ZIPPED:
        raise RefusedError(415, "encoding", "Send the body as it is, or with gzip.")
    if (request.content_length or 0) > BODY_LIMIT:
        raise _too_large()
    body = await _whole(request.content)
    return _unzipped(body) if encoding in ZIPPED else body


async def _whole(content: StreamReader) -> bytes:
    try:
        if content.is_eof():  # as nearly always: it came with the head
            body = content.read_nowait()
            if len(body) > BODY_LIMIT:
                raise _too_large()
            return body
        async with asyncio.timeout(BODY_SECONDS):
            return await _rest(content)
    except TimeoutError:
        raise RefusedError(408, "slow", "The body took too long.") from None
    except (web.RequestPayloadError, HttpProcessingError, OSError):
        raise RefusedError(400, "broken", "The body is not whole.") from None


async def _rest(content: StreamReader) -> bytes:
    body = bytearray()
    while not content.at_eof():
        body += await content.readany()
        if len(body) > BODY_LIMIT:
            raise _too_large()
    return bytes(body)


def _unzipped(body: bytes) -> bytes:
    """Return what a zipped body holds, without unzipping more than the limit."""
    unzip = zlib.decompressobj(GZIP)
    try:
        plain = unzip.decompress(body, BODY_LIMIT + 1)
    except zlib.error:
        raise RefusedError(400, "gzip", "The body is not gzip.") from None
    if len(plain) > BODY_LIMIT:
        raise _too_large()
    if not unzip.eof or unzip.unused_data:
        raise RefusedError(400, "gzip", "The gzip body is not whole.")
    return plain


def _too_large() -> RefusedError:
    return RefusedError(413, "too-large", f"At most {BODY_LIMIT} bytes.")


def form_of(content_type: str | None, body: bytes) -> Form:
    """Return how a body is written down, and check that it is; raise `RefusedError`.

    JSON is recognised whatever its sender calls it: no protobuf message begins with "{".
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind in PROTOBUF and not body.startswith(b"{"):
        if not body:
            raise RefusedError(400, "empty", "The body is empty.")
        return Form.PROTOBUF
    try:
        parse_json(body)
    except NotUnderstoodError as error:
        raise RefusedError(400, error.problem, LINES[error.problem]) from None
    return Form.JSON


LINES = {
    "empty": "The body is empty.",
    "not-utf8": "The body is not UTF-8.",
    "not-json": "The body is not JSON.",
    "not-an-object": "The body is JSON, but not an object.",
    "too-deep": "The JSON is nested too deeply.",
}
"""What the sender reads, for each problem of `parse_json`."""
