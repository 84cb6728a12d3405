"""Exercises: hours in which alarms of a rule, a device or a place are marked ÜBUNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import AlarmExercise
from services.alarms.rules.matching import Matcher
from services.audit.service import Audit
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

LONGEST = timedelta(hours=24)
"""A forgotten exercise would make a real alarm look like none."""
LONGEST_REASON = 200


class ExerciseSpanError(ServiceError):
    """An exercise must end later than now, and after a day at the latest."""

    text_key = "alarms.exercise-span"


class ExerciseReasonError(ServiceError):
    """An exercise must have a reason."""

    text_key = "alarms.exercise-reason-missing"


@dataclass(frozen=True)
class Exercises:
    """Use cases around exercises.

    What begins while one lasts, by the time of its values, is marked to its end
    (`keeping.Keeper.open`); what fires already stays real. Nothing has to happen when it ends.
    """

    session: AsyncSession
    staff: Staff
    audit: Audit
    region: Region
    clock: Clock

    def require(self, actor: Actor) -> None:
        """Raise `NotAllowedError` unless somebody may begin an exercise somewhere."""
        self.staff.require_somewhere(actor, Action.HANDLE_ALARMS)

    async def running(self) -> Sequence[AlarmExercise]:
        """Return the exercises that last, the first to end first."""
        query = select(AlarmExercise).where(AlarmExercise.until > self.clock())
        return (await self.session.scalars(query.order_by(AlarmExercise.until))).all()

    async def at_device(self, device_id: int) -> bool:
        """Whether an exercise lasts that is about this very device: its values may be made."""
        return any(one.matcher.get("device") == device_id for one in await self.running())

    async def begin(
        self, actor: Actor, matcher: Matcher, *, until: datetime, reason: str
    ) -> AlarmExercise:
        """Begin an exercise now.

        Raises:
            NotAllowedError: not in the matcher's area; where it has none, the whole county.
            ExerciseReasonError: no reason.
            ExerciseSpanError: it would be over already, or last more than a day.
        """
        self.staff.require(actor, Action.HANDLE_ALARMS, self._area(matcher))
        now = self.clock()
        if not reason.strip():
            raise ExerciseReasonError
        if not now < until <= now + LONGEST:
            raise ExerciseSpanError
        exercise = AlarmExercise(
            matcher=matcher.document(),
            since=now,
            until=until,
            reason=reason.strip()[:LONGEST_REASON],
            created_by=actor.staff_id,
        )
        self.session.add(exercise)
        await self.session.flush()
        await self.audit.note(
            actor.staff_id,
            "alarms.exercise",
            f"exercise:{exercise.id}",
            after={
                "matcher": exercise.matcher,
                "until": until.isoformat(),
                "reason": exercise.reason,
            },
        )
        return exercise

    async def end(self, actor: Actor, number: int) -> bool:
        """End an exercise now; False when it has ended or never was."""
        exercise = await self.session.get(AlarmExercise, number)
        if exercise is None or exercise.until <= self.clock():
            return False
        area = self._area(Matcher.of(exercise.matcher))
        self.staff.require(actor, Action.HANDLE_ALARMS, area)
        exercise.until = self.clock()
        await self.session.flush()
        await self.audit.note(actor.staff_id, "alarms.exercise-end", f"exercise:{number}")
        return True

    def _area(self, matcher: Matcher) -> str:
        return matcher.area or self.region.facts.ars
