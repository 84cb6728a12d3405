"""Going online as facts: since when, by which evidence, who was told and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Personal


class State(StrEnum):
    """Where a batch of news stands."""

    CHECKING = "checking"
    """The link is being tried."""
    READY = "ready"
    """Previewed; waits for the staff member's word."""
    AWAITING = "awaiting"
    """Waits for a second person."""
    SCHEDULED = "scheduled"
    """Decided; the messages wait in the outbox or have left."""
    STOPPED = "stopped"
    DROPPED = "dropped"


class Batch(Base):
    """News that have one cause: a command of staff, or an import."""

    __tablename__ = "golive_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    state: Mapped[str] = mapped_column(String(10), index=True)
    tell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first message may leave; until then it can be stopped."""
    recipients: Mapped[int] = mapped_column(default=0)
    channel_key: Mapped[str | None] = mapped_column(String(40))
    """Which channel post carries it."""


class Item(Base):
    """One service in one area that went online (or offline again)."""

    __tablename__ = "golive_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("golive_batch.id"), index=True)
    service_id: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(12))
    url: Mapped[str | None] = mapped_column(String(300))
    online: Mapped[bool]
    evidence: Mapped[str] = mapped_column(String(12))


class OnlineFact(Base):
    """A service is (or was) online in an area; at most one open fact for each pair."""

    __tablename__ = "online_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(12))
    url: Mapped[str | None] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(String(12))
    online_since: Mapped[datetime] = mapped_column(UtcDateTime)
    offline_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("golive_batch.id"))
    """Which batch brought it online; empty for what was online before we knew it."""
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("golive_batch.id"))
    """Which batch took it offline."""

    __table_args__ = (
        Index(
            "ix_online_fact_open",
            "service_id",
            "area",
            unique=True,
            sqlite_where=text("offline_since IS NULL"),
            postgresql_where=text("offline_since IS NULL"),
        ),
    )


class News(Base):
    """An item a chat is told of, the wish that caused it, and the message that carries it."""

    __tablename__ = "golive_news"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-news",
        shown=("item_id", "because", "bundle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("golive_item.id"))
    because: Mapped[str] = mapped_column(String(40))
    """The subscribed service, or "*" for everything."""
    bundle: Mapped[str | None] = mapped_column(String(40))
    """One message: "batch:7" or "week:2026-W47"; empty while it waits for the weekly one."""

    __table_args__ = (
        Index("ix_golive_news_chat", "chat_id", "bundle"),
        Index("ix_golive_news_item", "item_id"),
    )
