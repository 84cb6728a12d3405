"""Queries on the catalogue; the only place of this feature that writes SQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalogue.model import (
    REVISION_ROW,
    CatalogueRevision,
    CatalogueSource,
    OfficeRow,
    ServiceRow,
)
from services.catalogue.records import Office, Service
from services.catalogue.rules import Snapshot

REVISION = select(CatalogueRevision.revision).where(CatalogueRevision.id == REVISION_ROW)


async def revision(session: AsyncSession) -> int:
    """Return the number of changes so far; 0 for an empty catalogue."""
    return (await session.scalar(REVISION)) or 0


async def next_revision(session: AsyncSession) -> None:
    """Tell every process that the catalogue changed."""
    result = await session.execute(
        update(CatalogueRevision)
        .where(CatalogueRevision.id == REVISION_ROW)
        .values(revision=CatalogueRevision.revision + 1)
        .returning(CatalogueRevision.revision)
    )
    if result.scalar() is None:
        session.add(CatalogueRevision(id=REVISION_ROW, revision=1))


async def snapshot(session: AsyncSession) -> Snapshot:
    """Read the whole catalogue."""
    current = await revision(session)
    services = (await session.execute(select(ServiceRow.id, ServiceRow.record))).all()
    offices = (await session.execute(select(OfficeRow.id, OfficeRow.record))).all()
    return Snapshot(
        revision=current,
        services={row.id: Service.model_validate(row.record) for row in services},
        offices={row.id: Office.model_validate(row.record) for row in offices},
    )


async def source(session: AsyncSession, source_id: str) -> CatalogueSource | None:
    """Return a source, None before its first import."""
    return await session.get(CatalogueSource, source_id)


async def service_rows(session: AsyncSession) -> Mapping[str, ServiceRow]:
    """Return every service row by id."""
    return {row.id: row for row in await session.scalars(select(ServiceRow))}


async def owners(session: AsyncSession) -> Mapping[str, str]:
    """Return which source delivers each service."""
    rows = await session.execute(select(ServiceRow.id, ServiceRow.source_id))
    return {row.id: row.source_id for row in rows}


async def office_rows(session: AsyncSession) -> Mapping[str, OfficeRow]:
    """Return every office row by id."""
    return {row.id: row for row in await session.scalars(select(OfficeRow))}


def put_service(
    session: AsyncSession, row: ServiceRow | None, record: Service, source_id: str, **stamp: object
) -> None:
    """Add a service or replace the record of the one there."""
    if row is None:
        row = ServiceRow(id=record.id, source_id=source_id)
        session.add(row)
    _fill(row, record, **stamp)


def put_office(
    session: AsyncSession, row: OfficeRow | None, record: Office, **stamp: object
) -> None:
    """Add an office or replace the record of the one there."""
    if row is None:
        row = OfficeRow(id=record.id)
        session.add(row)
    _fill(row, record, **stamp)


def _fill(row: ServiceRow | OfficeRow, record: Service | Office, **stamp: object) -> None:
    row.record = record.model_dump(mode="json", by_alias=True)
    for name, value in stamp.items():
        setattr(row, name, value)


async def touch_source(session: AsyncSession, source_id: str, now: datetime) -> bool:
    """Note an import of a source; return whether it is the first one."""
    known = await source(session, source_id)
    if known is None:
        session.add(CatalogueSource(id=source_id, first_import_at=now, last_import_at=now))
        await session.flush()
        return True
    known.last_import_at = now
    return False
