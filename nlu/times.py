"""Times inside a line somebody typed: "Mulde bis 16:30 Deichübung", "Mulde 2 seit gestern 22:10".

Only finds them; whether a time makes sense is for those who asked.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

CLOCK = r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?:\s*Uhr\b)?(?![0-9])"
DATE = r"(?P<date>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})?"
UNTIL = re.compile(rf"\b(?:bis|until)\s+(?:(?P<day>\w+)\s+)?{CLOCK}", re.IGNORECASE)
SINCE = re.compile(
    rf"\b(?:seit|ab|since|from)\s+(?:(?:{DATE}|(?P<day>[^\W\d]+))[,\s]\s*)?(?:um\s+|at\s+)?{CLOCK}",
    re.IGNORECASE,
)
LASTING = re.compile(
    r"\b(?:für\s+|for\s+)?(?P<number>[0-9]{1,3})\s*"
    r"(?P<unit>Stunden?|Std|hours?|h|Minuten?|minutes?|min)(?!\w)\.?",
    re.IGNORECASE,
)
DAYS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "gestern": -1, "yesterday": -1}
HALF_A_DAY = timedelta(hours=12)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timed:
    """A time that was found, and the words before and after it."""

    moment: datetime
    before: str
    after: str


def until_in(words: str, now: datetime) -> Timed | None:
    """Return the end that a line names: "bis 16:30", "bis morgen 6 Uhr", "3 Stunden".

    Args:
        words: a line.
        now: aware, on the wall clock that is meant.

    Returns:
        None where it names none. An hour that has passed today is tomorrow's if that is less
        than half a day away; else the moment found is in the past.
    """
    if found := UNTIL.search(words):
        moment = _moment(found, now, ahead=True)
        return None if moment is None else _timed(words, found, moment)
    if found := LASTING.search(words):
        number, minutes = int(found["number"]), found["unit"].casefold().startswith("m")
        span = timedelta(minutes=number) if minutes else timedelta(hours=number)
        return _timed(words, found, now + span)
    return None


def since_in(words: str, now: datetime) -> Timed | None:
    """Return since when something is so: "seit 14:20", "seit gestern 22 Uhr", "ab 20.11. 7:30".

    As `until_in`, the other way round: an hour still to come is yesterday's if that is less than
    half a day ago; else the moment found is in the future.
    """
    if found := SINCE.search(words):
        moment = _moment(found, now, ahead=False)
        return None if moment is None else _timed(words, found, moment)
    return None


def _timed(words: str, found: re.Match[str], moment: datetime) -> Timed:
    edges = " ,;:-–\n"
    return Timed(moment, words[: found.start()].strip(edges), words[found.end() :].strip(edges))


def _moment(found: re.Match[str], now: datetime, *, ahead: bool) -> datetime | None:
    """Return the moment of the wall clock; None where there is no such day or hour."""
    parts = found.groupdict()
    name = (parts["day"] or "").casefold()
    if name and name not in DAYS:
        return None
    try:
        clock = time(int(parts["hour"]), int(parts["minute"] or 0))
        day = _day(parts, now) if parts.get("date") else now.date() + DAYS.get(name, 0) * ONE_DAY
        moment = datetime.combine(day, clock, now.tzinfo)
    except ValueError:
        return None
    if name or parts.get("date"):
        return moment
    other = datetime.combine(day + (ONE_DAY if ahead else -ONE_DAY), clock, now.tzinfo)
    has_passed = moment <= now if ahead else moment > now
    return other if has_passed and abs(other - now) < HALF_A_DAY else moment


def _day(parts: dict[str, str | None], now: datetime) -> date:
    """Return a written date; without a year the newest that is not after today."""
    day, month = int(parts["date"] or 0), int(parts["month"] or 0)
    if parts["year"]:
        return date(int(parts["year"]), month, day)
    found = date(now.year, month, day)
    return found if found <= now.date() else found.replace(year=now.year - 1)
