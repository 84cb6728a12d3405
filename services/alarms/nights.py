"""Alarms that came and went in quiet hours before anybody looked: the digest names them, too."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import groups
from services.alarms.groups import Wanted
from services.alarms.rules.audience import Wish, hears
from services.alarms.rules.calm import Held, Peace
from services.alarms.sight import Sight

CLEARED = "cleared"


async def note(
    session: AsyncSession, one: Sight, wanted: Sequence[Wanted], peace: Peace, now: datetime
) -> None:
    """Have the digests of this night name an alarm that is over and was told nobody."""
    morning = _morning_after(one, peace, now)
    if morning is None:
        return
    number = one.alarm.id
    for place in {each.place for each in wanted if _would_hear(each.wish, one)}:
        if number not in await groups.told_of(session, place):
            await groups.add_to_digest(session, place, [number], morning)


def _morning_after(one: Sight, peace: Peace, now: datetime) -> datetime | None:
    """Return when the night ends in which an alarm came and went; None: it is not this night.

    What never was and what nobody is to hear of is none of the night's business either.
    """
    alarm, quiet = one.alarm, peace.quiet
    if one.is_own or alarm.ended_at is None or alarm.end != CLEARED or quiet is None:
        return None
    if not quiet.contain(now) or not quiet.contain(alarm.began_at):
        return None
    held = peace.held(one.labels, alarm.highest, now, inhibited=alarm.inhibited)
    morning = quiet.end_after(now)
    is_this_night = quiet.end_after(alarm.began_at) == morning
    return morning if is_this_night and held in (None, Held.QUIET_HOURS) else None


def _would_hear(wish: Wish, one: Sight) -> bool:
    """Whether a chat would have heard of an alarm at its gravest."""
    return hears(wish, one.rule, one.labels, one.alarm.highest, one.alarm.escalated)
