"""Hours are added up from their values, days of the county from their hours.

An hour that is due vanishes from `rollup_due` and its sums appear in one transaction, so that a
killed process loses none. Values that are gone (retention) never make a sum smaller: before the
horizon, an hour is only replaced by one of at least as many values.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.db import UtcDateTime, stored
from services.readings.rules import HOUR, LEFT_OUT, bounds_of, day_of
from services.readings.statements import POSTGRESQL, SQLITE

Hour = tuple[int, datetime]
"""A series and the beginning of an hour."""
TAKE: Mapping[str, TextClause] = {
    SQLITE: text(
        "DELETE FROM rollup_due WHERE (series_id, hour) IN (SELECT series_id, hour"
        " FROM rollup_due ORDER BY series_id, hour LIMIT :many) RETURNING series_id, hour"
    ),
    POSTGRESQL: text(  # whoever stores values right now keeps their hours for the next time
        "DELETE FROM rollup_due WHERE (series_id, hour) IN (SELECT series_id, hour"
        " FROM rollup_due ORDER BY series_id, hour LIMIT :many FOR UPDATE SKIP LOCKED)"
        " RETURNING series_id, hour"
    ),
}
ADD_UP: Mapping[str, TextClause] = {
    SQLITE: text(
        "INSERT INTO reading_hour (series_id, hour, count, lowest, highest, total, last)"
        " SELECT given.value ->> 0, given.value ->> 1, count(*), min(reading.value),"
        " max(reading.value), sum(reading.value), (SELECT last.value FROM reading AS last"
        " WHERE last.series_id = given.value ->> 0 AND last.time >= given.value ->> 1"
        " AND last.time < given.value ->> 2 AND last.marks & :left_out = 0"
        " ORDER BY last.time DESC, last.value DESC LIMIT 1)"
        " FROM json_each(:hours) AS given CROSS JOIN reading"
        " ON reading.series_id = given.value ->> 0 AND reading.time >= given.value ->> 1"
        " AND reading.time < given.value ->> 2 AND reading.marks & :left_out = 0 GROUP BY 1, 2"
        " ON CONFLICT DO UPDATE SET count = excluded.count, lowest = excluded.lowest,"
        " highest = excluded.highest, total = excluded.total, last = excluded.last"
        " WHERE excluded.hour >= :horizon OR excluded.count >= reading_hour.count"
    ),
    POSTGRESQL: text(
        "INSERT INTO reading_hour (series_id, hour, count, lowest, highest, total, last)"
        " SELECT given.series_id, given.hour, count(*), min(reading.value), max(reading.value),"
        " sum(reading.value ORDER BY reading.time, reading.value),"
        " (array_agg(reading.value ORDER BY reading.time DESC, reading.value DESC))[1]"
        " FROM unnest(CAST(:series AS integer[]), CAST(:hours AS timestamptz[]))"
        " AS given (series_id, hour) JOIN reading ON reading.series_id = given.series_id"
        " AND reading.time >= given.hour AND reading.time < given.hour + interval '1 hour'"
        " AND reading.marks & :left_out = 0"
        " WHERE reading.time >= :since AND reading.time < :until GROUP BY 1, 2"
        " ON CONFLICT (series_id, hour) DO UPDATE"
        " SET count = excluded.count, lowest = excluded.lowest,"
        " highest = excluded.highest, total = excluded.total, last = excluded.last"
        " WHERE excluded.hour >= :horizon OR excluded.count >= reading_hour.count"
    ),
}
EMPTY: Mapping[str, TextClause] = {
    SQLITE: text(
        "DELETE FROM reading_hour WHERE hour >= :horizon AND (series_id, hour) IN"
        " (SELECT given.value ->> 0, given.value ->> 1 FROM json_each(:hours) AS given"
        " WHERE NOT EXISTS (SELECT 1 FROM reading WHERE reading.series_id = given.value ->> 0"
        " AND reading.time >= given.value ->> 1 AND reading.time < given.value ->> 2"
        " AND reading.marks & :left_out = 0))"
    ),
    POSTGRESQL: text(
        "DELETE FROM reading_hour USING unnest(CAST(:series AS integer[]),"
        " CAST(:hours AS timestamptz[])) AS given (series_id, hour)"
        " WHERE reading_hour.series_id = given.series_id AND reading_hour.hour = given.hour"
        " AND given.hour >= :horizon AND NOT EXISTS (SELECT 1 FROM reading"
        " WHERE reading.series_id = given.series_id AND reading.time >= given.hour"
        " AND reading.time < given.hour + interval '1 hour'"
        " AND reading.time >= :since AND reading.time < :until AND reading.marks & :left_out = 0)"
    ),
}
DAYS: Mapping[str, TextClause] = {
    SQLITE: text(
        "INSERT INTO reading_day (series_id, day, count, lowest, highest, total, last)"
        " SELECT given.value ->> 0, given.value ->> 1, sum(one.count), min(one.lowest),"
        " max(one.highest), sum(one.total), (SELECT last.last FROM reading_hour AS last"
        " WHERE last.series_id = given.value ->> 0 AND last.hour >= given.value ->> 2"
        " AND last.hour < given.value ->> 3 ORDER BY last.hour DESC LIMIT 1)"
        " FROM json_each(:days) AS given CROSS JOIN reading_hour AS one"
        " ON one.series_id = given.value ->> 0 AND one.hour >= given.value ->> 2"
        " AND one.hour < given.value ->> 3 GROUP BY 1, 2"
        " ON CONFLICT DO UPDATE SET count = excluded.count, lowest = excluded.lowest,"
        " highest = excluded.highest, total = excluded.total, last = excluded.last"
        " WHERE excluded.day >= :horizon OR excluded.count >= reading_day.count"
    ),
    POSTGRESQL: text(
        "INSERT INTO reading_day (series_id, day, count, lowest, highest, total, last)"
        " SELECT given.series_id, given.day, sum(one.count), min(one.lowest), max(one.highest),"
        " sum(one.total ORDER BY one.hour), (array_agg(one.last ORDER BY one.hour DESC))[1]"
        " FROM unnest(CAST(:series AS integer[]),"
        " CAST(:days AS date[]), CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[]))"
        " AS given (series_id, day, since, until)"
        " JOIN reading_hour AS one ON one.series_id = given.series_id"
        " AND one.hour >= given.since AND one.hour < given.until GROUP BY 1, 2"
        " ON CONFLICT (series_id, day) DO UPDATE"
        " SET count = excluded.count, lowest = excluded.lowest,"
        " highest = excluded.highest, total = excluded.total, last = excluded.last"
        " WHERE excluded.day >= :horizon OR excluded.count >= reading_day.count"
    ),
}
EMPTY_DAYS: Mapping[str, TextClause] = {
    SQLITE: text(
        "DELETE FROM reading_day WHERE day >= :horizon AND (series_id, day) IN"
        " (SELECT given.value ->> 0, given.value ->> 1 FROM json_each(:days) AS given"
        " WHERE NOT EXISTS (SELECT 1 FROM reading_hour AS one"
        " WHERE one.series_id = given.value ->> 0 AND one.hour >= given.value ->> 2"
        " AND one.hour < given.value ->> 3))"
    ),
    POSTGRESQL: text(
        "DELETE FROM reading_day USING unnest(CAST(:series AS integer[]),"
        " CAST(:days AS date[]), CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[]))"
        " AS given (series_id, day, since, until) WHERE reading_day.day >= :horizon"
        " AND reading_day.series_id = given.series_id AND reading_day.day = given.day"
        " AND NOT EXISTS (SELECT 1 FROM reading_hour AS one"
        " WHERE one.series_id = given.series_id AND one.hour >= given.since"
        " AND one.hour < given.until)"
    ),
}


async def add_up(
    session: AsyncSession, many: int, zone: ZoneInfo, *, values: datetime, hours: datetime
) -> int:
    """Add up some of the hours that are due, and their days; return how many hours.

    Args:
        session: a transaction of its own.
        many: at most so many hours.
        zone: the county's, for its days.
        values: since when all values are there.
        hours: since when all hours are there.
    """
    connection = await session.connection()
    dialect = connection.dialect.name
    found = await connection.execute(TAKE[dialect].columns(hour=UtcDateTime), {"many": many})
    due: list[Hour] = [(row[0], row[1]) for row in found]
    if not due:
        return 0
    sqlite = dialect == SQLITE
    given = _hours(due, sqlite=sqlite) | {"horizon": stored(values) if sqlite else values}
    await connection.execute(ADD_UP[dialect], given)
    await connection.execute(EMPTY[dialect], given)
    days = sorted({(series, day_of(hour, zone)) for series, hour in due})
    day = day_of(hours, zone)
    given = _days(days, zone, sqlite=sqlite)
    given["horizon"] = day.isoformat() if sqlite else day
    await connection.execute(DAYS[dialect], given)
    await connection.execute(EMPTY_DAYS[dialect], given)
    return len(due)


def _hours(due: Sequence[Hour], *, sqlite: bool) -> dict[str, Any]:
    given: dict[str, Any] = {"left_out": LEFT_OUT}
    if sqlite:
        rows = [(series, stored(hour), stored(hour + HOUR)) for series, hour in due]
        return given | {"hours": json.dumps(rows)}
    begins = [hour for _, hour in due]
    span = {"since": min(begins), "until": max(begins) + HOUR}
    return given | {"series": [series for series, _ in due], "hours": begins, **span}


def _days(days: Sequence[tuple[int, date]], zone: ZoneInfo, *, sqlite: bool) -> dict[str, Any]:
    bounds = {day: bounds_of(day, zone) for day in {day for _, day in days}}
    if sqlite:
        text_of = {day: (stored(begin), stored(end)) for day, (begin, end) in bounds.items()}
        rows = [(series, day.isoformat(), *text_of[day]) for series, day in days]
        return {"days": json.dumps(rows)}
    return {
        "series": [series for series, _ in days],
        "days": [day for _, day in days],
        "since": [bounds[day][0] for _, day in days],
        "until": [bounds[day][1] for _, day in days],
    }
