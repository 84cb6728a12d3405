"""Keeps an index in step with the catalogue: built in a thread of its own, never waited for.

While a new index is built the old one answers. At the start words answer first, then each encoder
as soon as its vectors are there.
"""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import structlog

from nlu.encoders import installed_encoder, works
from nlu.index import Build, Index, Load, build, texts_of
from nlu.training import read_training
from nlu.understanding import Entry, Understander
from nlu.vectors import VectorStore

log = structlog.get_logger()
FEW = 64
"""Texts that are encoded in about a second: an index without them is not worth building."""
Entries = Callable[[], Sequence[Entry]]
Version = tuple[int, int]
"""The revisions of the catalogue and of what staff taught."""


class Overtaken(Exception):  # noqa: N818 - nothing went wrong
    """Another version is wanted meanwhile, or none any more."""


@dataclass(frozen=True)
class Wanted:
    """A version, and how to get its entries."""

    version: Version
    entries: Entries


class Indexing:
    """Builds the index that is wanted; `current` is the newest that stands."""

    def __init__(
        self,
        folder: Path,
        encoders: Sequence[str],
        make: Build = build,
        load: Load = installed_encoder,
    ) -> None:
        self.folder = folder
        self.make = make
        self.load = load
        self.current: Index | None = None
        self.first: Future[None] = Future()
        """Done as soon as there is any index."""
        self.standing: Version | None = None
        """The version that stands with every encoder there is."""
        self.latest: Future[None] | None = None
        """Done when the newest version stands, or failed."""
        self._encoders = list(encoders)
        self._stores: list[VectorStore] = []
        self._wanted: Wanted | None = None
        self._closed = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="indexing")

    @property
    def wanted(self) -> Version | None:
        """The version that is wanted."""
        return self._wanted.version if self._wanted else None

    def want(self, version: Version, entries: Entries) -> None:
        """Build this version in the background."""
        self._wanted = wanted = Wanted(version, entries)
        self.latest = self._thread.submit(self._catch_up, wanted)

    def close(self) -> None:
        """Stop building; what was encoded so far is kept."""
        self._closed.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _catch_up(self, wanted: Wanted) -> None:
        """Build an index unless another one is wanted by now; a failure leaves the old one."""
        try:
            self._build(wanted)
        except Overtaken:
            return
        except Exception as error:  # noqa: BLE001 - the old index goes on
            log.error("index not built", error=type(error).__name__)
            if not self.first.done():
                self.first.set_exception(error)

    def _build(self, wanted: Wanted) -> None:
        self._check(wanted)
        entries = wanted.entries()
        words = Index(self._made(entries, []), tuple(entries))
        if self.current is None:
            self._stand(words)
        texts, generic = texts_of(entries), read_training().generic
        ready: list[VectorStore] = []
        for store in self._opened():
            if self._is_progress(ready) and store.missing(texts, generic) > FEW:
                self._stand(words.with_meaning(self._made(entries, ready), ready))
            store.fill(texts, generic, lambda _done, _all: self._check(wanted))
            ready.append(store)
        self._check(wanted)
        self._stand(words.with_meaning(self._made(entries, ready), ready) if ready else words)
        self.standing = wanted.version

    def _made(self, entries: Sequence[Entry], stores: Sequence[VectorStore]) -> Understander:
        """Build without looking for garbage: so many new things would set that off at once.

        The event loop would stop for a quarter of a second.
        """
        gc.disable()
        try:
            return self.make(entries, stores)
        finally:
            gc.enable()

    def _opened(self) -> Iterator[VectorStore]:
        """Yield the vectors of each encoder, loading it when it is needed for the first time."""
        yield from tuple(self._stores)
        while self._encoders:
            name = self._encoders.pop(0)
            store = self._open(name)
            if store is None:
                log.warning("encoder not used", encoder=name)
                continue
            self._stores.append(store)
            yield store

    def _open(self, name: str) -> VectorStore | None:
        try:
            encoder = self.load(name)
            works_here = encoder is not None and works(encoder)
            return VectorStore(self.folder, encoder) if encoder and works_here else None
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, others may work
            log.error("encoder not loaded", encoder=name, error=type(error).__name__)
            return None

    def _is_progress(self, ready: Sequence[VectorStore]) -> bool:
        """Whether these are more encoders than answer now; else the old index is better."""
        return self.current is not None and len(ready) > len(self.current.encoders)

    def _stand(self, index: Index) -> None:
        self.current = index
        if not self.first.done():
            self.first.set_result(None)

    def _check(self, wanted: Wanted) -> None:
        if wanted is not self._wanted or self._closed.is_set():
            raise Overtaken
