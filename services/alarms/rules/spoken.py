"""Times as people write them: "20 min", "bis morgen 6:00", "Mo-Fr 22:00-04:00"; pure.

The words come from the caller, because every language has its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.errors import ServiceError

ALL_DAYS = frozenset(range(7))
FARTHEST = timedelta(days=366)
"""Nobody plans an end that is farther away."""
PART = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)\s*([^\W\d_]+)\.?,?\s*")
COUNT = re.compile(r"([0-9]{1,4})\s*([^\W\d_]+)\.?")
CLOCK = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?"
TIME = re.compile(CLOCK)
DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})?")
HOURS = re.compile(rf"(.*?){CLOCK}-{CLOCK}")
DECIMAL = re.compile(r"(?<=[0-9]),(?=[0-9])")
DASH = re.compile(r"\s*[-–]\s*")
MIDNIGHT = 24


class SpokenError(ServiceError):
    """Words that are no such time; `text_key` says what is wrong and gives an example."""

    def __init__(self, text_key: str, **params: object) -> None:
        self.text_key = text_key
        super().__init__(**params)


@dataclass(frozen=True)
class Vocabulary:
    """The words of a language, in small letters and without a point at their end.

    Attributes:
        seconds: units of time and their length.
        days: words for a day, and how many days from today it is.
        weekdays: names of weekdays; 0 is Monday.
        groups: words for several weekdays ("täglich").
        values: words that count measured values.
        until: what stands between two times, or before an end.
        filling: words that mean nothing here ("Uhr", "und", "für").
    """

    seconds: Mapping[str, float]
    days: Mapping[str, int]
    weekdays: Mapping[str, int]
    groups: Mapping[str, frozenset[int]]
    values: frozenset[str]
    until: frozenset[str]
    filling: frozenset[str]

    def plain(self, words: str) -> str:
        """Return words as they are compared; of what stands between times a hyphen is left."""
        with_points = DECIMAL.sub(".", words.casefold()).replace(",", " , ")
        kept = [
            "-" if one in self.until else one
            for one in DASH.sub(" - ", with_points).split()
            if one.rstrip(".") not in self.filling
        ]
        return DASH.sub("-", " ".join(kept).replace(" , ", ",")).strip()


@dataclass(frozen=True)
class Lasting:
    """How long, and for how many values; None: nobody said so."""

    time: timedelta | None
    samples: int | None


@dataclass(frozen=True)
class Hours:
    """A recurring window of the wall clock; one that ends before it starts ends the next day.

    Attributes:
        weekdays: on which it starts; 0 is Monday.
        start: when.
        end: when; it belongs to the window no more.
    """

    weekdays: frozenset[int]
    start: time
    end: time


def span(words: str, known: Vocabulary) -> timedelta:
    """Return a span of time: "20 min", "1 Std. 30 min", "1,5 h".

    Raises:
        SpokenError: it is none, or one of more than a year.
    """
    rest, seconds = known.plain(words), 0.0
    error = SpokenError("alarms.no-span", words=words.strip())
    if not rest:
        raise error
    while rest:
        found = PART.match(rest)
        unit = known.seconds.get(found[2]) if found else None
        if found is None or unit is None:
            raise error
        seconds += float(found[1]) * unit
        rest = rest[found.end() :]
    if seconds > FARTHEST.total_seconds():
        raise SpokenError("alarms.too-far", days=FARTHEST.days)
    return timedelta(seconds=seconds)


def lasting(words: str, known: Vocabulary) -> Lasting:
    """Return how long something must last: "20 min", "3 Werte", "20 min, 3 Werte".

    Raises:
        SpokenError: it is neither.
    """
    samples: int | None = None
    rest = known.plain(words)
    for found in COUNT.finditer(rest):
        if found[2] in known.values:
            samples = int(found[1])
            rest = rest.replace(found[0], "").strip(" ,")
            break
    if samples is not None and not rest:
        return Lasting(None, samples)
    return Lasting(span(rest or words, known), samples)


def end(words: str, known: Vocabulary, now: datetime, zone: ZoneInfo) -> datetime:
    """Return an end in UTC: "3 Stunden", "bis morgen 6:00", "Fr 18 Uhr", "24.12. 8:00".

    A day without a time is meant to its end. A time without a day, and a weekday, are the next.

    Raises:
        SpokenError: it is no end, it has passed, or it is farther away than a year.
    """
    plain = known.plain(words).removeprefix("-").strip()
    local = now.astimezone(zone)
    found = _day_and_time(plain, known, local)
    if found is None:
        found = now + _from_now_on(words, known)
    if found <= now:
        raise SpokenError("alarms.end-passed", words=words.strip())
    if found - now > FARTHEST:
        raise SpokenError("alarms.too-far", days=FARTHEST.days)
    return found.astimezone(UTC)


def _from_now_on(words: str, known: Vocabulary) -> timedelta:
    try:
        return span(words, known)
    except SpokenError as error:
        if error.text_key != "alarms.no-span":
            raise
        raise SpokenError("alarms.no-end", words=words.strip()) from None


def hours(words: str, known: Vocabulary) -> Hours:
    """Return a recurring window: "Mo-Fr 22:00-04:00", "Sa, So 8 bis 12 Uhr", "täglich 22-4".

    Raises:
        SpokenError: days or times cannot be read, or it is empty.
    """
    found = HOURS.fullmatch(known.plain(words))
    error = SpokenError("alarms.no-hours", words=words.strip())
    if found is None:
        raise error
    start, finish = _time(found[2], found[3]), _time(found[4], found[5])
    days = _weekdays(found[1].strip(" ,"), known)
    if start is None or finish is None or days is None:
        raise error
    if start == finish:
        raise SpokenError("alarms.hours-empty", words=words.strip())
    return Hours(days, start, finish)


def _day_and_time(plain: str, known: Vocabulary, local: datetime) -> datetime | None:
    first, rest = [*re.split(r"[ ,]+", plain, maxsplit=1), ""][:2]
    day = _day(first, known, local.date())
    if day is None:
        clock = TIME.fullmatch(plain)
        at = _time(clock[1], clock[2]) if clock else None
        return None if at is None else _next(local.date(), at, local, timedelta(days=1))
    clock = TIME.fullmatch(rest.strip(" ,"))
    if rest and clock is None:
        return None
    at = _time(clock[1], clock[2]) if clock else time(0)
    if at is None:
        return None
    is_late = clock is None or int(clock[1]) == MIDNIGHT
    day += timedelta(days=int(is_late))
    again = timedelta(days=7) if first.rstrip(".") in known.weekdays else None
    return _next(day, at, local, again)


def _next(day: date, at: time, local: datetime, again: timedelta | None) -> datetime:
    """Return a moment; one that recurs (`again`) and has passed is meant the next time."""
    found = datetime.combine(day, at, local.tzinfo)
    if again is not None and found.astimezone(UTC) <= local.astimezone(UTC):
        return datetime.combine(day + again, at, local.tzinfo).astimezone(UTC)
    return found.astimezone(UTC)


def _day(word: str, known: Vocabulary, today: date) -> date | None:
    name = word.rstrip(".,")
    if name in known.days:
        return today + timedelta(days=known.days[name])
    if name in known.weekdays:
        return today + timedelta(days=(known.weekdays[name] - today.weekday()) % 7)
    written = DATE.fullmatch(word)
    return _date(written, today) if written else None


def _date(written: re.Match[str], today: date) -> date | None:
    """Return a date; without a year the next one."""
    try:
        year = min(int(written[3] or today.year), today.year + 2)  # farther is too far as well
        found = date(year, int(written[2]), int(written[1]))
        is_next = not written[3] and found < today
        return found.replace(year=year + 1) if is_next else found
    except ValueError:
        return None


def _time(hour: str, minute: str | None) -> time | None:
    """Return a time of the clock; 24:00 is the midnight at the end of the day."""
    if int(hour) == MIDNIGHT and not int(minute or 0):
        return time(0)
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def _weekdays(words: str, known: Vocabulary) -> frozenset[int] | None:
    """Return weekdays; nothing said is every day."""
    found: set[int] = set()
    for part in re.split(r"[\s,]+", words) if words else ():
        name = part.rstrip(".")
        first, dash, last = (one.rstrip(".") for one in name.partition("-"))
        if name in known.groups:
            found |= known.groups[name]
        elif first in known.weekdays and (not dash or last in known.weekdays):
            begin, until = known.weekdays[first], known.weekdays[last if dash else first]
            found |= {(begin + step) % 7 for step in range((until - begin) % 7 + 1)}
        else:
            return None
    return frozenset(found) or ALL_DAYS
