"""Measured values for years: each one, by the hour, by the day.

On PostgreSQL `reading` is partitioned by month; on SQLite it is one table.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Double, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime


class Series(Base):
    """The values of one quantity of one device (and of one of its probes)."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    quantity: Mapped[str] = mapped_column(String(40))
    channel: Mapped[int] = mapped_column(SmallInteger, default=0)

    __table_args__ = (Index("uq_series_device", "device_id", "quantity", "channel", unique=True),)


class Reading(Base):
    """One value. A frame measured anew replaces its own values, nothing else."""

    __tablename__ = "reading"

    series_id: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    frame_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    value: Mapped[float] = mapped_column(Double)
    marks: Mapped[int] = mapped_column(SmallInteger, default=0)
    """`lorawan.measurement.Mark`."""

    __table_args__ = ({"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (time)"},)


class Sums:
    """Values of a series added up."""

    series_id: Mapped[int] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), primary_key=True
    )
    count: Mapped[int] = mapped_column()
    lowest: Mapped[float] = mapped_column(Double)
    highest: Mapped[float] = mapped_column(Double)
    total: Mapped[float] = mapped_column(Double)
    last: Mapped[float] = mapped_column(Double)


class ReadingHour(Sums, Base):
    """The values of an hour (UTC) that are fine."""

    __tablename__ = "reading_hour"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class ReadingDay(Sums, Base):
    """The values of a day (of the county) that are fine, and how the device was heard."""

    __tablename__ = "reading_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class RollupDue(Base):
    """An hour of a series whose values changed since it was last added up."""

    __tablename__ = "rollup_due"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), primary_key=True
    )
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)
