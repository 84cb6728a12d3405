"""Understands questions beside everything else: no handler waits long, the event loop never.

One thread understands, another keeps the index in step with the catalogue (`indexing`). When too
many questions wait, or one waits too long, words alone decide and the person chooses.
"""

import asyncio
import ctypes
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import structlog

from handlers.entries import entries_of
from handlers.indexing import Indexing
from handlers.remembered import FOREVER, Remembered, plain
from nlu.dialogue import parts_of
from nlu.encoders import installed_encoder
from nlu.index import Build, Index, Load, build
from nlu.training import read_training
from nlu.understanding import Decision, Entry, Kind, Understanding
from services.catalogue.rules import Snapshot
from services.learning.records import NOTHING_TAUGHT, Taught
from services.region.service import Region

log = structlog.get_logger()
SEARCH = frozenset({"/suche", "/search"})
FOR_NOW = 10.0
"""Seconds for which what words alone said is remembered: then somebody asks again."""


@dataclass(frozen=True)
class Options:
    """How questions are understood.

    Attributes:
        encoders: their names, best known first to load; none: words alone.
        vectors: the folder for what they encoded.
        most_waiting: questions that may wait for the thread.
        seconds: how long one may wait.
        others: what can be asked for beside the services.
        make: what builds understanders.
        load: what loads an encoder by its name.
    """

    encoders: tuple[str, ...] = ()
    vectors: Path = Path()
    most_waiting: int = 64
    seconds: float = 2.0
    others: Sequence[Entry] = ()
    make: Build = build
    load: Load = installed_encoder


WORDS_ALONE = Options()


class Watch(Protocol):
    """What counts how questions are understood, never which."""

    def decided(self, decision: str) -> None: ...

    def fell_back(self, reason: str) -> None: ...

    def understood(self, seconds: float) -> None: ...

    def waiting(self, count: int) -> None: ...


class Another(Protocol):
    """Somebody else who understands, beside the index."""

    async def understand(self, question: str, entries: Sequence[Entry]) -> Understanding | None:
        """Return what a question about these entries asks for; None: the index decides."""
        ...


@dataclass
class _Standing:
    """An index and what was understood with it."""

    index: Index
    remembered: Remembered = field(default_factory=Remembered)


