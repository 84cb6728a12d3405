"""Messages of network servers, raw as they came, and how their senders stand."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.db import LONG, Base, UtcDateTime

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
IS_ASIDE = text(f"stage IN ('{Stage.NOT_UNDERSTOOD}', '{Stage.FAILED}')")


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
        Index(
            "ix_raw_uplink_aside",
            "source",
            "stage",
            postgresql_where=IS_ASIDE,
            sqlite_where=IS_ASIDE,
        ),
        Index("ix_raw_uplink_received", "received_at"),
    )


class UplinkSource(Base):
    """How a source stands: when it was last heard, and whether its silence was told."""

    __tablename__ = "uplink_source"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    silent_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set when the operators were told; cleared when it is heard again."""
