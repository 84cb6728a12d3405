"""The one way in for sensors: messages are stored raw and durably, then worked off."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.events import Dialect, Form
from services.clock import Clock
from services.operators.service import Operators
from services.uplinks import store
from services.uplinks.model import Stage, UplinkSource
from services.uplinks.rules import (
    MAX_ATTEMPTS,
    Keeping,
    Source,
    digest_of,
    is_silent,
    wait_after,
)

NOTHING: Mapping[int, str] = MappingProxyType({})
LONGEST_PROBLEM = 120


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it came.

    Attributes:
        source: name of who sent it.
        event: the event named outside the body (query, topic); "" when it is not.
        form: how the body is written down.
        body: the bytes, never changed.
    """

    source: str
    event: str
    form: Form
    body: bytes

    @property
    def digest(self) -> bytes:
        """Return 16 bytes: the same for a byte-identical message."""
        return digest_of(self.event, self.form, self.body)


@dataclass(frozen=True, slots=True)
class Raw:
    """A stored message that waits to be worked off."""

    id: int
    source: str
    event: str
    form: Form
    digest: bytes
    received_at: datetime
    body: bytes
    attempts: int
    dialect: Dialect | None
    """What the source is known to speak; None: recognise it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message as it came, for playing it again."""

    id: int
    received_at: datetime
    event: str
    form: Form
    body: bytes


@dataclass(frozen=True)
class Standing:
    """How a source stands: nothing of what it sent."""

    source: Source
    is_configured: bool
    heard_at: datetime | None
    silent_since: datetime | None
    received: int
    """Messages since the beginning, repeats included."""
    counts: Mapping[Stage, int]
    oldest: datetime | None
    """Arrival of the oldest message that waits."""


@dataclass(frozen=True)
class Forgettable:
    """Ids of messages whose content, or whose row, is past its time."""

    content: Sequence[int]
    rows: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.content or self.rows)


def _source_and_digest(row: store.New) -> tuple[str, bytes]:
    return row[0], row[3]


