"""What did not simply arrive: doubts are settled by rule or by people, the rest is tried anew.

Operators see how much waits and what failed, never what it says or to whom it goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.audit.service import Audit
from services.chats.model import Kind as ChatKind
from services.clock import Clock
from services.operators.service import Operators
from services.outbox import reading, store
from services.outbox.model import Lane, Status
from services.outbox.reading import Found
from services.outbox.rules import Verdict, judge, kind_of
from services.outbox.service import ERROR_LENGTH, Outbox
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

PAGE = 5
AGAIN = {Verdict.RESEND, Verdict.RESEND_MARKED}
DEAD = (Status.FAILED, Status.UNKNOWN)


@dataclass(frozen=True)
class LaneFigures:
    """How one lane stands: what waits and since when, what left today, what did not."""

    lane: Lane
    waiting: int
    oldest: datetime | None
    later: int
    sent: int
    unknown: int
    doubtful: int
    failed: int


@dataclass(frozen=True)
class Life:
    """What happened to one message; not what it says."""

    id: int
    lane: Lane
    status: Status
    created_at: datetime
    due_at: datetime
    next_at: datetime
    attempts: int
    sent_at: datetime | None
    unknown_at: datetime | None
    telegram_message_id: int | None
    error: str | None
    in_channel: bool


@dataclass(frozen=True)
class Overview:
    """How the delivery stands, and one page of what failed or is unknown."""

    lanes: Sequence[LaneFigures]
    letters: Sequence[Life]
    page: int
    pages: int


class Answer(Enum):
    """What came of an editor's word about a post."""

    AGAIN = auto()
    ARRIVED = auto()
    SETTLED_BEFORE = auto()


@dataclass(frozen=True)
class Deliveries:
    """Use cases around messages that did not simply arrive."""

    session: AsyncSession
    outbox: Outbox
    staff: Staff
    operators: Operators
    audit: Audit
    region: Region
    clock: Clock

    async def doubt(self, message_ids: Sequence[int], why: str) -> int:
        """Nobody knows whether these arrived: do what fits their kind; return how many it were."""
        doubtful = 0
        for message_id in message_ids:
            row = await reading.one(self.session, message_id)
            if row is None:
                continue
            kind = kind_of(lane=Lane(row.lane), chat_kind=row.kind)
            verdict = judge(kind, first=row.unknown_at is None)
            if await store.set_result(
                self.session,
                message_id,
                among=(Status.SENDING,),
                status=Status.QUEUED if verdict in AGAIN else Status.UNKNOWN,
                unknown_at=row.unknown_at or self.clock(),
                error=why[:ERROR_LENGTH],
            ):
                doubtful += 1
                await self._involve_people(verdict, row)
        return doubtful

    async def _involve_people(self, verdict: Verdict, row: Found) -> None:
        if verdict is Verdict.REPORT:
            await self.operators.alarm("outbox.unknown-broadcasts")
        if verdict is Verdict.ASK_EDITORS:
            for editor in await self.staff.team(Action.PUBLISH, self.region.facts.ars):
                await self.outbox.tell(
                    editor.chat_id,
                    "outbox.ask-post",
                    dedup_key=f"ask-post:{row.id}:{row.attempts}:{editor.chat_id}",
                    message=row.id,
                )

    async def settle_post(self, actor: Actor, message_id: int, *, again: bool) -> Answer:
        """An editor has looked into the channel: post it once more, or it is there."""
        self.staff.require(actor, Action.PUBLISH, self.region.facts.ars)
        row = await reading.one(self.session, message_id)
        if row is None or row.kind != ChatKind.CHANNEL or row.status != Status.UNKNOWN:
            return Answer.SETTLED_BEFORE
        values = self._afresh() if again else {"status": Status.SENT, "payload": None}
        if not await store.set_result(self.session, message_id, among=(Status.UNKNOWN,), **values):
            return Answer.SETTLED_BEFORE
        await self.audit.note(
            actor.staff_id, "delivery.settle-post", str(message_id), after={"again": again}
        )
        return Answer.AGAIN if again else Answer.ARRIVED

    async def unknown_broadcasts(self) -> int:
        """Return how many messages of broadcasts are unknown now."""
        return await reading.unknown_count(self.session, Lane.BROADCAST)

    async def overview(self, actor: Actor, page: int = 0) -> Overview:
        """Return the figures of each lane and a page of what failed or is unknown."""
        self._require(actor)
        count = await reading.dead_count(self.session)
        pages = max(1, -(-count // PAGE))
        page = min(max(page, 0), pages - 1)
        now = self.clock()
        midnight = now.astimezone(self.region.zone).replace(hour=0, minute=0, second=0)
        rows = await reading.figures(self.session, now=now, since=midnight)
        found = {row.lane: _figures(row) for row in rows}
        lanes = [found.get(lane) or LaneFigures(lane, 0, None, 0, 0, 0, 0, 0) for lane in Lane]
        letters = await reading.dead(self.session, limit=PAGE, offset=page * PAGE)
        return Overview(lanes, [_life(row) for row in letters], page, pages)

    async def life(self, actor: Actor, message_id: int) -> Life | None:
        """Return what happened to one message; None where there is none of this number."""
        self._require(actor)
        row = await reading.one(self.session, message_id)
        return None if row is None else _life(row)

    async def resend(self, actor: Actor, message_ids: Sequence[int]) -> int:
        """Give what failed or is unknown a fresh try; return how many were still to be had."""
        return await self._change(actor, "resend", message_ids, self._afresh())

    async def discard(self, actor: Actor, message_ids: Sequence[int]) -> int:
        """Give up what failed or is unknown, and forget its words; return how many."""
        values = {"status": Status.CANCELLED, "payload": None}
        return await self._change(actor, "discard", message_ids, values)

    async def _change(
        self, actor: Actor, act: str, message_ids: Sequence[int], values: dict[str, Any]
    ) -> int:
        self._require(actor)
        changed = [
            message_id
            for message_id in message_ids
            if await store.set_result(self.session, message_id, among=DEAD, **values)
        ]
        if changed:
            subject = ", ".join(map(str, changed))
            await self.audit.note(actor.staff_id, f"delivery.{act}", subject)
        return len(changed)

    def _afresh(self) -> dict[str, Any]:
        return {
            "status": Status.QUEUED,
            "attempts": 0,
            "not_before": self.clock(),
            "first_due_at": None,
            "error": None,
        }

    def _require(self, actor: Actor) -> None:
        self.staff.require(actor, Action.OPERATE, self.region.facts.ars)


def _figures(row: Found) -> LaneFigures:
    return LaneFigures(
        lane=Lane(row.lane),
        waiting=row.waiting,
        oldest=row.oldest,
        later=row.later,
        sent=row.sent,
        unknown=row.unknown,
        doubtful=row.doubtful,
        failed=row.failed,
    )


def _life(row: Found) -> Life:
    return Life(
        id=row.id,
        lane=Lane(row.lane),
        status=Status(row.status),
        created_at=row.created_at,
        due_at=row.first_due_at or row.not_before,
        next_at=row.not_before,
        attempts=row.attempts,
        sent_at=row.sent_at,
        unknown_at=row.unknown_at,
        telegram_message_id=row.telegram_message_id,
        error=row.error,
        in_channel=row.kind == ChatKind.CHANNEL,
    )
