"""Four eyes: nothing large goes out on one person's word."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.approvals.model import Approval
from services.audit.service import Audit
from services.clock import Clock
from services.errors import ServiceError
from services.outbox.service import Outbox
from services.staff.rules import Action, Actor
from services.staff.service import Staff

LIFETIME = timedelta(days=3)


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


class NobodyElseError(ServiceError):
    """No second person could decide."""

    text_key = "approvals.nobody-else"


class OwnProposalError(ServiceError):
    """The second person must be somebody else."""

    text_key = "approvals.own"


class DecidedError(ServiceError):
    """The proposal was decided already, or has expired."""

    text_key = "approvals.decided"


@dataclass(frozen=True)
class Approvals:
    """Use cases around decisions of a second person."""

    session: AsyncSession
    staff: Staff
    outbox: Outbox
    audit: Audit
    clock: Clock

    async def ask(self, actor: Actor, kind: str, subject_id: int, area: str) -> int:
        """Ask everybody else who may approve in this area; return how many were asked."""
        others = [
            colleague
            for colleague in await self.staff.team(Action.APPROVE, area)
            if colleague.staff_id != actor.staff_id
        ]
        if not others:
            raise NobodyElseError
        approval = Approval(
            kind=kind,
            subject_id=subject_id,
            area=area,
            requested_by=actor.staff_id,
            state=State.OPEN,
            created_at=self.clock(),
            expires_at=self.clock() + LIFETIME,
        )
        self.session.add(approval)
        await self.session.flush()
        for colleague in others:
            await self.outbox.tell(
                colleague.chat_id,
                "approvals.request",
                dedup_key=f"approval:{approval.id}:{colleague.staff_id}",
                approval=approval.id,
                kind=kind,
                subject=subject_id,
            )
        await self.audit.note(
            actor.staff_id, "approvals.ask", f"{kind}:{subject_id}", after={"asked": len(others)}
        )
        return len(others)

    async def decide(self, actor: Actor, approval_id: int, *, approve: bool) -> Approval:
        """Decide a proposal once; rights and the second pair of eyes are checked here."""
        approval = await self.session.get(Approval, approval_id)
        if approval is None:
            raise DecidedError
        self.staff.require(actor, Action.APPROVE, approval.area)
        if actor.staff_id == approval.requested_by:
            raise OwnProposalError
        state = State.APPROVED if approve else State.REJECTED
        won = await self.session.scalar(
            update(Approval)
            .where(
                Approval.id == approval_id,
                Approval.state == State.OPEN,
                Approval.expires_at > self.clock(),
            )
            .values(state=state, decided_by=actor.staff_id)
            .returning(Approval.id)
        )
        if won is None:
            raise DecidedError
        await self.session.refresh(approval)
        await self.audit.note(
            actor.staff_id,
            f"approvals.{state}",
            f"{approval.kind}:{approval.subject_id}",
        )
        return approval
