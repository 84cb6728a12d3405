"""Everything that leaves: written in the transaction that caused it, sent by the delivery.

Beside it stands how much has left lately, so that Telegram's limits survive a restart.
"""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Personal


class Lane(IntEnum):
    """Who goes first at each send slot."""

    CONVERSATION = 0
    ALARM = 1
    NOTICE = 2
    BROADCAST = 3
    ATTACHMENT = 4
    """What belongs to a message that has arrived: a picture, a place. Nobody waits for it."""


class Status(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    """Set before the call, with a lease: who dies meanwhile leaves a message nobody knows of."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """It may have arrived or not; Telegram cannot be asked."""
    FAILED = "failed"
    CANCELLED = "cancelled"


PUT_OFF = text("status = 'queued' AND attempts > 0")


class OutboxMessage(Base):
    """A reply (method and payload), or unasked news (text key and parameters, rendered late)."""

    __tablename__ = "outbox"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-outbox",
        shown=(
            "method",
            "payload",
            "text_key",
            "params",
            "status",
            "created_at",
            "sent_at",
            "unknown_at",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    lane: Mapped[int] = mapped_column(SmallInteger)
    method: Mapped[str | None] = mapped_column(String(40))
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    text_key: Mapped[str | None] = mapped_column(String(60))
    params: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    dedup_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    status: Mapped[str] = mapped_column(String(10), default=Status.QUEUED)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    first_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What `not_before` was before the first attempt failed."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then whoever sends it is thought to live."""
    unknown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set at the first ambiguous attempt and never cleared, whatever came of a second one."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    telegram_message_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_outbox_due", "status", "lane", "not_before", "id"),
        Index("ix_outbox_chat", "chat_id", "status"),
        Index(
            "ix_outbox_put_off",
            "chat_id",
            "lane",
            sqlite_where=PUT_OFF,
            postgresql_where=PUT_OFF,
        ),
    )


class SendRate(Base):
    """The bucket of all messages, and that of the broadcasts."""

    __tablename__ = "send_rate"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    tokens: Mapped[float] = mapped_column(Double)
    rate: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChatRate(Base):
    """How soon a chat may be written to again; gone after a few minutes."""

    __tablename__ = "chat_rate"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-pace",
        shown=("tokens", "at", "paused_until"),
    )

    chat_id: Mapped[int] = mapped_column(
        ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True
    )
    tokens: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
