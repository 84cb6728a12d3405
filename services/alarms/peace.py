"""People decide to be left in peace: silences, maintenance; and the county's quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import groups
from services.alarms.documents import matcher_in
from services.alarms.model import AlarmMaintenance, AlarmSilence
from services.alarms.rules.calm import LocalHours, Maintenance, Peace, Silence
from services.alarms.rules.matching import Matcher
from services.audit.service import Audit
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

LONGEST_REASON = 200


class NoPeaceError(ServiceError):
    """A silence or a window must have a reason, and end later than it begins."""

    def __init__(self, text_key: str = "alarms.no-peace", **params: object) -> None:
        self.text_key = text_key
        super().__init__(**params)


@dataclass(frozen=True)
class Peaces:
    """Use cases around leaving people in peace; values are kept and judged all the same."""

    session: AsyncSession
    staff: Staff
    audit: Audit
    region: Region
    clock: Clock

    async def now(self) -> Peace:
        """Return what may hold an alarm back at this moment, as far as it can be read."""
        quiet = self.region.facts.alarms.quiet_hours
        return Peace(
            silences=[
                Silence(matcher, one.since, one.until, one.reason)
                for one in await self.silences()
                if (matcher := matcher_in(one.matcher)) is not None
            ],
            maintenance=[
                Maintenance(matcher, hours_of(one, self.region), one.reason)
                for one in await self.windows()
                if (matcher := matcher_in(one.matcher)) is not None
            ],
            quiet=LocalHours(*quiet, self.region.zone) if quiet else None,
        )

    async def silences(self) -> Sequence[AlarmSilence]:
        """Return the silences that have not ended, the first to end first."""
        query = select(AlarmSilence).where(AlarmSilence.until > self.clock())
        return (await self.session.scalars(query.order_by(AlarmSilence.until))).all()

    async def silence(
        self, actor: Actor, matcher: Matcher, *, until: datetime, reason: str
    ) -> AlarmSilence:
        """Hold back news of some alarms until a time; of their end chats hear all the same."""
        self.require(actor, matcher)
        return await self.note_silence(actor, matcher, until=until, reason=reason)

    async def note_silence(
        self, actor: Actor, matcher: Matcher, *, until: datetime, reason: str
    ) -> AlarmSilence:
        """Write a silence down for somebody whose right was looked at before."""
        now = self.clock()
        if not reason.strip() or until <= now:
            raise NoPeaceError
        silence = AlarmSilence(
            matcher=matcher.document(),
            since=now,
            until=until,
            reason=reason.strip()[:LONGEST_REASON],
            created_by=actor.staff_id,
        )
        self.session.add(silence)
        await self.session.flush()
        await self.audit.note(
            actor.staff_id,
            "alarms.silence",
            f"silence:{silence.id}",
            after={"matcher": silence.matcher, "until": until.isoformat(), "reason": reason},
        )
        return silence

    async def prolong(self, actor: Actor, number: int, until: datetime) -> AlarmSilence:
        """Let a silence that has not ended end at another time.

        Raises `NoPeaceError` when it has ended, or `until` has passed.
        """
        silence = await self.lasting(actor, number)
        if until <= self.clock():
            raise NoPeaceError
        before, silence.until = silence.until, until
        await self.session.flush()
        await groups.look_at_all(self.session, None, self.clock())
        await self.audit.note(
            actor.staff_id,
            "alarms.silence-until",
            f"silence:{number}",
            before={"until": before.isoformat()},
            after={"until": until.isoformat()},
        )
        return silence

    async def lasting(self, actor: Actor, number: int) -> AlarmSilence:
        """Return a silence that somebody may change, or raise `NoPeaceError` when it has ended."""
        silence = await self.session.get(AlarmSilence, number)
        if silence is None or silence.until <= self.clock():
            raise NoPeaceError("alarms.silence-over")
        self.require(actor, Matcher.of(silence.matcher))
        return silence

    async def end_silence(self, actor: Actor, number: int) -> bool:
        """End a silence now; False when it has ended or never was."""
        silence = await self.session.get(AlarmSilence, number)
        if silence is None or silence.until <= self.clock():
            return False
        self.require(actor, Matcher.of(silence.matcher))
        silence.until = self.clock()
        await self.session.flush()
        await groups.look_at_all(self.session, None, self.clock())
        await self.audit.note(actor.staff_id, "alarms.silence-end", f"silence:{number}")
        return True

    async def windows(self) -> Sequence[AlarmMaintenance]:
        """Return the recurring windows in use."""
        query = select(AlarmMaintenance).where(AlarmMaintenance.active.is_(True))
        return (await self.session.scalars(query.order_by(AlarmMaintenance.id))).all()

    async def maintain(
        self, actor: Actor, matcher: Matcher, hours: LocalHours, *, reason: str
    ) -> AlarmMaintenance:
        """Expect some alarms in a recurring window of local time."""
        self.require(actor, matcher)
        if not reason.strip() or hours.start == hours.end or not hours.weekdays:
            raise NoPeaceError
        window = AlarmMaintenance(
            matcher=matcher.document(),
            weekdays="".join(str(day) for day in sorted(hours.weekdays)),
            start=f"{hours.start:%H:%M}",
            end=f"{hours.end:%H:%M}",
            reason=reason.strip()[:LONGEST_REASON],
            active=True,
            created_by=actor.staff_id,
        )
        self.session.add(window)
        await self.session.flush()
        await self.audit.note(
            actor.staff_id,
            "alarms.maintenance",
            f"maintenance:{window.id}",
            after={"matcher": window.matcher, "hours": f"{window.start}-{window.end}"},
        )
        return window

    async def end_maintenance(self, actor: Actor, number: int) -> bool:
        """Give a recurring window up; False when it is not there."""
        window = await self.session.get(AlarmMaintenance, number)
        if window is None or not window.active:
            return False
        self.require(actor, Matcher.of(window.matcher))
        window.active = False
        await self.session.flush()
        await groups.look_at_all(self.session, None, self.clock())
        await self.audit.note(actor.staff_id, "alarms.maintenance-end", f"maintenance:{number}")
        return True

    def require(self, actor: Actor, matcher: Matcher) -> None:
        """Raise `NotAllowedError` unless somebody may handle alarms in the matcher's area.

        Where nothing is said, that is the whole county.
        """
        area = matcher.area or self.region.facts.ars
        self.staff.require(actor, Action.HANDLE_ALARMS, area)


def hours_of(window: AlarmMaintenance, region: Region) -> LocalHours:
    """Return the hours of a window on the wall clock of the county."""
    return LocalHours(
        time.fromisoformat(window.start),
        time.fromisoformat(window.end),
        region.zone,
        frozenset(int(day) for day in window.weekdays),
    )
