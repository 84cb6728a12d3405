"""Bring a vendor's codec: sent, checked by its examples, released by a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.sandbox import Script
from services.audit.service import Audit
from services.clock import Clock
from services.codecs import store
from services.codecs.checking import Checked
from services.codecs.model import Codec, State
from services.codecs.records import Listed
from services.errors import ServiceError
from services.outbox.service import Outbox
from services.staff.rules import Action, Actor
from services.staff.service import Staff

KEPT = timedelta(days=7)
"""How long what is wrong with an upload can be read."""
MOST_LISTED = 10


class UnknownCodecError(ServiceError):
    """There is no such codec, or it is not where this can be done (any more)."""

    text_key = "codecs.unknown"


class OwnCodecError(ServiceError):
    """The second person must be somebody else."""

    text_key = "codecs.own"


class NotFineError(ServiceError):
    """A codec whose examples are wrong is not taken in."""

    text_key = "codecs.not-fine"


class KnownCodecError(ServiceError):
    """Exactly this text is a codec already."""

    text_key = "codecs.problem-known"


@dataclass(frozen=True)
class Codecs:
    """Use cases around vendors' scripts."""

    session: AsyncSession
    staff: Staff
    outbox: Outbox
    audit: Audit
    clock: Clock

    def require(self, actor: Actor) -> None:
        """Raise `NotAllowedError` unless somebody looks after the county's sensors."""
        self.staff.require(actor, Action.RUN_SENSORS, self.staff.region.facts.ars)

    async def released(self) -> Mapping[int, Script]:
        """Return what devices may use, by number; what is not its digest's text is left out."""
        pinned = [(one, Script.of(one.source)) for one in await store.released(self.session)]
        return {one.id: script for one, script in pinned if script.sha256 == one.sha256}

    async def listed(self, actor: Actor) -> Sequence[Listed]:
        """Return the newest codecs."""
        self.require(actor)
        return await self.all_listed()

    async def all_listed(self) -> Sequence[Listed]:
        """Return the newest codecs, for the operator at the terminal."""
        return [_listed(one) for one in await store.newest(self.session, MOST_LISTED)]

    async def find(self, actor: Actor, codec_id: int) -> Codec:
        """Return a codec with its text; raise `UnknownCodecError`."""
        self.require(actor)
        codec = await self.by_number(codec_id)
        if codec is None:
            raise UnknownCodecError
        return codec

    async def by_number(self, codec_id: int) -> Codec | None:
        """Return a codec for those who are told of it."""
        return await self.session.get(Codec, codec_id)

    async def take_in(self, checked: Checked, by: int | None) -> int:
        """Store a checked codec and ask those who may release it; return its number.

        Raises `NotFineError` when an example is wrong, `KnownCodecError` when the same text waits
        or runs already. One that was refused or retired is checked anew.
        """
        if checked.problems or checked.style is None or checked.right != len(checked.examples):
            raise NotFineError
        codec = await store.by_digest(self.session, checked.script.sha256)
        if codec is not None and codec.state in {State.CHECKED, State.RELEASED}:
            raise KnownCodecError(number=codec.id)
        if codec is None:
            codec = Codec(sha256=checked.script.sha256, source=checked.script.source)
            self.session.add(codec)
        codec.name, codec.style, codec.state = checked.name, checked.style, State.CHECKED
        codec.examples = [one.as_json() for one in checked.examples]
        codec.uploaded_by, codec.uploaded_at = by, self.clock()
        codec.decided_by, codec.decided_at = None, None
        codec.failures, codec.last_problem = 0, ""
        await self.session.flush()
        await self.audit.note(by, "codecs.check", _subject(codec), after={"sha": codec.sha256})
        await self._ask_others(codec)
        return codec.id

    async def release(self, actor: Actor, codec_id: int) -> None:
        """Let devices use it; never by who uploaded it. Raises `UnknownCodecError` when late."""
        codec = await self.find(actor, codec_id)
        if codec.uploaded_by is not None and codec.uploaded_by == actor.staff_id:
            raise OwnCodecError
        if Script.of(codec.source).sha256 != codec.sha256:
            raise UnknownCodecError
        await self._move(actor, codec, {State.CHECKED}, State.RELEASED)

    async def refuse(self, actor: Actor, codec_id: int) -> None:
        """Do not want it; also who uploaded it may say so."""
        codec = await self.find(actor, codec_id)
        await self._move(actor, codec, {State.CHECKED}, State.REFUSED)

    async def retire(self, actor: Actor, codec_id: int) -> None:
        """End its use at once; anybody may do that alone."""
        codec = await self.find(actor, codec_id)
        await self._move(actor, codec, {State.RELEASED}, State.RETIRED)

    async def count_failures(self, codec_id: int, count: int, problem: str) -> None:
        """Note that a released codec failed at frames; `problem` as in `lorawan.sandbox`."""
        await store.count_failures(self.session, codec_id, count, problem)

    async def _move(self, actor: Actor, codec: Codec, before: set[State], after: State) -> None:
        was = codec.state
        now = self.clock()
        moved = await store.move(
            self.session, codec.id, before=before, after=after, by=actor.staff_id, at=now
        )
        if not moved:
            raise UnknownCodecError
        await self.audit.note(
            actor.staff_id,
            "codecs.decide",
            _subject(codec),
            before={"state": was},
            after={"state": after, "sha": codec.sha256},
        )

    async def _ask_others(self, codec: Codec) -> None:
        area = self.staff.region.facts.ars
        for colleague in await self.staff.team(Action.RUN_SENSORS, area):
            if colleague.staff_id == codec.uploaded_by:
                continue
            await self.outbox.tell(
                colleague.chat_id,
                "codecs.please-release",
                dedup_key=f"codec:{codec.id}:{codec.uploaded_at.isoformat()}:{colleague.staff_id}",
                codec=codec.id,
            )


def _subject(codec: Codec) -> str:
    return f"codec:{codec.id}:{codec.name}"


def _listed(codec: Codec) -> Listed:
    return Listed(
        id=codec.id,
        name=codec.name,
        style=codec.style,
        sha256=codec.sha256,
        state=codec.state,
        examples=len(codec.examples),
        uploaded_by=codec.uploaded_by,
        uploaded_at=codec.uploaded_at,
        decided_at=codec.decided_at,
        failures=codec.failures,
        last_problem=codec.last_problem,
    )
