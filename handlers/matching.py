"""Keeps the understander in step with the catalogue."""

from nlu.matcher import Matcher
from nlu.understanding import Entry, Understander
from services.catalogue.records import Service
from services.catalogue.rules import Snapshot
from services.region.service import Region


class Understanders:
    """Builds the index when the catalogue has changed, and only then."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._revision: int | None = None
        self._current: Understander | None = None

    def of(self, snapshot: Snapshot) -> Understander:
        """Return the understander of this revision of the catalogue."""
        if self._current is None or self._revision != snapshot.revision:
            entries = [_entry(service) for service in snapshot.services.values()]
            self._current = Matcher(entries, ignored=_place_names(self.region))
            self._revision = snapshot.revision
        return self._current


def _entry(service: Service) -> Entry:
    names = (service.name.de, service.name.en, service.official)
    return Entry(service.id, names, service.synonyms)


def _place_names(region: Region) -> list[str]:
    """A place says where, not what."""
    return [name for place in region.municipalities for name in (place.name, *place.aliases)]
