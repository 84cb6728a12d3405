"""Look up public services, and take in new versions of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from services.catalogue import store
from services.catalogue.checking import check_references, refuse_foreign
from services.catalogue.reading import Reading, Refused, digest, read_catalogue
from services.catalogue.records import Service
from services.catalogue.rules import Change, Snapshot, changes
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.yaml_source import Problem

SEEN = "catalogue snapshot"


class UnknownServiceError(ServiceError):
    """Nothing in the catalogue has this id or LeiKa key."""

    text_key = "catalogue.unknown-service"


@dataclass
class ImportReport:
    """What an import did, record by record; nothing is left out silently."""

    source: str
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    refused: Sequence[Refused] = ()
    problems: Sequence[Problem] = ()
    changes: list[Change] = field(default_factory=list)
    baseline: bool = False


class SnapshotCache:
    """The catalogue in memory, read again when its revision in the database has moved."""

    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None

    async def current(self, session: AsyncSession) -> Snapshot:
        """Return the catalogue; the revision is asked for once in a unit of work."""
        seen: Snapshot | None = session.info.get(SEEN)
        if seen is None:
            revision = await store.revision(session)
            if self._snapshot is None or self._snapshot.revision != revision:
                self._snapshot = await store.snapshot(session)
            session.info[SEEN] = seen = self._snapshot
        return seen


@dataclass(frozen=True)
class Catalogue:
    """Use cases around the catalogue of public services."""

    session: AsyncSession
    cache: SnapshotCache
    region: Region
    clock: Clock

    async def snapshot(self) -> Snapshot:
        return await self.cache.current(self.session)

    async def get(self, service_id: str) -> Service:
        """Return the service or raise `UnknownServiceError`."""
        found = (await self.snapshot()).services.get(service_id)
        if found is None:
            raise UnknownServiceError(key=service_id)
        return found

    async def find(self, key: str) -> tuple[Service, ...]:
        """Return the services with this id, LeiKa key, or exact name; none when nothing fits."""
        snapshot = await self.snapshot()
        if key in snapshot.services:
            return (snapshot.services[key],)
        if key in snapshot.by_leika:
            return snapshot.by_leika[key]
        wanted = key.casefold().strip()
        return tuple(
            service
            for service in snapshot.services.values()
            if wanted
            in {
                service.name.de.casefold(),
                service.name.en.casefold(),
                service.official.casefold(),
            }
        )

    async def stored(self, service_ids: Sequence[str]) -> list[Service]:
        """Read services as this transaction sees them, past the cache (it may yet roll back)."""
        if not service_ids:
            return []
        services = (await store.snapshot(self.session)).services
        return [services[service_id] for service_id in service_ids if service_id in services]

    async def take_in(self, path: Path) -> ImportReport:
        """Import a file or region folder in the current transaction; reading it blocks.

        The promises are those of `take_in_reading`.
        """
        whole = path.is_dir()  # noqa: ASYNC240 - for the command line, where nobody else waits
        return await self.take_in_reading(read_catalogue(path), whole=whole)

    async def take_in_reading(self, reading: Reading, *, whole: bool) -> ImportReport:
        """Import what was read, `whole` when it is all that its source delivers.

        Two phases: everything is checked first, then written. The same content again changes
        nothing. Records that a source no longer delivers are reported and kept.
        """
        known = (await store.snapshot(self.session)).offices.values()
        check_references(reading, self.region, known)
        refuse_foreign(reading, await store.owners(self.session))
        report = ImportReport(
            source=reading.source, refused=reading.refused, problems=reading.problems
        )
        if reading.problems:
            return report
        await self._write_offices(reading, report)
        if reading.source:
            await self._write_services(reading, report, whole=whole)
        if report.new or report.changed:
            await store.next_revision(self.session)
            self.session.info.pop(SEEN, None)
        return report

    async def _write_offices(self, reading: Reading, report: ImportReport) -> None:
        rows = await store.office_rows(self.session)
        for found in reading.offices:
            record, fingerprint = found.record, digest(found.record)
            row = rows.get(record.id)
            if self._note(report, record.id, row.digest if row else None, fingerprint):
                store.put_office(
                    self.session, row, record, digest=fingerprint, changed_at=self.clock()
                )

    async def _write_services(
        self, reading: Reading, report: ImportReport, *, whole: bool
    ) -> None:
        report.baseline = await store.touch_source(self.session, reading.source, self.clock())
        rows = await store.service_rows(self.session)
        for found in reading.services:
            record, fingerprint = found.record, digest(found.record)
            row = rows.get(record.id)
            if not self._note(report, record.id, row.digest if row else None, fingerprint):
                continue
            if row is not None:
                report.changes += changes(Service.model_validate(row.record), record)
            store.put_service(
                self.session,
                row,
                record,
                reading.source,
                digest=fingerprint,
                changed_at=self.clock(),
            )
        if not whole:
            return
        delivered = {found.record.id for found in reading.services}
        delivered |= {refused.id for refused in reading.refused}
        report.missing += [
            row.id
            for row in rows.values()
            if row.source_id == reading.source and row.id not in delivered
        ]

    @staticmethod
    def _note(report: ImportReport, record_id: str, before: str | None, after: str) -> bool:
        """Sort a record into the report; return whether it must be written."""
        if before is None:
            report.new.append(record_id)
        elif before == after:
            report.unchanged.append(record_id)
        else:
            report.changed.append(record_id)
        return before != after
