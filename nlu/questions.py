"""Questions to measure with, one JSON object in a line: what is asked, and what would be right."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

UNKNOWN = "unknown"
"""The language or style of a line that names none."""


class Fault(StrEnum):
    """What is wrong with a line."""

    NO_TEXT_FILE = "no_text_file"
    NO_JSON = "no_json"
    NO_OBJECT = "no_object"
    NO_TEXT = "no_text"
    NO_SERVICES = "no_services"
    NO_TRUTH = "no_truth"
    NO_NAME = "no_name"


class QuestionsError(Exception):
    """A line cannot be read; `line` counts from 1."""

    def __init__(self, line: int, fault: Fault) -> None:
        super().__init__(f"line {line}: {fault}")
        self.line = line
        self.fault = fault


@dataclass(frozen=True)
class Question:
    """A question and what would be right.

    Attributes:
        text: what somebody wrote.
        services: ids of which any is right; empty where nothing of ours is meant.
        language: its code, "unknown" where the line does not say.
        style: how it is written, likewise.
        emergency: somebody is in danger: the decision for an emergency is right.
    """

    text: str
    services: frozenset[str] = frozenset()
    language: str = UNKNOWN
    style: str = UNKNOWN
    emergency: bool = False


def read_questions(path: Path) -> list[Question]:
    """Read all questions; empty lines are passed over, the first wrong line raises."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise QuestionsError(_line_of(error), Fault.NO_TEXT_FILE) from None
    return [_question(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _line_of(error: UnicodeDecodeError) -> int:
    content: bytes = error.object
    return content[: error.start].count(b"\n") + 1


def _question(line: str, number: int) -> Question:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise QuestionsError(number, Fault.NO_JSON) from None
    if not isinstance(given, dict):
        raise QuestionsError(number, Fault.NO_OBJECT)
    if not isinstance(given.get("text"), str):
        raise QuestionsError(number, Fault.NO_TEXT)
    emergency = _flag(given, "emergency", number)
    return Question(
        given["text"],
        _services(given, number, needed=not emergency),
        _name(given, "lang", number),
        _name(given, "style", number),
        emergency,
    )


def _services(given: dict[str, Any], number: int, *, needed: bool) -> frozenset[str]:
    """Return what is right; a line out of scope says so, and then its services do not count."""
    listed = given.get("services")
    if listed is not None and not (
        isinstance(listed, list) and all(isinstance(one, str) for one in listed)
    ):
        raise QuestionsError(number, Fault.NO_SERVICES)
    if _flag(given, "oos", number):
        return frozenset()
    if not listed and needed:
        raise QuestionsError(number, Fault.NO_SERVICES)
    return frozenset(listed or ())


def _flag(given: dict[str, Any], name: str, number: int) -> bool:
    found = given.get(name)
    if found is None or isinstance(found, bool):
        return bool(found)
    raise QuestionsError(number, Fault.NO_TRUTH)


def _name(given: dict[str, Any], name: str, number: int) -> str:
    found = given.get(name)
    if found is None or isinstance(found, str):
        return found or UNKNOWN
    raise QuestionsError(number, Fault.NO_NAME)
