"""Work too long for an answer: what was asked for, and how often it was tried."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Erasure, Personal


class State(StrEnum):
    """Where a job stands; a finished one is no longer in the table."""

    WAITING = "waiting"
    RUNNING = "running"
    SET_ASIDE = "set-aside"


class HeavyJob(Base):
    """A job and its plain arguments, which say nothing about a person: a file, a message's id."""

    __tablename__ = "heavy_job"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-heavy",
        shown=("name", "arguments", "state", "created_at"),
        erasure=Erasure.UNLINK,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int | None] = mapped_column(
        ForeignKey("chat.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_heavy_job_due", "state", "not_before", "id"),
        # A number is never given twice: a late delivery must not find another job under it.
        {"sqlite_autoincrement": True},
    )
