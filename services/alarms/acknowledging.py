"""Somebody takes an alarm on, by name of their desk; when nobody does, others hear of it.

The times serve operations alone: they stand in an alarm's history and in no figure of a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import groups, sight
from services.alarms.heralds import TOLD, Heralds
from services.alarms.model import Alarm, AlarmDeed
from services.alarms.peace import Peaces
from services.alarms.rules.audience import concerns, steps_due
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.alarms.sight import Sight
from services.alarms.views import AlarmView
from services.audit.service import Audit
from services.chats.model import Chat
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import NotAllowedError, Staff

QUIET_FOR = timedelta(hours=1)


class NoSuchAlarmError(ServiceError):
    """There is no alarm of this number."""

    text_key = "alarms.unknown"


class Answer(Enum):
    """What became of a press of the button."""

    DONE = auto()
    ALREADY = auto()
    """Somebody has taken it on."""
    RISEN = auto()
    """It is graver than the message said; whoever takes it on should know."""
    OVER = auto()


@dataclass(frozen=True)
class Acknowledged:
    """The answer, who has the alarm now, since when, and how grave it is."""

    answer: Answer
    number: int
    severity: Severity
    taken_by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Acknowledgements:
    """Use cases around taking alarms on."""

    session: AsyncSession
    staff: Staff
    audit: Audit
    heralds: Heralds
    peaces: Peaces
    region: Region
    clock: Clock

    async def acknowledge(
        self, actor: Actor, alarm_id: int, *, chat: Chat, seen: Severity | None = None
    ) -> Acknowledged:
        """Take an alarm on; `seen` is the severity the pressed message spoke of.

        A second press, a late one and one for a lower level change nothing, and say why.
        """
        one = await self._get(alarm_id)
        await self._require(actor, one, chat)
        alarm = one.alarm
        if alarm.ended_at is not None:
            return self._answer(Answer.OVER, one)
        if alarm.acknowledged_at is not None:
            return self._answer(Answer.ALREADY, one)
        if seen is not None and alarm.severity > seen:
            return self._answer(Answer.RISEN, one)
        taken = await self.session.scalar(
            update(Alarm)
            .where(Alarm.id == alarm_id, Alarm.acknowledged_at.is_(None), Alarm.ended_at.is_(None))
            .values(acknowledged_by=actor.staff_id, acknowledged_at=self.clock())
            .returning(Alarm.id)
        )
        one = await self._get(alarm_id)
        if taken is None:  # somebody was faster
            return self._answer(Answer.ALREADY, one)
        await self._note(actor, one, "acknowledged")
        await self.heralds.changed(alarm_id)
        return self._answer(Answer.DONE, one)

    async def withdraw(self, actor: Actor, alarm_id: int, *, chat: Chat) -> bool:
        """Give an alarm back, so that others hear of it again; False when nobody has it."""
        one = await self._get(alarm_id)
        await self._require(actor, one, chat)
        given_back = await self.session.scalar(
            update(Alarm)
            .where(
                Alarm.id == alarm_id,
                Alarm.acknowledged_at.is_not(None),
                Alarm.ended_at.is_(None),
            )
            .values(acknowledged_by=None, acknowledged_at=None)
            .returning(Alarm.id)
        )
        if given_back is None:
            return False
        await self._note(actor, one, "given-back")
        await self.heralds.changed(alarm_id)
        return True

    async def quiet(self, actor: Actor, alarm_id: int, *, chat: Chat, reason: str) -> datetime:
        """Silence an alarm's rule at its device for an hour; return until when."""
        one = await self._get(alarm_id)
        await self._require(actor, one, chat)
        until = self.clock() + QUIET_FOR
        matcher = Matcher(rule=one.rule, device=one.alarm.device_id)
        await self.peaces.note_silence(actor, matcher, until=until, reason=reason)
        await self._note(actor, one, "silenced")
        await self.heralds.changed(alarm_id)
        return until

    async def escalate(self) -> int:
        """Bring others in where nobody took an alarm on in time; return for how many."""
        now = self.clock()
        peace, brought_in = await self.peaces.now(), 0
        for one in await sight.open_alarms(self.session, self.region.facts.ars):
            alarm = one.alarm
            if one.is_own or alarm.exercise or alarm.inhibited or alarm.acknowledged_at:
                continue
            if peace.held(one.labels, one.severity, now) is not None:
                continue
            steps = getattr(self.region.facts.alarms.escalation, one.severity.name.lower())
            due = steps_due(steps, await self._told_at(alarm), alarm.escalated, now)
            if due is None:
                continue
            await self.session.execute(
                update(Alarm).where(Alarm.id == alarm.id).values(escalated=due)
            )
            self._add(alarm.id, None, "escalated", step=due)
            await self.heralds.changed(alarm.id)
            brought_in += 1
        return brought_in

    async def _told_at(self, alarm: AlarmView) -> datetime:
        """Return when the first chat heard of the present level: from then on people are late."""
        query = select(func.min(AlarmDeed.at, type_=AlarmDeed.at.type)).where(
            AlarmDeed.alarm_id == alarm.id,
            AlarmDeed.what == TOLD,
            AlarmDeed.at >= alarm.level_at,
        )
        return await self.session.scalar(query) or alarm.level_at

    async def _get(self, alarm_id: int) -> Sight:
        found = await sight.alarms(self.session, [alarm_id], self.region.facts.ars)
        if not found or found[0].is_own:
            raise NoSuchAlarmError
        return found[0]

    async def _require(self, actor: Actor, one: Sight, chat: Chat) -> None:
        """Raise unless somebody may handle alarms here, or is staff in a chat that hears of it."""
        now = self.clock()
        if actor.staff_id is not None and actor.may(Action.HANDLE_ALARMS, one.labels.ars, now):
            return
        wishes = await groups.wanted(self.session, [chat.id])
        hears = any(concerns(each.wish, one.rule, one.labels) for each in wishes)
        if actor.staff_id is None or not actor.is_staff(now) or not hears:
            raise NotAllowedError(area=self.region.area_name(one.labels.ars))

    def _answer(self, answer: Answer, one: Sight) -> Acknowledged:
        alarm = one.alarm
        return Acknowledged(answer, alarm.id, one.severity, one.taken_by, alarm.acknowledged_at)

    async def _note(self, actor: Actor, one: Sight, what: str) -> None:
        self._add(one.alarm.id, actor.staff_id, what, severity=one.alarm.severity)
        await self.audit.note(actor.staff_id, f"alarms.{what}", f"alarm:{one.alarm.id}")

    def _add(self, alarm_id: int, staff_id: int | None, what: str, **detail: int) -> None:
        deed = AlarmDeed(
            alarm_id=alarm_id, at=self.clock(), what=what, staff_id=staff_id, detail=detail
        )
        self.session.add(deed)
