"""Vendors' codecs that staff brought: what was checked and released is what runs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime


class State(StrEnum):
    """Where a codec stands. One whose examples fail never gets here."""

    CHECKED = "checked"
    """All its examples are right; waits for a second person."""
    RELEASED = "released"
    """Devices may use it."""
    REFUSED = "refused"
    """The second person does not want it."""
    RETIRED = "retired"
    """Was released once; runs no more."""


class Style(StrEnum):
    """How a codec is written."""

    UPLINK = "decodeUplink"
    DECODE = "Decode"
    DECODER = "Decoder"


class Codec(Base):
    """A script, pinned by the digest of its text: a changed script is another codec."""

    __tablename__ = "codec"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    style: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(Text)
    examples: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), index=True)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    """None: the operator at the terminal."""
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    """Who released, refused or retired it last."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    """Frames it failed at since its release, by a problem of the script itself."""
    last_problem: Mapped[str] = mapped_column(String(20), default="")


class UploadState(StrEnum):
    """Where an upload stands; one that became a codec is no longer in the table."""

    INCOMPLETE = "incomplete"
    """The script or its examples are still missing."""
    WAITING = "waiting"
    FAILED = "failed"
    """Something is wrong; the report is kept for a few days."""


class CodecUpload(Base):
    """A file somebody of the staff sent: by Telegram's number of it, until it is checked."""

    __tablename__ = "codec_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    name: Mapped[str] = mapped_column(String(40))
    script_file: Mapped[str] = mapped_column(String(200), default="")
    examples_file: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What is wrong, as keys of texts and their parameters."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_codec_upload_state", "state", "id"),)
