"""Give and take roles; one-time codes instead of names or phone numbers."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.audit.service import Audit
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.staff import store
from services.staff.model import EnrolmentCode, StaffMember, StaffRole
from services.staff.rules import Action, Actor, Grant, Role

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without the look-alikes I, O, 0, 1
CODE_LENGTH = 12
CODE_LIFETIME = timedelta(hours=24)
LABEL_LENGTH = 60


class NotAllowedError(ServiceError):
    """No role of this person allows the action in this area."""

    text_key = "staff.not-allowed"


class BadCodeError(ServiceError):
    """The code is unknown, used or expired; which of them is nobody's business."""

    text_key = "staff.bad-code"


class UnknownAreaError(ServiceError):
    """The county has no such municipality."""

    text_key = "staff.unknown-area"


@dataclass(frozen=True)
class Colleague:
    """A staff member and what they may do, for the list of the team."""

    staff_id: int
    chat_id: int
    label: str
    grants: tuple[Grant, ...]

    def as_actor(self) -> Actor:
        return Actor(self.staff_id, self.grants)


@dataclass(frozen=True)
class Staff:
    """Use cases around roles."""

    session: AsyncSession
    region: Region
    audit: Audit
    clock: Clock
    known: dict[int, Actor] = field(default_factory=dict, repr=False)
    """Who acts, by chat, as read in this unit of work; forgotten when roles change."""

    async def recall(self, chat_ids: Collection[int]) -> None:
        """Read the roles of chats that will be asked for, in one statement."""
        roles: dict[int | None, list[StaffRole]] = {chat_id: [] for chat_id in chat_ids}
        for chat_id, role in await store.roles_of(self.session, chat_ids):
            roles[chat_id].append(role)
        for chat_id in chat_ids:
            self.known[chat_id] = _actor(roles[chat_id])

    async def actor(self, chat_id: int) -> Actor:
        """Return who acts in a private chat, with the roles stored now."""
        if chat_id not in self.known:
            await self.recall([chat_id])
        return self.known[chat_id]

    def require(self, actor: Actor, action: Action, area: str) -> None:
        """Raise `NotAllowedError` unless the actor may do this in this area now."""
        if not actor.may(action, area, self.clock()):
            raise NotAllowedError(area=self.region.area_name(area))

    def require_somewhere(self, actor: Actor, action: Action) -> None:
        """Raise `NotAllowedError` unless the actor may do this in some area now."""
        if not actor.may_somewhere(action, self.clock()):
            raise NotAllowedError(area=self.region.facts.name)

    async def invite(
        self,
        actor: Actor | None,
        *,
        role: Role,
        area: str,
        label: str,
        role_until: datetime | None = None,
    ) -> str:
        """Return a new one-time code for a role; None as actor is the operator at the terminal.

        A long label is cut.
        """
        if not self.region.knows_area(area):
            raise UnknownAreaError(area=area)
        if actor is not None:
            self.require(actor, Action.MANAGE_STAFF, area)
        label = label.strip()[:LABEL_LENGTH]
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        invited_by = actor.staff_id if actor else None
        self.session.add(
            EnrolmentCode(
                digest=_digest(code),
                label=label,
                role=role,
                area=area,
                role_until=role_until,
                expires_at=self.clock() + CODE_LIFETIME,
                created_by=invited_by,
            )
        )
        await self.audit.note(
            invited_by, "staff.invite", label, after={"role": role, "area": area}
        )
        return code

    async def enrol(self, chat_id: int, code: str) -> Grant:
        """Take a code and give its role to this chat, or raise `BadCodeError`."""
        self.known.clear()
        used = await store.use_code(self.session, _digest(code), self.clock())
        if used is None:
            raise BadCodeError
        member = await store.of_chat(self.session, chat_id)
        if member is None:
            member = StaffMember(chat_id=chat_id, label=used.label, created_at=self.clock())
            self.session.add(member)
            await self.session.flush()
        role = StaffRole(
            staff_id=member.id,
            role=used.role,
            area=used.area,
            valid_from=self.clock(),
            valid_until=used.role_until,
        )
        self.session.add(role)
        await self.audit.note(
            member.id, "staff.enrol", used.label, after={"role": used.role, "area": used.area}
        )
        return _grant(role)

    async def team(self, action: Action | None = None, area: str = "") -> Sequence[Colleague]:
        """Return the members with a role that holds now.

        With an `action`: only those who may do it and can be asked, so nobody who blocked the bot.
        """
        now = self.clock()
        members: dict[int, Colleague] = {}
        rows = await store.active_roles(self.session, now, reachable=action is not None)
        for member, role in rows:
            known = members.get(member.id)
            grants = (*known.grants, _grant(role)) if known else (_grant(role),)
            members[member.id] = Colleague(member.id, member.chat_id or 0, member.label, grants)
        return [
            colleague
            for colleague in members.values()
            if action is None or colleague.as_actor().may(action, area, now)
        ]

    async def off_board(self, actor: Actor, staff_id: int) -> int | None:
        """End all roles of a member now, and the codes they gave out and nobody used yet.

        Return the chat, so that its menu can be reset.
        """
        self.require_somewhere(actor, Action.MANAGE_STAFF)
        member = await self.session.get(StaffMember, staff_id)
        if member is None:
            return None
        self.known.clear()
        now = self.clock()
        for role in await store.open_roles(self.session, staff_id, now):
            self.require(actor, Action.MANAGE_STAFF, role.area)
        ended = await store.end_roles(self.session, staff_id, now)
        await store.end_codes(self.session, staff_id, now)
        await self.audit.note(
            actor.staff_id, "staff.off-board", member.label, before={"roles": ended}
        )
        return member.chat_id


def _actor(roles: Sequence[StaffRole]) -> Actor:
    return Actor(roles[0].staff_id, tuple(map(_grant, roles))) if roles else Actor()


def _grant(role: StaffRole) -> Grant:
    return Grant(Role(role.role), role.area, role.valid_from, role.valid_until)


def _digest(code: str) -> str:
    """Return a code's digest; spaces, dashes and case do not matter when typing it."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()
