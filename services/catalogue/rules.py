"""Who is responsible, what is online, what went online: decisions on catalogue records alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from services.catalogue.records import Maturity, Office, OnlineLink, Service
from services.records import covers

ONLINE_LEVEL = 3
"""Maturity 1.1 from which a service counts as online (OZG); model 2.0 has no such number."""


class Evidence(StrEnum):
    """How we know that a service is online."""

    STAFF = "staff"
    MATURITY = "maturity"
    FEED_LINK = "feed-link"


@dataclass(frozen=True)
class Change:
    """A service went online or offline in an area, as a new version of its record shows."""

    service_id: str
    area: str
    online: bool
    evidence: Evidence
    url: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The whole catalogue at one revision, in memory; nothing in it ever changes."""

    revision: int
    services: Mapping[str, Service]
    offices: Mapping[str, Office]

    @cached_property
    def by_leika(self) -> Mapping[str, tuple[Service, ...]]:
        """Services by LeiKa key; a key may be carried by several services."""
        index: dict[str, list[Service]] = defaultdict(list)
        for service in self.services.values():
            for key in service.leika:
                index[key].append(service)
        return {key: tuple(found) for key, found in index.items()}

    @cached_property
    def by_task(self) -> Mapping[str, tuple[Office, ...]]:
        index: dict[str, list[Office]] = defaultdict(list)
        for office in self.offices.values():
            for task in office.tasks:
                index[task].append(office)
        return {task: tuple(offices) for task, offices in index.items()}

    @cached_property
    def by_situation(self) -> Mapping[str, tuple[Service, ...]]:
        index: dict[str, list[Service]] = defaultdict(list)
        for service in self.services.values():
            for situation in service.situations:
                index[situation].append(service)
        return {key: tuple(found) for key, found in index.items()}

    def responsibilities(self, service: Service) -> list[tuple[str, Office]]:
        """Return every (area, office) that answers for a service."""
        if service.task:
            return [(office.area, office) for office in self.by_task.get(service.task, ())]
        pairs = ((row.area, self.offices.get(row.office)) for row in service.responsibility)
        return [(area, office) for area, office in pairs if office]

    def responsible_office(self, service: Service, ars: str) -> Office | None:
        """Return the office for a place: the longest area around it wins (town beats county)."""
        rows = [row for row in self.responsibilities(service) if covers(row[0], ars)]
        return max(rows, key=lambda row: len(row[0]))[1] if rows else None

    def office_for(self, task: str, ars: str) -> Office | None:
        """Return the office that has a task in a place: the longest area around it wins."""
        offices = [one for one in self.by_task.get(task, ()) if covers(one.area, ars)]
        return max(offices, key=lambda one: len(one.area), default=None)

    def depends_on_place(self, service: Service, places: Iterable[str]) -> bool:
        """Whether people in different municipalities are sent to different offices."""
        offices = {
            office.id if office else None
            for office in (self.responsible_office(service, ars) for ars in places)
        }
        return len(offices) > 1


def nearest_link(service: Service, ars: str) -> OnlineLink | None:
    """Return the link for a place: the longest area around it; broken ones are not shown."""
    rows = [row for row in service.online if covers(row.area, ars) and row.status != "broken"]
    return max(rows, key=lambda row: len(row.area), default=None)


def nearest_maturity(service: Service, ars: str) -> Maturity | None:
    """Return the maturity for a place: the longest area around it, the newest date."""
    rows = [row for row in service.maturity if covers(row.area, ars)]
    return max(rows, key=lambda row: (len(row.area), row.as_of), default=None)


def changes(before: Service, after: Service) -> list[Change]:
    """Return what went online or offline between two versions of a record.

    By maturity only in model 1.1 and only between known levels (below 3 <-> 3 or more); by a link
    that was not there and works. Model 2.0 never counts by its number; unknown is no level.
    """
    by_area: dict[str, Change] = {}
    for change in [*_by_link(before, after), *_by_maturity(before, after)]:
        by_area.setdefault(change.area, change)
    return list(by_area.values())


def online_areas(service: Service) -> list[Change]:
    """Return where a record says that a service is online, by link or by level (model 1.1)."""
    links = _working(service)
    by_link = [
        Change(service.id, area, True, Evidence.FEED_LINK, url) for area, url in links.items()
    ]
    by_level = [
        Change(service.id, area, True, Evidence.MATURITY)
        for area, level in _levels(service).items()
        if level >= ONLINE_LEVEL and area not in links
    ]
    return by_link + by_level


def _levels(service: Service) -> dict[str, int]:
    rows = [row for row in service.maturity if row.model == "1.1"]
    newest = {row.area: row.level for row in sorted(rows, key=lambda row: row.as_of)}
    return {area: level for area, level in newest.items() if level is not None}


def _by_maturity(before: Service, after: Service) -> Iterable[Change]:
    old, new = _levels(before), _levels(after)
    for area in sorted(old.keys() & new.keys()):
        was, is_now = old[area] >= ONLINE_LEVEL, new[area] >= ONLINE_LEVEL
        if was != is_now:
            yield Change(after.id, area, is_now, Evidence.MATURITY, _working(after).get(area))


def _working(service: Service) -> dict[str, str]:
    return {row.area: row.url for row in service.online if row.status == "ok"}


def _by_link(before: Service, after: Service) -> Iterable[Change]:
    old, new = _working(before), _working(after)
    for area in sorted(new.keys() - old.keys()):
        yield Change(after.id, area, True, Evidence.FEED_LINK, new[area])
    for area in sorted(old.keys() - new.keys()):
        yield Change(after.id, area, False, Evidence.FEED_LINK)
