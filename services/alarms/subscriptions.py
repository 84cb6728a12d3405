"""Which chat hears of which alarms: groups choose for themselves, staff for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import choosing, groups
from services.alarms.model import TEXT_ONLY, AlarmSubscription
from services.alarms.rules.matching import Matcher
from services.audit.service import Audit
from services.chats.model import Chat
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import NotAllowedError, Staff

MOST = 20
"""Subscriptions of a chat; nobody can look over more."""
LAST_STEP = 2


class NotGroupAdminError(ServiceError):
    """Only those who run a group decide what it hears."""

    text_key = "alarms.only-admins"


class TooManySubscriptionsError(ServiceError):
    """The chat has as many subscriptions as it can have."""

    text_key = "alarms.too-many-subscriptions"


class NoSuchChatError(ServiceError):
    """The bot knows no such group, or may not write to it any more."""

    text_key = "alarms.no-such-chat"


@dataclass(frozen=True)
class Caller:
    """Who asks for a change.

    Attributes:
        actor: with the roles of now.
        runs_chat: whether they are an administrator of the group they write in.
    """

    actor: Actor
    runs_chat: bool = False


@dataclass(frozen=True)
class AlarmSubscriptions:
    """Use cases around what chats hear."""

    session: AsyncSession
    staff: Staff
    audit: Audit
    region: Region
    clock: Clock

    def may_route(self, actor: Actor) -> bool:
        """Whether somebody may decide for every chat of the county."""
        return actor.may(Action.HANDLE_ALARMS, self.region.facts.ars, self.clock())

    def is_staff(self, actor: Actor) -> bool:
        """Whether alarms are this person's work, somewhere in the county."""
        return actor.may_somewhere(Action.HANDLE_ALARMS, self.clock())

    async def of(self, chat: Chat, thread_id: int | None = None) -> Sequence[AlarmSubscription]:
        """Return what a chat hears: in a topic of a forum that topic, else all of it."""
        return await choosing.subscriptions_of(
            self.session, chat.id, thread_id, every_thread=thread_id is None
        )

    async def everywhere(self, actor: Actor) -> Sequence[AlarmSubscription]:
        """Return the subscriptions of all chats, for those who route them."""
        self._require_routing(actor)
        return await choosing.all_subscriptions(self.session)

    async def groups(self, actor: Actor) -> Sequence[Chat]:
        """Return the groups that can be given a subscription."""
        self._require_routing(actor)
        return await choosing.groups(self.session)

    async def subscribe(
        self,
        caller: Caller,
        chat: Chat,
        matcher: Matcher,
        *,
        thread_id: int | None = None,
        step: int = 0,
        for_chat: int | None = None,
    ) -> bool:
        """Have a chat hear of alarms; False when it does already (a second tap).

        `for_chat` is another chat than the one this was asked in: only for who routes centrally.
        """
        target = await self._target(caller, chat, for_chat)
        known = await choosing.subscriptions_of(self.session, target, None, every_thread=True)
        wanted, step = matcher.document(), min(max(step, 0), LAST_STEP)
        for one in known:
            chosen = Matcher.of(one.matcher).document()
            if (chosen, one.thread_id, one.step) == (wanted, thread_id, step):
                return False
        if len(known) >= MOST:
            raise TooManySubscriptionsError(most=MOST)
        alike = any(one.text_only for one in known if one.thread_id == thread_id)
        row = AlarmSubscription(
            chat_id=target,
            thread_id=thread_id,
            matcher=_stored(wanted, text_only=alike),
            step=step,
            created_at=self.clock(),
        )
        await choosing.add(self.session, row)
        await groups.mark_open(self.session)
        staff = caller.actor.staff_id
        if staff is not None:  # a group's own administrators are not known to us
            after = {**wanted, "step": step}
            await self.audit.note(staff, "alarms.subscribe", f"subscription:{row.id}", after=after)
        return True

    async def set_text_only(
        self, caller: Caller, chat: Chat, thread_id: int | None = None, *, text_only: bool
    ) -> None:
        """Say whether a picture and the place come with alarms, here or in a topic of a forum."""
        self.require(caller)
        for one in await self.of(chat, thread_id):
            if one.text_only == text_only:
                continue
            before, after = one.matcher, _stored(one.matcher, text_only=text_only)
            one.matcher = after
            staff = caller.actor.staff_id
            if staff is not None:
                subject = f"subscription:{one.id}"
                await self.audit.note(
                    staff, "alarms.text-only", subject, before=before, after=after
                )
        await self.session.flush()

    async def end(self, caller: Caller, chat: Chat, subscription_id: int) -> bool:
        """End a subscription of this chat, or of any for who routes; False when it is gone."""
        row = await choosing.subscription(self.session, subscription_id)
        if row is None:
            return False
        if row.chat_id == chat.id:
            self.require(caller)
        else:
            self._require_routing(caller.actor)
        staff = caller.actor.staff_id
        if staff is not None:
            before = {**row.matcher, "step": row.step}
            subject = f"subscription:{subscription_id}"
            await self.audit.note(staff, "alarms.unsubscribe", subject, before=before)
        return await choosing.remove_subscription(self.session, subscription_id)

    def require(self, caller: Caller) -> None:
        """Raise `NotGroupAdminError` unless somebody may decide what their chat hears."""
        if not self.is_staff(caller.actor) and not caller.runs_chat:
            raise NotGroupAdminError

    async def _target(self, caller: Caller, chat: Chat, for_chat: int | None) -> int:
        if for_chat is None or for_chat == chat.id:
            self.require(caller)
            return chat.id
        self._require_routing(caller.actor)
        if all(one.id != for_chat for one in await choosing.groups(self.session)):
            raise NoSuchChatError
        return for_chat

    def _require_routing(self, actor: Actor) -> None:
        if not self.may_route(actor):
            raise NotAllowedError(area=self.region.facts.name)


def _stored(matcher: Mapping[str, Any], *, text_only: bool) -> dict[str, Any]:
    """Return a matcher with the choice that stands beside it."""
    plain = {name: value for name, value in matcher.items() if name != TEXT_ONLY}
    return {**plain, TEXT_ONLY: True} if text_only else plain
