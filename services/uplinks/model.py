"""Messages of network servers: raw as they came, then as frames of devices."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime

LONG = BigInteger().with_variant(Integer, "sqlite")
"""A number that counts up by itself on either database."""
DIGEST_BYTES = 16


class Stage(StrEnum):
    """How far a raw message is."""

    NEW = "new"
    DONE = "done"
    NOT_UNDERSTOOD = "odd"
    """Authentic and kept, but nothing we could make a frame of; `problem` says why."""
    FAILED = "failed"
    """Working it off failed again and again; set aside for the operators."""


IS_NEW = text(f"stage = '{Stage.NEW}'")


class RawUplink(Base):
    """A message exactly as it came, stored before it is acknowledged.

    A byte-identical message of the same source is the same message: `digest` (BLAKE2b over event,
    form and body) is unique. The body is emptied after the retention time.
    """

    __tablename__ = "raw_uplink"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(40))
    """The event named outside the body (query, topic); "" when it is not."""
    form: Mapped[str] = mapped_column(String(8))
    """`lorawan.events.Form`."""
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    stage: Mapped[str] = mapped_column(String(8), default=Stage.NEW)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(120))

    __table_args__ = (
        Index("uq_raw_uplink_digest", "source", "digest", unique=True),
        Index("ix_raw_uplink_new", "id", postgresql_where=IS_NEW, sqlite_where=IS_NEW),
        Index("ix_raw_uplink_received", "received_at"),
    )


class Frame(Base):
    """One event of a device, once, however many copies of it came.

    `key` (BLAKE2b over the event's identity) is unique; `content` (over device, port, counter and
    payload) finds copies that carry another identity within minutes.
    """

    __tablename__ = "frame"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    key: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES), unique=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES))
    kind: Mapped[str] = mapped_column(String(12))
    """`lorawan.events.Kind`."""
    name: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(40))
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it happened; the arrival where the network server gave no possible time."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    session: Mapped[str] = mapped_column(String(40))
    f_cnt: Mapped[int | None] = mapped_column(BigInteger)
    f_port: Mapped[int | None] = mapped_column(SmallInteger)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    decoded: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    decoder: Mapped[str] = mapped_column(String(60), default="")
    """What decoded it: "server", "python:<name>", "script:<sha256, 12 digits>"; "" nothing."""
    problem: Mapped[str | None] = mapped_column(String(120))
    """Why there are no measurements, or what the codec warned of."""
    rssi: Mapped[float | None] = mapped_column(Double)
    snr: Mapped[float | None] = mapped_column(Double)
    spreading_factor: Mapped[int | None] = mapped_column(SmallInteger)
    gateways: Mapped[int] = mapped_column(SmallInteger, default=0)
    gateway: Mapped[str] = mapped_column(String(40), default="")
    """The gateway that heard it best."""
    copies: Mapped[int] = mapped_column(SmallInteger, default=1)
    simulated: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_frame_device", "device_id", "time"),
        Index("ix_frame_content", "content", "time"),
        Index("ix_frame_received", "received_at"),
    )


class UplinkSource(Base):
    """How a source stands: when it was last heard, and whether its silence was told."""

    __tablename__ = "uplink_source"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    silent_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set when the operators were told; cleared when it is heard again."""


class Gateway(Base):
    """A gateway that heard one of our devices."""

    __tablename__ = "gateway"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
