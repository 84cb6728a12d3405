"""What an upload must be: a readable script with examples that say what is right."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lorawan.sandbox.call import MOST_DEPTH, MOST_PAYLOAD, MOST_SOURCE
from services.codecs.model import Style

MOST_EXAMPLES = 100
MOST_EXAMPLE_BYTES = 128 * 1024
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME_LENGTH = 40
IN_COMMENT = re.compile(r"/\*\s*examples\s*:\s*(.*?)\*/", re.DOTALL)
FIELDS = {"description", "bytes", "fPort", "expected", "normalized", "variables"}
HIGHEST_PORT = 255
SHOWN = 80
CLOSE = 1e-9
"""Numbers this close (relative) are the same: 21.900000000000002 is 21.9."""
STYLES = (
    (Style.UPLINK, re.compile(r"\bdecodeUplink\b")),
    (Style.DECODE, re.compile(r"\bfunction\s+Decode\b|\bDecode\s*[=:(]")),
    (Style.DECODER, re.compile(r"\bDecoder\b")),
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with an upload: the key of a text and its parameters."""

    text_key: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Example:
    """A frame and what it means.

    Attributes:
        description: in the vendor's words.
        payload: the device's bytes.
        f_port: 0 to 255.
        expected: exactly what the script's `data` must be.
        normalized: what `normalizeUplink` must make of it; None: whatever it does.
        variables: what is configured for the device.
    """

    description: str
    payload: bytes
    f_port: int
    expected: Mapping[str, Any]
    normalized: tuple[Mapping[str, Any], ...] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is written in a file of examples."""
        written = {**asdict(self), "bytes": self.payload.hex(), "fPort": self.f_port}
        return {name: value for name, value in written.items() if name in FIELDS}


class UploadError(ValueError):
    """An upload cannot be used; `problem` says why."""

    def __init__(self, text_key: str, **params: str | int) -> None:
        super().__init__(text_key)
        self.problem = Problem(text_key, params)


def check_name(name: str) -> str:
    """Return a codec's name; raise `UploadError` unless it is a short slug."""
    name = name.strip().lower()
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise UploadError("codecs.problem-name", name=name[:SHOWN])
    return name


def read_source(content: bytes) -> str:
    """Return a script's text; raise `UploadError` when it is empty, too long or no UTF-8."""
    if len(content) > MOST_SOURCE:
        raise UploadError("codecs.problem-too-long", size=len(content), limit=MOST_SOURCE)
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UploadError("codecs.problem-not-utf8", position=error.start) from None
    if not source.strip() or "\0" in source:
        raise UploadError("codecs.problem-empty")
    return source


def style_of(source: str) -> Style | None:
    """Return how a script is written, by the names in it; None when it has none of them."""
    return next((style for style, sign in STYLES if sign.search(source)), None)


def examples_within(source: str) -> bytes | None:
    """Return the JSON in a comment `/* examples: […] */`; None when there is none."""
    found = IN_COMMENT.search(source)
    return found[1].encode() if found else None


def read_examples(content: bytes) -> list[Example]:
    """Return the examples in a JSON list; raise `UploadError` that names the one and the field."""
    if len(content) > MOST_EXAMPLE_BYTES:
        raise UploadError("codecs.problem-too-long", size=len(content), limit=MOST_EXAMPLE_BYTES)
    try:
        given = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise UploadError("codecs.problem-examples-no-json", line=line) from None
    if not isinstance(given, list) or not given:
        raise UploadError("codecs.problem-no-examples")
    if len(given) > MOST_EXAMPLES:
        raise UploadError("codecs.problem-many-examples", limit=MOST_EXAMPLES)
    return [_example(one, number) for number, one in enumerate(given, 1)]


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _example(given: object, number: int) -> Example:
    if not isinstance(given, dict):
        raise UploadError("codecs.problem-example", number=number, field="-")
    wrong = [name for name, fine in _fields(given) if not fine]
    wrong += [str(name) for name in given if name not in FIELDS]
    if wrong:
        raise UploadError("codecs.problem-example", number=number, field=wrong[0][:SHOWN])
    normalized: Any = given.get("normalized")
    several = normalized if isinstance(normalized, list) else [normalized]
    return Example(
        description=str(given.get("description", ""))[:SHOWN],
        payload=_bytes(given["bytes"]) or b"",
        f_port=given["fPort"],
        expected=given["expected"],
        normalized=None if normalized is None else tuple(several),
        variables=given.get("variables", {}),
    )


def _fields(given: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    port, expected = given.get("fPort"), given.get("expected")
    normalized, variables = given.get("normalized"), given.get("variables", {})
    several = normalized if isinstance(normalized, list) else [normalized]
    yield "description", isinstance(given.get("description", ""), str)
    yield "bytes", _bytes(given.get("bytes")) is not None
    yield "fPort", type(port) is int and 0 <= port <= HIGHEST_PORT
    yield "expected", isinstance(expected, dict) and not _too_deep(expected)
    yield (
        "normalized",
        normalized is None
        or (all(isinstance(one, dict) for one in several) and not _too_deep(several)),
    )
    yield (
        "variables",
        isinstance(variables, dict) and all(isinstance(one, str) for one in variables.values()),
    )


def _bytes(given: object) -> bytes | None:
    """Return a payload written as hexadecimal digits or as a list of numbers."""
    try:
        if isinstance(given, str):
            found = bytes.fromhex(given)
        elif isinstance(given, list) and all(type(one) is int for one in given):
            found = bytes(given)
        else:
            return None
    except ValueError:
        return None
    return found if len(found) <= MOST_PAYLOAD else None


def _too_deep(value: object, left: int = MOST_DEPTH) -> bool:
    inner: list[object] = []
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    return left < 0 or any(_too_deep(one, left - 1) for one in inner)


@dataclass(frozen=True)
class Difference:
    """Where a result is not what was expected; the values are shortened JSON, "–" is nothing."""

    path: str
    expected: str
    actual: str


def difference(expected: object, actual: object, path: str = "data") -> Difference | None:
    """Return the first place where two JSON values differ; None when they are the same.

    Numbers may differ by a billionth; true is not 1.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        names = [*expected, *(name for name in actual if name not in expected)]
        pairs = [(f"{path}.{name}", expected, actual, name) for name in names]
        return _first(
            difference(left.get(name, MISSING), right.get(name, MISSING), where)
            for where, left, right, name in pairs
        )
    if _is_list(expected) and _is_list(actual) and len(expected) == len(actual):  # type: ignore[arg-type]
        both = zip(expected, actual, strict=True)  # type: ignore[call-overload]
        return _first(
            difference(left, right, f"{path}[{place}]") for place, (left, right) in enumerate(both)
        )
    return None if _same(expected, actual) else Difference(path, _shown(expected), _shown(actual))


MISSING = object()


def _first(found: Iterator[Difference | None]) -> Difference | None:
    return next((one for one in found if one is not None), None)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _same(expected: object, actual: object) -> bool:
    if _is_number(expected) and _is_number(actual):
        return math.isclose(expected, actual, rel_tol=CLOSE)  # type: ignore[arg-type]
    return type(expected) is type(actual) and expected == actual


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    if value is MISSING:
        return "–"
    return json.dumps(value, ensure_ascii=False, default=list)[:SHOWN]
