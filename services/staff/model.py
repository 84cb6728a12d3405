"""Staff: who may do what, where, from when to when. A label, never a name, is required."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Erasure, Personal


class StaffMember(Base):
    """Somebody of the administration, by a label such as "Serviceportal 1"."""

    __tablename__ = "staff_member"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-staff",
        shown=("label", "created_at"),
        erasure=Erasure.UNLINK,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int | None] = mapped_column(
        ForeignKey("chat.id", ondelete="SET NULL"), unique=True
    )
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffRole(Base):
    """A role for an area and a time; ended roles stay for the audit."""

    __tablename__ = "staff_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EnrolmentCode(Base):
    """A one-time code that gives a role to whoever sends it first; only its digest is kept."""

    __tablename__ = "enrolment_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(String(12))
    role_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
