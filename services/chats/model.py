"""Chats the bot has met: people, groups, channels. No name is ever stored.

Every other table refers to `chat.id`; Telegram's own id stands here alone.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Personal


class Kind(StrEnum):
    """What Telegram calls the type of a chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class State(StrEnum):
    """Whether the bot may write to a chat."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    ERASING = "erasing"


class News(StrEnum):
    """When a person wants to hear what is new."""

    IMMEDIATE = "immediate"
    WEEKLY = "weekly"


class Chat(Base):
    """A chat, its language and its place."""

    __tablename__ = "chat"
    personal = Personal(
        owner="id",
        purpose_key="privacy.purpose-chat",
        shown=(
            "telegram_id",
            "kind",
            "language",
            "municipality",
            "news",
            "state",
            "last_service",
            "last_candidates",
            "asked_back",
            "asked_at",
            "offered_language",
            "created_at",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(12))
    municipality: Mapped[str | None] = mapped_column(String(12))
    news: Mapped[str] = mapped_column(String(12), default=News.IMMEDIATE)
    state: Mapped[str] = mapped_column(String(12), default=State.ACTIVE)
    last_service: Mapped[str | None] = mapped_column(String(40))
    """The service the person looked at last: "und was kostet das?" refers to it."""
    last_candidates: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """What the last question may have meant, best first: ids only, never what was written."""
    asked_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the last answer was a question back."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the three above were last true; they are forgotten after half an hour."""
    offered_language: Mapped[str | None] = mapped_column(String(12))
    """The language last offered to somebody who wrote in it, so that it is offered once."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
