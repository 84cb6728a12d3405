"""What was asked and what people made of the answer: words without a person, and only the day."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime

LONGEST_QUESTION = 200
LONGEST_ENTRY = 46
REVISION_ROW = 1


class Signal(StrEnum):
    """What the person did with the answer."""

    OPEN = "open"
    """Nothing yet; such a question is forgotten when its day is over."""
    CHOSEN = "chosen"
    THUMB_UP = "thumb_up"
    THUMB_DOWN = "thumb_down"
    UNANSWERED = "unanswered"


class State(StrEnum):
    """What staff did with the question."""

    OPEN = "open"
    RELEASED = "released"
    REJECTED = "rejected"


class AskedQuestion(Base):
    """A masked question; nobody's: neither chat nor person nor time stand here."""

    __tablename__ = "asked_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(LONGEST_QUESTION))
    language: Mapped[str] = mapped_column(String(12))
    decision: Mapped[str] = mapped_column(String(12))
    """What the bot did."""
    entry_id: Mapped[str] = mapped_column(String(LONGEST_ENTRY))
    """What was answered, then what was chosen, then what it is an example for; or empty."""
    signal: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default=State.OPEN)
    count: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[date] = mapped_column(Date)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_asked_question_text", "text"),
        Index("ix_asked_question_state", "state", "created_at"),
        # Staff decide about a text once: an example cannot stand for two entries.
        Index(
            "uq_asked_question_decided",
            "text",
            unique=True,
            sqlite_where=sql("state <> 'open'"),
            postgresql_where=sql("state <> 'open'"),
        ),
        # A number is never given twice: a late press must not find another question under it.
        {"sqlite_autoincrement": True},
    )


class TaughtRevision(Base):
    """Counts the changes of examples, so that every process notices when its copy is old."""

    __tablename__ = "taught_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
