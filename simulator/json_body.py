"""The JSON object a request's body consists of; faults are worded as the real server's."""

import json
from json.decoder import JSONDecodeError

from simulator.errors import ApiError, bad_request
from simulator.wire import check_text

_WHITESPACE = " \t\r\n"
_decoder = json.JSONDecoder(strict=False)


def read_object(body: str) -> dict[str, object]:
    """Return the names and values of the object; an empty body has none."""
    if not body.strip():
        return {}
    try:
        values = _whole.decode(body)
        check_text(body, values)
    except (ValueError, RecursionError):
        values = None
    # What is wrong with a body only the slow reader can tell.
    return values if isinstance(values, dict) else _Reader(body).read()


def _first_counts(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object in which the first of two fields with the same name counts."""
    values = dict(pairs)
    return values if len(values) == len(pairs) else dict(reversed(pairs))


_whole = json.JSONDecoder(strict=False, object_pairs_hook=_first_counts)


class _Reader:
    def __init__(self, body: str) -> None:
        self._body = body
        self._position = 0

    def read(self) -> dict[str, object]:
        self._skip_whitespace()
        if not self._try("{"):
            raise bad_request("JSON object expected")
        values: dict[str, object] = {}
        while True:
            self._skip_whitespace()
            if self._try("}"):
                break
            self._take_field(values)
        if self._body[self._position :].strip():
            raise bad_request("unexpected data after object end")
        try:
            check_text(self._body, values)
        except ValueError as error:
            raise bad_request("strings must be encoded in UTF-8") from error
        return values

    def _take_field(self, values: dict[str, object]) -> None:
        if self._position >= len(self._body):
            raise bad_request("expected parameter name")
        if self._peek() != '"':
            raise bad_request("can't parse parameter name: Opening '\"' expected")
        name = self._string("name")
        self._skip_whitespace()
        if not self._try(":"):
            raise bad_request("can't parse object, ':' expected")
        self._skip_whitespace()
        # The first of two fields with the same name counts.
        values.setdefault(name, self._value())
        self._skip_whitespace()
        if self._peek() != "}" and not self._try(","):
            raise bad_request("expected next field or object end")

    def _value(self) -> object:
        if self._peek() == '"':
            return self._string("value")
        try:
            value: object
            value, self._position = _decoder.raw_decode(self._body, self._position)
        except (JSONDecodeError, RecursionError) as error:
            raise self._broken_value() from error
        return value

    def _broken_value(self) -> ApiError:
        first = self._peek()
        words = {"t": "true", "f": "false", "n": "null"}
        if not first:
            reason = "Unexpected end"
        elif first in words:
            reason = f"Starts with '{first}' -- {words[first]} expected"
        elif first in "[{":
            reason = "Unexpected symbol"
        else:
            reason = f"Unexpected symbol '{first}'"
        return bad_request(f"can't parse parameter value: {reason}")

    def _string(self, what: str) -> str:
        try:
            text, self._position = _decoder.raw_decode(self._body, self._position)
        except JSONDecodeError as error:
            raise bad_request(f"can't parse parameter {what}: Closing '\"' not found") from error
        return str(text)

    def _peek(self) -> str:
        return self._body[self._position : self._position + 1]

    def _try(self, letter: str) -> bool:
        matches = self._peek() == letter
        self._position += matches
        return matches

    def _skip_whitespace(self) -> None:
        while self._peek() and self._peek() in _WHITESPACE:
            self._position += 1
