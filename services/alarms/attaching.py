"""Pictures and places that go with a message about alarms: queued once the message has arrived.

The text never waits for them, and what cannot be sent in time is not sent at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import looking, sight
from services.alarms.model import Alarm, AlarmChange, AlarmGroup
from services.alarms.sight import Sight
from services.clock import Clock
from services.heavy.service import Heavy
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.region.service import Region

DRAW, PLACE = "draw attachment", "alarms.place"
MINUTE = timedelta(minutes=1)
BUSY = 10
"""So many messages of a chat within a minute are half of what Telegram allows a group."""


@dataclass(frozen=True)
class Attachments:
    """Use cases around pictures and places of alarms."""

    session: AsyncSession
    outbox: Outbox
    heavy: Heavy
    region: Region
    clock: Clock

    async def attach(self, message: int, *, group: int, chart: int, place: int) -> None:
        """Have the chart and the place of alarms (0: none) sent as replies to a message.

        `message` is its number in the outbox. Nothing is sent where much was said just now:
        the next alarm may need the room.
        """
        row = await self.session.get(AlarmGroup, group)
        if row is None or not (chart or place):
            return
        if await self.outbox.lately(row.chat_id, MINUTE) >= BUSY:
            return
        if place:
            await self.outbox.tell(
                row.chat_id,
                PLACE,
                dedup_key=f"alarm-place:{message}",
                lane=Lane.ATTACHMENT,
                alarm=place,
                message=message,
                thread=row.thread_id,
            )
        if chart:
            await self.heavy.defer(
                DRAW, chat_id=row.chat_id, alarm=chart, message=message, group=group
            )

    async def newest(self, message: int, group: int) -> AlarmGroup | None:
        """Return a group whose newest message this is; None when more was said since."""
        row = await self.session.get(AlarmGroup, group, populate_existing=True)
        return row if row is not None and row.message == message else None

    async def course(self, number: int) -> tuple[Sight, Sequence[AlarmChange]] | None:
        """Return an alarm that goes on, and how it rose and fell; None when it is over."""
        alarm = await self.session.get(Alarm, number, populate_existing=True)
        if alarm is None or alarm.ended_at is not None or alarm.series_id is None:
            return None
        [one] = await sight.alarms(self.session, [number], self.region.facts.ars)
        return one, await looking.changes(self.session, alarm)
