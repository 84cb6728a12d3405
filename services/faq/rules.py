"""Open or closed, and which office is meant: decisions on records, a moment and a question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from services.faq.days import HALF_HOLIDAYS, public_holidays
from services.faq.records import ClosingDay, Guide
from services.hours import Span, Week
from services.records import Localised
from services.region.rules import fold

LOOK_AHEAD = 31
"""Days searched for the next opening."""
STEM = 5
"""A word this long also stands for words that begin with it ("Zulassung", "Zulassungsstelle")."""

Closed = Callable[[date], Localised | None]
"""Why all offices are closed on a day; None: they are not."""


class State(StrEnum):
    """Whether an office is open at a moment."""

    OPEN = "open"
    LATER = "later"
    """Not yet, or a break; it opens on the same day."""
    OVER = "over"
    """It was open on this day, and is not any more."""
    CLOSED = "closed"
    """Not on this weekday."""
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Opening:
    """What holds for an office at a moment.

    Attributes:
        state: open or not.
        day: the day it is about.
        spans: the usual hours of that day.
        until: when it closes, with OPEN.
        opens: when it opens next, otherwise; None when not within a month.
        why: the holiday or closing day, with HOLIDAY.
        doubtful: whether many offices are closed that day although it is no public holiday.
    """

    state: State
    day: date
    spans: tuple[Span, ...] = ()
    until: time | None = None
    opens: datetime | None = None
    why: Localised | None = None
    doubtful: bool = False


def closed_by(ars: str, closing_days: Iterable[ClosingDay]) -> Closed:
    """Return the function that knows public holidays and the region's own closing days."""
    own = tuple(closing_days)

    def closed(day: date) -> Localised | None:
        named = next((one.name for one in own if one.is_on(day)), None)
        return public_holidays(ars, day.year).get(day) or named

    return closed


def opening(week: Week, now: datetime, closed: Closed) -> Opening:
    """Return what holds at a moment, given in the county's own zone.

    Only the clock on the wall counts, so a change to summer time changes nothing.
    """
    day = now.date()
    spans, why = week[day.weekday()], closed(day)
    doubtful = why is None and (day.month, day.day) in HALF_HOLIDAYS
    current = next((one for one in spans if one.start <= now.time() < one.end), None)
    if why is None and current is not None:
        return Opening(State.OPEN, day, spans, until=current.end, doubtful=doubtful)
    opens = next_opening(week, now, closed)
    return Opening(_state(spans, opens, day, why), day, spans, None, opens, why, doubtful)


def next_opening(week: Week, now: datetime, closed: Closed) -> datetime | None:
    """Return when the next span begins after a moment; None when not within a month."""
    for ahead in range(LOOK_AHEAD):
        day = now.date() + timedelta(days=ahead)
        if closed(day) is not None:
            continue
        for span in week[day.weekday()]:
            if ahead or span.start > now.time():
                return datetime.combine(day, span.start, tzinfo=now.tzinfo)
    return None


def holidays_from(ars: str, day: date, most: int) -> list[tuple[date, Localised]]:
    """Return the public holidays from a day on, this year's and next year's."""
    both = {**public_holidays(ars, day.year), **public_holidays(ars, day.year + 1)}
    return [(when, name) for when, name in both.items() if when >= day][:most]


def task_in(question: str, guide: Guide) -> str | None:
    """Return the task of the office that a question names in everyday words; the longest wins."""
    asked = fold(question)
    named = [
        (len(word), row.task)
        for row in guide.words
        for word in ("".join(fold(written)) for written in row.words)
        if any(one == word or (len(word) >= STEM and one.startswith(word)) for one in asked)
    ]
    return max(named)[1] if named else None


def _state(spans: tuple[Span, ...], opens: datetime | None, day: date, why: object) -> State:
    if why is not None:
        return State.HOLIDAY
    if opens is not None and opens.date() == day:
        return State.LATER
    return State.OVER if spans else State.CLOSED
