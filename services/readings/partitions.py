"""The months of `reading` on PostgreSQL: made when a value needs one, dropped when it is old.

A month is built beside the table and then attached, which lets others read and write meanwhile.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.db import lock_key
from services.readings.rules import ended_before, is_month, next_month, table_of

LOCK = lock_key("months of readings")
MISSING = text(
    "SELECT named FROM unnest(CAST(:names AS text[])) AS named WHERE to_regclass(named) IS NULL"
)
ALL = text(
    "SELECT CAST(inhrelid AS regclass)::text FROM pg_inherits"
    " WHERE inhparent = 'reading'::regclass"
)


async def make_months(connection: AsyncConnection, months: Collection[date]) -> None:
    """Make the tables of some months, unless they are there."""
    named = {table_of(month): month for month in months}
    if not await _missing(connection, named):
        return
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    for name in sorted(await _missing(connection, named)):  # another process may have made some
        since = datetime(named[name].year, named[name].month, 1, tzinfo=UTC)
        after = next_month(named[name])
        until = datetime(after.year, after.month, 1, tzinfo=UTC)
        await connection.exec_driver_sql(f"CREATE TABLE {name} (LIKE reading INCLUDING ALL)")
        await connection.exec_driver_sql(
            f"ALTER TABLE reading ATTACH PARTITION {name}"
            f" FOR VALUES FROM ('{since.isoformat()}') TO ('{until.isoformat()}')"
        )


async def _missing(connection: AsyncConnection, names: Collection[str]) -> list[str]:
    return list((await connection.execute(MISSING, {"names": list(names)})).scalars())


async def drop_months(connection: AsyncConnection, horizon: datetime) -> list[str]:
    """Drop the months that ended before a moment, all or none; return their names.

    A table in use is not waited for: that would hold up everybody behind us.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    found = (await connection.execute(ALL)).scalars()
    old = ended_before((one for one in found if is_month(one)), horizon)
    if old:
        await connection.exec_driver_sql("SET LOCAL lock_timeout = '3s'")
    for name in old:
        await connection.exec_driver_sql(f"DROP TABLE {name}")
    return old
