"""Places, dates, offices and numbers a person named, each with where it stands in the text."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from nlu.words import MAX_LENGTH

NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(\d{4})?(?!\d)", re.ASCII)
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
POSTCODE = re.compile(r"(?<![\d.,])\d{5}(?![\d.,]\d|\d)", re.ASCII)
LEIKA = re.compile(r"(?<!\d)\d{14}(?!\d)", re.ASCII)
WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
WEEKDAY = re.compile(
    rf"\b(?:(?:nächste[nrm]?|kommende[nrm]?|am|diesen)\s+)?({'|'.join(WEEKDAYS)})\b", re.IGNORECASE
)
DAYS = {"heute": 0, "morgen": 1, "übermorgen": 2}
RELATIVE = re.compile(r"(?<!guten )(?<!am )\b(heute|morgen|übermorgen)\b", re.IGNORECASE)
WEEK = timedelta(days=7)


class EntityKind(StrEnum):
    """What was named."""

    MUNICIPALITY = "municipality"
    OFFICE = "office"
    SENSOR_PLACE = "sensor_place"
    DATE = "date"
    LEIKA = "leika"
    POSTCODE = "postcode"


@dataclass(frozen=True)
class Entity:
    """Something named: what it stands for, and from where to where in the text."""

    kind: EntityKind
    value: str
    start: int
    end: int


Names = Callable[[], Mapping[str, str]]
"""The port to what the county knows: each name or alias, and the id it stands for."""


class Entities:
    """Finds what is named in a text."""

    def __init__(self, names: Mapping[EntityKind, Names], now: Callable[[], datetime]) -> None:
        self._now = now
        self._names = {kind: read() for kind, read in names.items()}
        self._folded = {
            kind: {name.lower(): value for name, value in known.items() if name}
            for kind, known in self._names.items()
        }
        self._patterns = {kind: _any_of(known) for kind, known in self._folded.items() if known}

    def find(self, text: str) -> list[Entity]:
        """Return what is named in a text, in its order; never raises, whatever the text is."""
        read = text[:MAX_LENGTH]
        found = [*self._named(read), *_numbers(read), *_dates(read, self._now().date())]
        return sorted(found, key=lambda entity: (entity.start, entity.end, entity.kind))

    def _named(self, text: str) -> Iterator[Entity]:
        for kind, pattern in self._patterns.items():
            for match in pattern.finditer(text):
                value = self._folded[kind].get(match[0].lower())
                if value is not None:
                    yield Entity(kind, value, *match.span())


def _any_of(names: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE
    )


def _numbers(text: str) -> Iterator[Entity]:
    for kind, pattern in ((EntityKind.LEIKA, LEIKA), (EntityKind.POSTCODE, POSTCODE)):
        for match in pattern.finditer(text):
            yield Entity(kind, match[0], *match.span())


def _dates(text: str, today: date) -> Iterator[Entity]:
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
        (ISO, lambda found: _date(int(found[1]), int(found[2]), int(found[3]))),
        (NUMERIC, lambda found: _german(found, today)),
        (WEEKDAY, lambda found: _next_weekday(WEEKDAYS.index(found[1].lower()), today)),
        (RELATIVE, lambda found: today + timedelta(days=DAYS[found[1].lower()])),
    )
    for pattern, read in readers:
        for match in pattern.finditer(text):
            day = read(match)
            if day is not None:
                yield Entity(EntityKind.DATE, day.isoformat(), *match.span())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _german(found: re.Match[str], today: date) -> date | None:
    """A date without a year is the next one of that name."""
    day, month = int(found[1]), int(found[2])
    if found[3]:
        return _date(int(found[3]), month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year >= today:
        return this_year
    return _date(today.year + 1, month, day)


def _next_weekday(weekday: int, today: date) -> date:
    """A weekday that is today means the one in a week: for today people say today."""
    return today + (timedelta(days=(weekday - today.weekday()) % 7) or WEEK)
