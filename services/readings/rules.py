"""Where a value belongs: its hour, its month, the days of the county."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lorawan.measurement import Mark

HOUR = timedelta(hours=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2101, 1, 1, tzinfo=UTC)
LEFT_OUT = int(Mark.OUT_OF_RANGE | Mark.SIMULATED)
"""Values with one of these marks are kept, but not added up."""
MONTH = re.compile(r"reading_y([0-9]{4})m([0-9]{2})")


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour (UTC) a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def month_of(moment: datetime) -> date:
    """Return the first day of the month (UTC) a moment lies in."""
    return date(moment.year, moment.month, 1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def table_of(month: date) -> str:
    """Return the name of a month's table on PostgreSQL."""
    return f"reading_y{month.year:04}m{month.month:02}"


def is_month(table: str) -> bool:
    """Return whether a table is a month of `reading`."""
    return MONTH.fullmatch(table) is not None


def month_in(table: str) -> date:
    """Return the month whose values a table holds; raise ValueError when it is none."""
    found = MONTH.fullmatch(table)
    if found is None:
        raise ValueError(f"not a month of readings: {table}")
    return date(int(found[1]), int(found[2]), 1)


def ended_before(tables: Iterable[str], horizon: datetime) -> list[str]:
    """Return the months all of whose values happened before a moment, the oldest first."""
    latest = month_of(horizon)
    return sorted(one for one in tables if is_month(one) and month_in(one) < latest)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the county's day a moment lies in."""
    return moment.astimezone(zone).date()


def bounds_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return beginning and end (UTC) of a county's day: 23, 24 or 25 hours."""
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return begin, end


def storable(moment: datetime) -> bool:
    """Return whether there may be a month for it."""
    return EARLIEST <= moment < LATEST
