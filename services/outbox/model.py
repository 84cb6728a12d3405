"""Everything that leaves: written in the transaction that caused it, sent by the delivery."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Personal


class Lane(IntEnum):
    """Who goes first at each send slot."""

    CONVERSATION = 0
    ALARM = 1
    NOTICE = 2
    BROADCAST = 3


class Status(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    """Set before the call: after a crash it becomes `unknown`, Telegram cannot be asked."""
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutboxMessage(Base):
    """A reply (method and payload), or unasked news (text key and parameters, rendered late)."""

    __tablename__ = "outbox"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-outbox",
        shown=("method", "payload", "text_key", "params", "status", "created_at", "sent_at"),
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
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    telegram_message_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_outbox_due", "status", "lane", "not_before", "id"),
        Index("ix_outbox_chat", "chat_id", "status"),
    )
