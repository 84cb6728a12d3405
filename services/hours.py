"""Opening hours as editors write them ("Di 9-12 und 13-18 Uhr"), read into times of a week."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_DAY = f"(?:{'|'.join(DAYS)})"
_AND = r"(?:\s*,\s*|\s+und\s+)"
_DAYS = rf"{_DAY}(?:\s*[-–]\s*{_DAY})?"
_TIME = r"[0-9]{1,2}(?::[0-9]{2})?"
_SPAN = rf"{_TIME}\s*[-–]\s*{_TIME}"
LINE = re.compile(rf"({_DAYS}(?:{_AND}{_DAYS})*)\s+({_SPAN}(?:{_AND}{_SPAN})*)(?:\s+Uhr)?")
AND = re.compile(_AND)
DASH = re.compile(r"\s*[-–]\s*")


class HoursError(ValueError):
    """A line that cannot be read, or contradicts another; carries the key of a text."""

    def __init__(self, text_key: str, index: int, line: str) -> None:
        super().__init__(text_key, index, line)
        self.text_key = text_key
        self.index = index
        self.line = line


@dataclass(frozen=True, order=True)
class Span:
    """From when to when an office is open; local time, the end belongs to it no more."""

    start: time
    end: time


Week = tuple[tuple[Span, ...], ...]
"""The spans of each day, Monday first, in their order."""


def read_hours(lines: Iterable[str]) -> Week:
    """Return the week that some lines describe; raise `HoursError` for the first wrong line."""
    week: list[list[Span]] = [[] for _ in DAYS]
    for index, line in enumerate(lines):
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise HoursError("catalogue.problem-hours", index, line)
        try:
            days = [day for part in AND.split(match[1]) for day in _days(part)]
            spans = [_span(part) for part in AND.split(match[2])]
        except ValueError:
            raise HoursError("catalogue.problem-hours-order", index, line) from None
        for day in days:
            week[day] += spans
            if _overlap(week[day]):
                raise HoursError("catalogue.problem-hours-overlap", index, line)
    return tuple(tuple(sorted(spans)) for spans in week)


def known_hours(lines: Iterable[str]) -> Week | None:
    """Return the week, or None where it is unknown or cannot be read."""
    try:
        week = read_hours(lines)
    except HoursError:
        return None
    return week if any(week) else None


def _days(part: str) -> range:
    first, *last = (DAYS.index(name) for name in DASH.split(part))
    if last and last[0] <= first:
        raise ValueError(part)
    return range(first, (last[0] if last else first) + 1)


def _span(part: str) -> Span:
    start, end = (_time(one) for one in DASH.split(part))
    if end <= start:
        raise ValueError(part)
    return Span(start, end)


def _time(written: str) -> time:
    hour, _, minute = written.partition(":")
    return time(int(hour), int(minute or 0))


def _overlap(spans: list[Span]) -> bool:
    return any(later.start < earlier.end for earlier, later in pairwise(sorted(spans)))
