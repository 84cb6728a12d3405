"""Staff hear of rules that cannot be read: those alarm nobody until somebody mends them."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.known import RuleCache
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.region.service import Region
from services.staff.rules import Action
from services.staff.service import Staff

TOLD = "alarms.rule-unreadable-told"
WHO = (Action.HANDLE_ALARMS, Action.OPERATE)


@dataclass(frozen=True)
class RuleWatch:
    """Use cases around rules that do not hold because nobody can read them."""

    session: AsyncSession
    cache: RuleCache
    staff: Staff
    outbox: Outbox
    region: Region

    async def tell(self) -> int:
        """Tell those who look after alarms or the bot, once for each version of a rule.

        Return how many messages were queued.
        """
        unreadable = (await self.cache.current(self.session)).unreadable
        if not unreadable:
            return 0
        area = self.region.facts.ars
        chats = {one.chat_id for action in WHO for one in await self.staff.team(action, area)}
        told = 0
        for key, version in sorted(unreadable.items()):
            for chat in sorted(chats):
                told += await self.outbox.tell(
                    chat,
                    TOLD,
                    dedup_key=f"rule-unreadable:{key}:{version}:{chat}",
                    lane=Lane.ALARM,
                    rule=key,
                    version=version,
                )
        return told