class Understanders:
    """Understands questions with the newest index there is."""

    def __init__(
        self,
        region: Region,
        options: Options = WORDS_ALONE,
        *,
        watch: Watch | None = None,
        first: Another | None = None,
    ) -> None:
        """`first` is asked before the index."""
        self.region = region
        self.options = options
        self.watch = watch
        self.first = first
        self.taught = NOTHING_TAUGHT
        self.indexing = Indexing(options.vectors, options.encoders, options.make, options.load)
        self.waiting = 0
        self._standing: _Standing | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="understanding")

    async def understand(self, snapshot: Snapshot, question: str) -> Understanding:
        """Return what a question asks for; once it was asked, it is remembered."""
        found = await self._understand(snapshot, question)
        if self.watch:
            self.watch.decided(found.decision)
        return _as_of(found, snapshot)

    async def prepare(self, snapshot: Snapshot, questions: Iterable[str]) -> None:
        """Understand questions beforehand, so that they are remembered when they are asked."""
        different = {plain(one): one for one in questions}
        await asyncio.gather(*(self._understand(snapshot, one) for one in different.values()))

    def takes_time(self, question: str) -> bool:
        """Whether a question has to wait for the thread: somebody should `prepare` it."""
        if self.region.gazetteer.is_only_a_place(question):
            return False
        standing = self._newest()
        if standing is None:
            return True
        slow = standing.index.best is not None or self.first is not None
        return slow and standing.remembered.get(question) is None

    def follow(self, snapshot: Snapshot, taught: Taught | None = None) -> None:
        """Bring the index up to a catalogue and to what staff taught, in the background."""
        self._newest()
        self.taught = taught or self.taught
        version = (snapshot.revision, self.taught.revision)
        if version != self.indexing.wanted:
            services, known = snapshot.services.values(), self.taught
            self.indexing.want(
                version,
                lambda: entries_of(services, read_training(), self.options.others, known),
            )

    async def ready(self, snapshot: Snapshot, seconds: float) -> bool:
        """Wait until the index of a catalogue stands with every encoder, but not longer."""
        self.follow(snapshot)
        if self.indexing.latest is not None:
            await asyncio.wait({asyncio.wrap_future(self.indexing.latest)}, timeout=seconds)
        return self.is_ready

    @property
    def is_ready(self) -> bool:
        """Whether the newest version stands with every encoder there is."""
        return self.indexing.wanted is not None and (
            self.indexing.standing == self.indexing.wanted
        )

    def state(self) -> dict[str, object]:
        """Return what an operator may see."""
        index = self.indexing.current
        encoders = list(index.encoders) if index else []
        complete = len(encoders) == len(self.options.encoders)
        return {
            "encoders": encoders,
            "state": ("ready" if complete else "partly") if encoders else "words",
            "entries": len(index.entries) if index else 0,
            "waiting": self.waiting,
        }

    def close(self) -> None:
        """Stop both threads; nothing is understood any more."""
        self.indexing.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _understand(self, snapshot: Snapshot, question: str) -> Understanding:
        self.follow(snapshot)
        standing = self._newest()
        if standing is None:  # the very first index: there is nothing else to answer by
            await asyncio.wrap_future(self.indexing.first)
            standing = self._newest()
        if standing is None:
            raise LookupError("there is no index")
        found = standing.remembered.get(question)
        if found is None:
            began = time.monotonic()
            found, lasts = await self._ask(standing, self._without_places(question))
            standing.remembered.put(question, found, FOREVER if lasts else FOR_NOW)
            if self.watch:
                self.watch.understood(time.monotonic() - began)
        return found

    def _newest(self) -> _Standing | None:
        index = self.indexing.current
        if index is not None and (self._standing is None or self._standing.index is not index):
            self._standing = _Standing(index)
            self._thread.submit(give_back_memory)  # that of the index before
        return self._standing

    async def _ask(self, standing: _Standing, question: str) -> tuple[Understanding, bool]:
        """Let the thread understand, words alone where that fails; and whether that can stay."""
        if self.first is not None:
            found = await self.first.understand(question, standing.index.entries)
            if found is not None:
                return found, True
        if self.waiting >= self.options.most_waiting:
            return self._by_words(standing, question, "full")
        self._wait(1)
        job = asyncio.wrap_future(self._thread.submit(standing.index.understand, question))
        try:
            done, _ = await asyncio.wait({job}, timeout=self.options.seconds)
        finally:
            self._wait(-1)
        if not done:
            job.cancel()
            return self._by_words(standing, question, "slow")
        error = job.exception()
        if error is not None:
            log.error("question not understood", error=type(error).__name__)
            return self._by_words(standing, question, "failed")
        return job.result(), True

    def _by_words(
        self, standing: _Standing, question: str, reason: str
    ) -> tuple[Understanding, bool]:
        if self.watch:
            self.watch.fell_back(reason)
        return standing.index.by_words(question), False

    def _wait(self, change: int) -> None:
        self.waiting += change
        if self.watch:
            self.watch.waiting(self.waiting)

    def _without_places(self, question: str) -> str:
        """A place says where, not what."""
        return self.region.gazetteer.without_places(question) or question


def give_back_memory() -> None:
    """Return to the system what is free: the C library would keep it, fifty megabytes and more."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):  # glibc alone has it
        library.malloc_trim(0)


def questions_of(text: str, *, private: bool) -> tuple[str, ...]:
    """Return what a message asks in free text, and its parts: handlers want each understood."""
    if not text.startswith("/"):
        return (text, *parts_of(text)) if private else ()
    command, *words = text.split(maxsplit=1)
    if not words or command.partition("@")[0] not in SEARCH:
        return ()
    return (*words, *parts_of(words[0]))


def _as_of(found: Understanding, snapshot: Snapshot) -> Understanding:
    """Leave out services that are gone since the index was built."""
    left = [
        one
        for one in found.candidates
        if one.kind is not Kind.SERVICE or one.id in snapshot.services
    ]
    if len(left) == len(found.candidates):
        return found
    offered = found.decision in {Decision.ANSWER, Decision.CHOOSE, Decision.CLARIFY}
    decision = (Decision.CHOOSE if left else Decision.REFUSE) if offered else found.decision
    return replace(found, decision=decision, candidates=left)
