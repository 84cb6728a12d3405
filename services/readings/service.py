"""Measured values: stored by the thousand, found by device and quantity, added up, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.measurement import Mark
from services.clock import Clock
from services.readings import partitions, store, sums
from services.readings.records import Latest, NewReading, Retention, Span, Taken, Value
from services.readings.rules import bounds_of, storable

HOURS_AT_ONCE = 2000
"""A transaction that adds up takes a fraction of a second."""


@dataclass(frozen=True)
class Readings:
    """What devices measured."""

    session: AsyncSession
    clock: Clock
    zone: ZoneInfo
    retention: Retention = field(default_factory=Retention)

    async def put(self, rows: Sequence[NewReading]) -> None:
        """Store values in any order; one of the same series, time and frame is replaced.

        Raises:
            ValueError: a value happened before 2000 or after 2100.
        """
        if odd := next((row for row in rows if not storable(row.time)), None):
            raise ValueError(f"no such time for a reading: {odd.time.isoformat()}")
        if rows:
            await store.put(self.session, rows)

    async def take_back(self, frames: Sequence[Taken]) -> None:
        """Delete the values of frames, because they are measured anew or were copies."""
        if frames:
            await store.take_back(self.session, frames)

    async def latest(self, device_id: int) -> Sequence[Latest]:
        """Return the newest value, by event time, of every series of a device."""
        found = {
            (quantity, channel): Latest(quantity, channel, value, time, Mark(marks))
            for quantity, channel, value, time, marks in await store.newest(
                self.session, device_id
            )
        }
        return tuple(found.values())

    async def values(
        self, device_id: int, quantity: str, channel: int = 0, *, since: datetime, until: datetime
    ) -> Sequence[Value]:
        """Return single values from a moment to before another, in the order of their times."""
        key = (device_id, quantity, channel)
        found = await store.values(self.session, key, since=since, until=until)
        return tuple(Value(time, value, Mark(marks)) for time, value, marks in found)

    async def hours(
        self, device_id: int, quantity: str, channel: int = 0, *, since: datetime, until: datetime
    ) -> Sequence[Span]:
        """Return the hours (UTC) that begin from a moment to before another and have values."""
        key = (device_id, quantity, channel)
        found = await store.hours(self.session, key, since=since, until=until)
        return tuple(
            Span(hour, count, lowest, highest, total / count, last)
            for hour, count, lowest, highest, total, last in found
        )

    async def days(
        self, device_id: int, quantity: str, channel: int = 0, *, since: date, until: date
    ) -> Sequence[Span]:
        """Return the county's days that have values, from a day to another (inclusive)."""
        key = (device_id, quantity, channel)
        found = await store.days(self.session, key, since=since, until=until)
        return tuple(
            Span(bounds_of(day, self.zone)[0], count, lowest, highest, total / count, last)
            for day, count, lowest, highest, total, last in found
        )

    async def add_up(self, many: int = HOURS_AT_ONCE) -> int:
        """Add up hours whose values changed, and their days; return how many hours.

        Wants a transaction of its own; 0 means that nothing is due, or that others have it.
        """
        now = self.clock()
        return await sums.add_up(
            self.session,
            many,
            self.zone,
            values=now - self.retention.readings,
            hours=now - self.retention.hours,
        )

    async def forget_old(self) -> int:
        """Drop whole old months on PostgreSQL; on SQLite delete some old values.

        Returns how many months or values are gone; not 0: there may be more.
        """
        horizon = self.clock() - self.retention.readings
        connection = await self.session.connection()
        if connection.dialect.name == "postgresql":
            return len(await partitions.drop_months(connection, horizon))
        return await store.forget_values(self.session, horizon)

    async def forget_hours(self) -> int:
        """Delete some sums of hours whose time is over; return how many."""
        return await store.forget_hours(self.session, self.clock() - self.retention.hours)
