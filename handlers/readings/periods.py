"""Which time a chart or a table shows, and what is written below it."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.buttons.sensors import Period

DAYS = {Period.WEEK: 7, Period.MONTH: 30}
HOURS_APART = 4
DAYS_APART = 5
MONTHS = 12
MONTHS_APART = 2


def begin_of(period: Period, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a period that ends now begins.

    A day is the last 24 hours; a week and a month begin at a local midnight 7 and 30 days ago, a
    year with the first of the same month a year ago: a day is as long as the clocks make it.
    """
    if period is Period.DAY:
        return now - timedelta(hours=24)
    local = now.astimezone(zone)
    if period is Period.YEAR:
        first = local.date().replace(day=1)
        return _at(datetime.combine(first.replace(year=first.year - 1), time()), zone)
    return _at(datetime.combine(local.date() - timedelta(days=DAYS[period]), time()), zone)


def ticks(period: Period, since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the local times that are named on the axis, in order.

    Every fourth hour of a day, every day of a week, every fifth of a month, every second month.
    They are reckoned by the clock on the wall, so that 4 o'clock stays 4 o'clock on the days
    with 23 or 25 hours.
    """
    found = (_at(one, zone) for one in _wall(period, since.astimezone(zone)))
    return [one for one in found if since <= one <= until]


def _wall(period: Period, begin: datetime) -> Iterator[datetime]:
    """Yield times without a zone, more than the period needs."""
    midnight = datetime.combine(begin.date(), time())
    if period is Period.DAY:
        yield from (midnight + timedelta(hours=HOURS_APART * step) for step in range(14))
    elif period is Period.YEAR:
        for step in range(0, MONTHS + MONTHS_APART, MONTHS_APART):
            month = begin.month - 1 + step
            yield datetime(begin.year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - wall
    else:
        apart = 1 if period is Period.WEEK else DAYS_APART
        yield from (midnight + timedelta(days=step) for step in range(0, 40, apart))


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone)
