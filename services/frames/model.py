"""What devices sent: each frame once, and the gateways that heard them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.db import LONG, Base, UtcDateTime

DIGEST_BYTES = 16


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
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    """When its last copy happened; `time` is that of the copy that is kept."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When its first copy happened."""
    measured_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its earliest measured value (a device may send what it logged); None: there is none."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    session: Mapped[str] = mapped_column(String(40))
    f_cnt: Mapped[int | None] = mapped_column(BigInteger)
    f_port: Mapped[int | None] = mapped_column(SmallInteger)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    decoded: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
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
        Index("ix_frame_content", "content", "until"),
        Index("ix_frame_received", "received_at"),
    )


class Gateway(Base):
    """A gateway that heard one of our devices."""

    __tablename__ = "gateway"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
