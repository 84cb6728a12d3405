"""Who hears of a declared stage: chats that hear at once of gauges at that water."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import groups
from services.alarms.declared import GAUGE, LEVEL, gauges_at
from services.alarms.model import DeclaredStage
from services.alarms.peace import Peaces
from services.alarms.rules.audience import hears_of_stage
from services.alarms.rules.calm import NEVER_HELD
from services.alarms.rules.matching import Labels
from services.alarms.rules.records import Severity
from services.clock import Clock
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.records import covers
from services.region.service import Region

NEWS = "alarms.stage-news"


@dataclass(frozen=True)
class Announcing:
    """Queues what chats are told of stages: at once, in the quiet hours light ones softly."""

    session: AsyncSession
    outbox: Outbox
    peaces: Peaces
    region: Region
    clock: Clock

    async def tell(self, row: DeclaredStage, *, held: DeclaredStage | None, over: bool) -> None:
        """Tell of a stage, once a chat and topic.

        Args:
            row: the stage.
            held: the one it took the place of.
            over: it was cancelled; else it was declared.
        """
        gravest = Severity(max(row.stage, held.stage if held else 0))
        gauges = await self._gauges(row.water, row.ars)
        quiet = (await self.peaces.now()).quiet
        silently = gravest < NEVER_HELD and quiet is not None and quiet.contain(self.clock())
        for one in await groups.wanted(self.session):
            if hears_of_stage(one.wish, gauges, gravest):
                chat, thread = one.place.chat_id, one.place.thread_id
                await self.outbox.tell(
                    chat,
                    NEWS,
                    dedup_key=f"stage{'-end' if over else ''}:{row.id}:{chat}:{thread}",
                    lane=Lane.ALARM,
                    stage=row.id,
                    before=held.id if held else 0,
                    over=int(over),
                    thread=thread,
                    silently=int(silently),
                )

    async def _gauges(self, water: str, area: str) -> Collection[Labels]:
        """Return what a chat must hear of to be told: gauges of the water, or its whole area.

        Where no gauge is known, nobody knows through which towns the water flows: all are meant.
        """
        gauges = await gauges_at(self.session, water, area)
        towns = [] if gauges else [one.ars for one in self.region.municipalities]
        places = [area, *(one for one in towns if covers(area, one))]
        return [*gauges, *(Labels("", None, GAUGE, one, LEVEL) for one in places)]
