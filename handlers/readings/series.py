"""The values of a quantity over a period: each one of a day, hours of a month, days of a year."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from handlers.buttons.sensors import Period
from handlers.readings.periods import begin_of
from lorawan.measurement import Mark
from services.devices.lookups import Sensor
from services.readings.records import Span
from services.readings.service import Readings
from services.readings.trend import GAP, interval_of

NOT_DRAWN = Mark.OUT_OF_RANGE | Mark.SIMULATED
"""Sums leave these out, too."""
A_MOMENT = timedelta(microseconds=1)


class Step(Enum):
    """What one row stands for."""

    VALUE = auto()
    HOUR = auto()
    DAY = auto()


STEPS = {
    Period.DAY: Step.VALUE,
    Period.WEEK: Step.HOUR,
    Period.MONTH: Step.HOUR,
    Period.YEAR: Step.DAY,
}
LENGTHS = {Step.VALUE: timedelta(0), Step.HOUR: timedelta(hours=1), Step.DAY: timedelta(days=1)}


@dataclass(frozen=True)
class Row:
    """A value, or the mean of an hour or day with its lowest and highest value."""

    time: datetime
    value: float
    lowest: float
    highest: float
    last: float
    marks: Mark = Mark.FINE


@dataclass(frozen=True)
class Table:
    """The rows of a quantity from `since` to `until`, in order (aware, UTC)."""

    sensor: Sensor
    quantity: str
    channel: int
    period: Period
    since: datetime
    until: datetime
    rows: tuple[Row, ...] = field(default=())

    @property
    def step(self) -> Step:
        return STEPS[self.period]

    @property
    def gap(self) -> timedelta:
        """Return after which time without a value something is missing (2.5 intervals)."""
        length = LENGTHS[self.step]
        times = [row.time for row in self.rows]
        return max(length, interval_of(times, self.sensor.interval)) * GAP

    @property
    def drawn(self) -> tuple[Row, ...]:
        """Return the rows that are measurements of the world."""
        return tuple(row for row in self.rows if not row.marks & NOT_DRAWN)


async def gather(
    readings: Readings,
    sensor: Sensor,
    key: tuple[str, int],
    period: Period,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Table:
    """Return the values of a quantity and channel for a period that ends now."""
    since, (quantity, channel) = begin_of(period, now, zone), key
    until = now + A_MOMENT
    step, rows = STEPS[period], []
    if step is Step.DAY:
        first, last = since.astimezone(zone).date(), now.astimezone(zone).date()
        spans = await readings.days(sensor.id, quantity, channel, since=first, until=last)
        rows = [_row(span) for span in spans]
    elif step is Step.HOUR:
        spans = await readings.hours(sensor.id, quantity, channel, since=since, until=until)
        rows = [_row(span) for span in spans]
    else:
        values = await readings.values(sensor.id, quantity, channel, since=since, until=until)
        rows = [
            Row(one.time, one.value, one.value, one.value, one.value, one.marks) for one in values
        ]
    return Table(sensor, quantity, channel, period, since, now, tuple(rows))


def _row(span: Span) -> Row:
    return Row(span.start, span.mean, span.lowest, span.highest, span.last)
