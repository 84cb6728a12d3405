"""Updates as they came in, stored before they are acknowledged and kept for a day."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime

NEW, DONE, FAILED = "new", "done", "failed"
OPEN = literal_column(f"'{NEW}'", String(8))
"""The state, written out: with a parameter no database would use the indexes of open updates."""
IS_OPEN = text(f"state = '{NEW}'")


class InboxUpdate(Base):
    """An update without names; `update_id` is unique, so a repeat changes nothing.

    `person_id` is Telegram's id of who acts: it gives the order, and the rows of a person are
    found by it when they ask what is stored. Body and id are removed after the retention time.
    """

    __tablename__ = "inbox"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default=NEW)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    number: Mapped[str | None] = mapped_column(String(6))
    """Stands in the log beside the last error."""

    __table_args__ = (
        Index("ix_inbox_open", "update_id", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index(
            "ix_inbox_open_person",
            "person_id",
            "update_id",
            postgresql_where=IS_OPEN,
            sqlite_where=IS_OPEN,
        ),
        Index("ix_inbox_person", "person_id", "received_at"),
        Index("ix_inbox_received", "received_at", "update_id"),
    )
