"""Those who run the bot hear at once when something needs them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.clock import Clock
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.region.service import Region
from services.staff.rules import Action
from services.staff.service import Staff

QUIET = timedelta(minutes=10)
"""The same trouble is told once in this time: a hundred alarms are read by nobody."""


@dataclass(frozen=True)
class Operators:
    """Use cases around alarms for the people who run the bot."""

    staff: Staff
    outbox: Outbox
    region: Region
    clock: Clock

    async def alarm(self, text_key: str, *, about: str = "", **params: Any) -> int:
        """Tell every operator of the county who can be reached; return how many are told now.

        `about` keeps the same trouble of two things apart.
        """
        slot = int(self.clock().timestamp() // QUIET.total_seconds())
        trouble = f"{text_key}:{about}" if about else text_key
        told = 0
        for colleague in await self.staff.team(Action.OPERATE, self.region.facts.ars):
            told += await self.outbox.tell(
                colleague.chat_id,
                text_key,
                dedup_key=f"{trouble}:{slot}:{colleague.chat_id}",
                lane=Lane.ALARM,
                **params,
            )
        return told
