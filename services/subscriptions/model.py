"""Which chat wants to hear that which service goes online where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Personal

EVERYTHING = "*"


class Subscription(Base):
    """A wish: one service, or everything, within an area; a second tap changes nothing."""

    __tablename__ = "subscription"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-subscription",
        shown=("service_id", "area", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    service_id: Mapped[str] = mapped_column(String(40))
    """Id of a service, or "*" for everything."""
    area: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("chat_id", "service_id", "area"),
        Index("ix_subscription_service", "service_id", "area"),
    )
