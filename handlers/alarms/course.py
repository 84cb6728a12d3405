"""The chart of a series with the levels of a rule, and the moments at which it rose and fell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from babel.dates import format_datetime
from babel.numbers import get_decimal_symbol
from markupsafe import Markup

from handlers.readings.charts import unit_sign
from handlers.readings.drawing import Chart
from handlers.readings.quantities import shown
from lorawan.measurement import Mark
from services.alarms.rules.records import Signal, What
from services.alarms.views import AlarmView
from services.readings.service import Readings
from services.readings.trend import GAP, interval_of
from services.region.service import Region
from services.text import Text

LONGEST_SINGLE = timedelta(days=4)
"""Longer ones are drawn from the means of hours."""
MOST_MARKS = 8
NAMES_ABREAST = 11
"""Names of marks that fit beside each other."""
TICKS = 5
NOT_DRAWN = Mark.OUT_OF_RANGE
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Course:
    """What is drawn: a series over some time, in the quantity's unit.

    Attributes:
        limits: the thresholds of a rule.
        moves: when something happened (event time), and what; rises and falls are marked.
        most: so many of the newest are marked.
    """

    title: str
    device: int
    quantity: str
    channel: int
    since: datetime
    until: datetime
    limits: Sequence[float]
    moves: Sequence[tuple[datetime, str]]
    most: int = MOST_MARKS


class Hand(Protocol):
    """What draws: words, values, and the county's time."""

    @property
    def text(self) -> Text: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def region(self) -> Region: ...


async def drawn(desk: Hand, course: Course) -> Chart:
    """Return what is to be drawn: numbers, and all words in the reader's language."""
    text, how = desk.text, shown(course.quantity)
    times, values = await _values(desk, course)
    limits = [
        (round(at * how.factor, 6), _plain(text("readings.guide", value=how.words(at, text))))
        for at in course.limits
    ]
    begin, end = text.moment(course.since), text.moment(course.until)
    return Chart(
        title=_plain(course.title),
        subtitle=_plain(text("readings.chart-span", since=begin, until=end)),
        unit=_plain(unit_sign(how, text)),
        footnote=_plain(text("readings.unchecked")),
        nothing=_plain(text("readings.chart-nothing")),
        decimal=get_decimal_symbol(text.language),
        since=course.since.timestamp(),
        until=course.until.timestamp(),
        gap=(interval_of(times, None) * GAP).total_seconds(),
        times=[one.timestamp() for one in times],
        values=[round(one * how.factor, 6) for one in values],
        lowest=[],
        highest=[],
        ticks=_ticks(desk, course),
        lines=limits,
        levels=[],
        legend=[],
        marks=_marks(desk, course),
    )


async def _values(desk: Hand, course: Course) -> tuple[list[datetime], list[float]]:
    key = (course.device, course.quantity, course.channel)
    since, until = course.since, course.until
    if until - since > LONGEST_SINGLE:
        hours = await desk.readings.hours(*key, since=since, until=until)
        return [one.start + HALF_AN_HOUR for one in hours], [one.mean for one in hours]
    values = await desk.readings.values(*key, since=since, until=until)
    real = [one for one in values if not one.marks & NOT_DRAWN]
    return [one.time for one in real], [one.value for one in real]


def limits_of(alarm: AlarmView) -> Sequence[float]:
    """Return the thresholds that lie among the values: those of a change an hour do not."""
    return alarm.thresholds if alarm.signal is Signal.VALUE else ()


def _marks(desk: Hand, course: Course) -> list[tuple[float, str]]:
    """Return the newest rises and falls; of a long time with the day instead of the hour.

    One that stands close behind another has no name of its own: nobody could read both.
    """
    pattern = "HH:mm" if _is_short(course) else "d.M."
    signs = {What.ROSE.value: "▲", What.FELL.value: "▼"}
    marks: list[tuple[float, str]] = []
    named = course.since - course.until + course.since
    for moment, what in [one for one in course.moves if one[1] in signs][-course.most :]:
        has_room = moment - named >= (course.until - course.since) / NAMES_ABREAST
        name = f"{signs[what]} {_moment(desk, moment, pattern)}" if has_room else ""
        named = moment if has_room else named
        marks.append((moment.timestamp(), name))
    return marks


def _ticks(desk: Hand, course: Course) -> list[tuple[float, str]]:
    step = (course.until - course.since) / TICKS
    pattern = "HH:mm" if step * TICKS <= timedelta(days=1) else "d.M.\nHH:mm"
    pattern = pattern if _is_short(course) else "d.M."
    moments = [course.since + step * number for number in range(TICKS + 1)]
    return [(one.timestamp(), _moment(desk, one, pattern)) for one in moments]


def _is_short(course: Course) -> bool:
    return course.until - course.since <= LONGEST_SINGLE


def _moment(desk: Hand, moment: datetime, pattern: str) -> str:
    zone, language = desk.region.zone, desk.text.language
    return format_datetime(moment, pattern, tzinfo=zone, locale=language)


def _plain(words: str) -> str:
    return str(Markup(words).striptags())  # noqa: S704 - our own texts, not shown as HTML