@dataclass(frozen=True)
class Uplinks:
    """Use cases around raw messages of network servers."""

    session: AsyncSession
    operators: Operators
    sources: Mapping[str, Source]
    clock: Clock
    keeping: Keeping = field(default_factory=Keeping)

    async def put(self, incoming: Sequence[Incoming]) -> None:
        """Store messages as they came; a byte-identical one of the same source changes nothing."""
        rows = [(one.source, one.event, one.form.value, one.digest, one.body) for one in incoming]
        if rows:
            # In one order: two groups with the same messages must not wait for each other.
            rows.sort(key=_source_and_digest)
            await store.put(self.session, rows, self.clock())

    async def is_full(self, most: int) -> bool:
        """Whether so many messages wait that no more should be taken."""
        return await store.is_full(self.session, most)

    async def waiting(self, limit: int) -> Sequence[Raw]:
        """Return what is due, the oldest first."""
        return [
            Raw(number, source, event, Form(form), digest, received_at, body, attempts, known)
            for number, source, event, form, digest, received_at, body, attempts in (
                await store.waiting(self.session, self.clock(), limit)
            )
            for known in (self._dialect(source),)
        ]

    def _dialect(self, source: str) -> Dialect | None:
        known = self.sources.get(source)
        return known.dialect if known else None

    async def finish(self, done: Collection[int], odd: Mapping[int, str] = NOTHING) -> set[int]:
        """Close messages in the transaction of their effects; return those that were open.

        `odd` are authentic messages nothing could be made of, with a slug saying why: they are
        kept like the others and cost nobody anything.
        """
        closed = await store.finish(self.session, done)
        by_problem = defaultdict[str, list[int]](list)
        for number, problem in odd.items():
            by_problem[problem[:LONGEST_PROBLEM]].append(number)
        for problem, numbers in by_problem.items():
            closed |= await store.not_understood(self.session, numbers, problem)
        return closed

    async def failed(self, message_id: int, problem: str, *, tried: int) -> bool:
        """Try again a little later; after five attempts set aside, alarm, and return True.

        `tried` is `Raw.attempts`, those before this one: a failure is noted once.
        """
        given_up = tried + 1 >= MAX_ATTEMPTS
        source = await store.postpone(
            self.session,
            message_id,
            tried=tried,
            failed=given_up,
            not_before=self.clock() + wait_after(tried + 1),
            problem=problem[:LONGEST_PROBLEM],
        )
        if source is None or not given_up:
            return False
        await self.operators.alarm("uplinks.set-aside", about=source, source=self._label(source))
        return True

    async def retry(self, source: str | None = None, *, odd: bool = False) -> int:
        """Work off again what was set aside, perhaps also what was not understood; how many."""
        stages = (Stage.FAILED, Stage.NOT_UNDERSTOOD) if odd else (Stage.FAILED,)
        return await store.open_again(self.session, self.clock(), stages, source)

    async def standings(self) -> Sequence[Standing]:
        """Return how each source stands that is configured or was ever heard."""
        heard = await store.sources(self.session)
        counted: dict[str, dict[Stage, int]] = defaultdict(dict)
        oldest: dict[str, datetime] = {}
        for name, stage, count, since in await store.counts(self.session):
            counted[name][Stage(stage)] = count
            if stage == Stage.NEW:
                oldest[name] = since
        return [
            Standing(
                source=self.sources.get(name, Source(name)),
                is_configured=name in self.sources,
                heard_at=heard[name].heard_at if name in heard else None,
                silent_since=heard[name].silent_since if name in heard else None,
                received=heard[name].received if name in heard else 0,
                counts=counted[name],
                oldest=oldest.get(name),
            )
            for name in sorted({*self.sources, *heard, *counted})
        ]

    async def notice_silence(self) -> int:
        """Tell the operators, once each, which sources fell silent or speak again; how many."""
        now, told = self.clock(), 0
        watched = [one for one in self.sources.values() if one.silent_after is not None]
        heard = await store.sources(self.session)
        await store.watch(
            self.session, [one.name for one in watched if one.name not in heard], now
        )
        for one in watched:
            if (standing := heard.get(one.name)) is not None:
                told += await self._notice(one, standing, now)
        return told

    async def _notice(self, source: Source, standing: UplinkSource, now: datetime) -> bool:
        since = standing.silent_since
        last = standing.heard_at
        silent = last is not None and is_silent(source, last, now)
        if silent == (since is not None):
            return False
        if not await store.silent(self.session, source.name, last if silent else None, was=since):
            return False
        key = "uplinks.silent" if silent else "uplinks.heard-again"
        moment = (last if silent else since) or now
        label = self._label(source.name)
        await self.operators.alarm(key, about=source.name, source=label, since=moment.isoformat())
        return True

    async def recorded(
        self, source: str | None, since: datetime, after: int, many: int
    ) -> Sequence[Recorded]:
        """Return messages as they came, those after a number; of one source, or of all."""
        rows = await store.recorded(self.session, source, since, after, many)
        return [
            Recorded(number, at, event, Form(form), body) for number, at, event, form, body in rows
        ]

    async def old(self, most: int) -> Forgettable:
        """Return what is past its time, at most so many of each; takes no lock."""
        now = self.clock()
        return Forgettable(
            content=await store.old_content(self.session, now - self.keeping.content, most),
            rows=await store.old_rows(self.session, now - self.keeping.rows, most),
        )

    async def forget(self, old: Forgettable) -> None:
        """Empty and delete what `old` found."""
        if old.content:
            await store.empty(self.session, old.content)
        if old.rows:
            await store.remove(self.session, old.rows)

    def _label(self, name: str) -> str:
        known = self.sources.get(name)
        return known.label or name if known else name
