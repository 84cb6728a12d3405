"""Reads what a worker answers; it may have been written by a script that escaped."""

from typing import Any

import orjson

from lorawan.sandbox.call import MOST_DEPTH, Outcome

PROBLEMS = {"time", "memory", "output", "crashed", "syntax", "no-decode-function", "threw"}
MOST_LINES = 20
LINE = 300


def read_answer(answer: bytes) -> Outcome:
    """Return the outcome; anything but the agreed shape is the problem "output"."""
    try:
        body = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return refused("no valid JSON")
    if not isinstance(body, dict):
        return refused("no valid JSON")
    if "problem" in body:
        problem = body["problem"]
        detail = body.get("detail", "")
        known = problem if isinstance(problem, str) and problem in PROBLEMS else "crashed"
        return Outcome(problem=known, detail=_line(detail))
    if not _shallow(body, MOST_DEPTH + 1):
        return refused("too deep")
    if body.get("errors"):
        return Outcome(errors=_lines(body["errors"]), warnings=_lines(body.get("warnings")))
    return _result(body)


def _result(body: dict[str, Any]) -> Outcome:
    data, normalized = body.get("data"), body.get("normalized", [])
    if not isinstance(data, dict):
        return refused("data is no object")
    if not isinstance(normalized, list) or not all(isinstance(one, dict) for one in normalized):
        return refused("normalizeUplink's data is no object")
    warnings = (*_lines(body.get("warnings")), *_lines(body.get("more")))
    return Outcome(data=data, normalized=tuple(normalized), warnings=warnings[:MOST_LINES])


def refused(detail: str) -> Outcome:
    """Return the outcome of an answer that cannot be used."""
    return Outcome(problem="output", detail=detail)


def _shallow(value: object, left: int) -> bool:
    """Whether nothing lies deeper; the parser has stopped at a depth recursion can bear."""
    if isinstance(value, dict):
        return left > 0 and all(_shallow(one, left - 1) for one in value.values())
    if isinstance(value, list):
        return left > 0 and all(_shallow(one, left - 1) for one in value)
    return True


def _lines(given: object) -> tuple[str, ...]:
    return tuple(_line(one) for one in given[:MOST_LINES]) if isinstance(given, list) else ()


def _line(given: object) -> str:
    return " ".join(given.split())[:LINE] if isinstance(given, str) else ""
