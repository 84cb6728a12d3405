"""Keeps the understander in step with the catalogue, and remembers what was understood."""

from collections import OrderedDict
from hashlib import blake2b
from secrets import token_bytes

from nlu.matcher import Matcher
from nlu.understanding import Entry, Understander, Understanding
from services.catalogue.records import Service
from services.catalogue.rules import Snapshot
from services.region.service import Region

REMEMBERED = 2_000
"""Questions whose understanding is kept; who asks like many others before is answered sooner."""


class Remembering:
    """Understands a question once, however often and by whomever it is asked.

    Upper case and spaces make no difference, nor does the language of the reader. Questions are
    kept as digests under a key of this process: what somebody wrote stands nowhere in memory.
    """

    def __init__(self, understander: Understander, most: int = REMEMBERED) -> None:
        self.understander = understander
        self.most = most
        self._key = token_bytes(16)
        self._known: OrderedDict[bytes, Understanding] = OrderedDict()

    def understand(self, question: str) -> Understanding:
        """Return what a question asks for; see `nlu.understanding.Understander`."""
        plain = " ".join(question.lower().split())
        content = plain.encode(errors="surrogatepass")
        digest = blake2b(content, digest_size=16, key=self._key).digest()
        found = self._known.get(digest)
        if found is None:
            found = self._known[digest] = self.understander.understand(plain)
            if len(self._known) > self.most:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(digest)
        return found


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
            matcher = Matcher(entries, ignored=_place_names(self.region))
            self._current = Remembering(matcher)
            self._revision = snapshot.revision
        return self._current

    async def understand(self, snapshot: Snapshot, question: str) -> Understanding:
        """Return what a question asks for."""
        return self.of(snapshot).understand(question)


def _entry(service: Service) -> Entry:
    names = (service.name.de, service.name.en, service.official)
    return Entry(service.id, names, service.synonyms)


def _place_names(region: Region) -> list[str]:
    """A place says where, not what."""
    return [name for place in region.municipalities for name in (place.name, *place.aliases)]
