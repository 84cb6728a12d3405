"""The catalogue in the database: one row per service and office, its record as JSON."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime

REVISION_ROW = 1


class CatalogueRevision(Base):
    """Counts the changes, so that every process notices when its copy is old."""

    __tablename__ = "catalogue_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]


class CatalogueSource(Base):
    """Who delivers records; its first import is a baseline that announces nothing."""

    __tablename__ = "catalogue_source"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    first_import_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_import_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfficeRow(Base):
    """An office as `services.catalogue.records.Office`."""

    __tablename__ = "office"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRow(Base):
    """A public service as `services.catalogue.records.Service`."""

    __tablename__ = "service"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("catalogue_source.id"), index=True)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
