"""What the public hears of an alarm or a declared stage: proposed, released by a person.

A sensor of ours declares nothing: a post says that a reference value was passed, by which
measurement, and that nobody has checked it. A post about a stage names who declared it.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import AlarmPost, Kind, PostState
from services.alarms.sight import Sight
from services.audit.service import Audit
from services.chats.model import Kind as ChatKind
from services.chats.service import Chats
from services.clock import Clock
from services.db import insert_new
from services.errors import ServiceError
from services.golive.rules import Policy
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

PROPOSAL, POST, TAKEN_BACK, OVER = (
    "alarms.post-proposal",
    "alarms.post",
    "alarms.post-withdrawn",
    "alarms.post-over",
)


class PostDecidedError(ServiceError):
    """Somebody was faster, or the proposal is void."""

    text_key = "alarms.post-decided"


class NoChannelError(ServiceError):
    """The county has no channel, or the bot is not in it."""

    text_key = "alarms.no-channel"


@dataclass(frozen=True)
class Posts:
    """Use cases around posts in the public channel."""

    session: AsyncSession
    chats: Chats
    staff: Staff
    outbox: Outbox
    audit: Audit
    region: Region
    policy: Policy
    clock: Clock

    async def propose(self, sight: Sight) -> None:
        """Ask the editors about an alarm of a public rule, once for each level it reaches.

        When a released one is over, they are asked whether to take the post back.
        """
        alarm = sight.alarm
        if not sight.alarm.public or sight.is_own or alarm.exercise or alarm.kind != Kind.VALUE:
            return
        if alarm.ended_at is not None:
            await self._over(AlarmPost.alarm_id == alarm.id)
            return
        if alarm.value is None or alarm.value_at is None:
            return
        new = insert_new(self.session, AlarmPost).values(
            alarm_id=alarm.id,
            severity=alarm.severity,
            state=PostState.PROPOSED,
            value=alarm.value,
            value_at=alarm.value_at,
            proposed_at=self.clock(),
        )
        number = await self.session.scalar(
            new.on_conflict_do_nothing(index_elements=["alarm_id", "severity"]).returning(
                AlarmPost.id
            )
        )
        if number is not None:
            await self._ask(number, PROPOSAL)

    async def propose_stage(self, stage_id: int, stage: int) -> None:
        """Ask the editors about a stage that was declared, once."""
        new = insert_new(self.session, AlarmPost).values(
            stage_id=stage_id,
            severity=stage,
            state=PostState.PROPOSED,
            proposed_at=self.clock(),
        )
        number = await self.session.scalar(
            new.on_conflict_do_nothing(index_elements=["stage_id"]).returning(AlarmPost.id)
        )
        if number is not None:
            await self._ask(number, PROPOSAL)

    async def stage_over(self, stage_id: int) -> None:
        """Void the proposal about a stage that holds no more; ask about what was released."""
        await self._over(AlarmPost.stage_id == stage_id)

    async def _ask(self, number: int, text_key: str) -> None:
        for editor in await self.staff.team(Action.PUBLISH, self.region.facts.ars):
            await self.outbox.tell(
                editor.chat_id,
                text_key,
                dedup_key=f"alarm-post:{number}:{text_key}:{editor.staff_id}",
                lane=Lane.ALARM,
                post=number,
            )

    async def _over(self, cause: ColumnElement[bool]) -> None:
        """Void what nobody released; ask about what stands in the channel."""
        await self.session.execute(
            update(AlarmPost)
            .where(cause, AlarmPost.state == PostState.PROPOSED)
            .values(state=PostState.DROPPED, decided_at=self.clock())
        )
        released = await self.session.scalars(
            update(AlarmPost)
            .where(cause, AlarmPost.state == PostState.RELEASED)
            .values(state=PostState.RELEASED)
            .returning(AlarmPost.id)
        )
        for number in released.all():
            await self._ask(number, OVER)

    async def get(self, number: int) -> AlarmPost | None:
        return await self.session.get(AlarmPost, number, populate_existing=True)

    async def release(self, actor: Actor, number: int) -> None:
        """Put a post into the channel; the words are those the editor saw."""
        self.staff.require(actor, Action.PUBLISH, self.region.facts.ars)
        if self.policy.channel is None:
            raise NoChannelError
        await self._move(actor, number, PostState.PROPOSED, PostState.RELEASED)
        channel = await self.chats.meet(self.policy.channel, ChatKind.CHANNEL, None)
        await self.outbox.tell(
            channel.id, POST, dedup_key=self.key(number), lane=Lane.ALARM, post=number
        )

    async def drop(self, actor: Actor, number: int) -> None:
        """Refuse a proposal: nobody outside hears of it."""
        self.staff.require(actor, Action.PUBLISH, self.region.facts.ars)
        await self._move(actor, number, PostState.PROPOSED, PostState.DROPPED)

    async def withdraw(self, actor: Actor, number: int) -> None:
        """Take a post back: one that has not left never does, else it says so itself."""
        self.staff.require(actor, Action.PUBLISH, self.region.facts.ars)
        if self.policy.channel is None:
            raise NoChannelError
        await self._move(actor, number, PostState.RELEASED, PostState.WITHDRAWN)
        if await self.outbox.cancel(self.key(number)):
            return
        channel = await self.chats.meet(self.policy.channel, ChatKind.CHANNEL, None)
        await self.outbox.tell(
            channel.id,
            TAKEN_BACK,
            dedup_key=f"alarm-post-withdrawn:{number}",
            lane=Lane.ALARM,
            post=number,
        )

    @staticmethod
    def key(number: int) -> str:
        """Return the outbox's key of a post; its end keeps 1 and 10 apart."""
        return f"alarm-in-channel:{number}:"

    async def _move(self, actor: Actor, number: int, old: PostState, new: PostState) -> None:
        won = await self.session.scalar(
            update(AlarmPost)
            .where(AlarmPost.id == number, AlarmPost.state == old)
            .values(state=new, decided_by=actor.staff_id, decided_at=self.clock())
            .returning(AlarmPost.id)
        )
        if won is None:
            raise PostDecidedError
        await self.audit.note(actor.staff_id, f"alarms.post-{new}", f"post:{number}")
