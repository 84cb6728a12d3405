"""Alarms: values and silence weighed by rules, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import store, taking_in, views
from services.alarms.doubting import Doubting
from services.alarms.evaluating import Evaluation
from services.alarms.figures import FiguresOfDevices
from services.alarms.keeping import Herald, Keeper
from services.alarms.known import RuleCache, Rules
from services.alarms.model import AlarmDeed
from services.alarms.reading import RuleBook
from services.alarms.reconciling import Reconciling
from services.alarms.records import RuleRecord
from services.alarms.rehearsing import Rehearsal, rehearse
from services.alarms.rules.records import Change, Signal
from services.alarms.silence import Silence, Standing
from services.alarms.taking_in import TakenRules
from services.alarms.views import AlarmView
from services.clock import Clock
from services.errors import ServiceError
from services.frames.service import Frames
from services.readings.records import NewReading, Taken
from services.readings.service import Readings


class NoAlarmError(ServiceError):
    """There is no such alarm."""

    text_key = "alarms.unknown"


@dataclass(frozen=True)
class Alarms:
    """Use cases around alarms that need no person."""

    session: AsyncSession
    frames: Frames
    readings: Readings
    heralds: Herald
    cache: RuleCache
    clock: Clock
    listening_since: datetime | None = None
    """When the program started: silence before that is its own."""

    async def rules(self) -> Rules:
        """Return the rules that hold."""
        return await self.cache.current(self.session)

    async def guide_values(self, device_id: int, quantity: str, channel: int) -> Sequence[float]:
        """Return the thresholds of rules for everybody that look at a series, the lowest first.

        In the quantity's unit; thresholds of single persons are nobody else's business.
        """
        rules = await self.rules()
        found = await store.series(self.session, {device_id})
        watched = next((one.device for one in found), None)
        if watched is None:
            return ()
        looking = rules.watching(watched, quantity, channel)
        return sorted(
            {
                level.threshold
                for one in looking
                if one.device_id is None and one.record.signal is Signal.VALUE
                for level in rules.rule(one, watched.interval).levels
            }
        )

    async def take_in(self, book: RuleBook) -> TakenRules:
        """Take in the region's rules as versions; those that staff changed are left alone."""
        return await taking_in.take_in(
            self.session, book.rules, self.clock(), whole=not book.problems
        )

    async def evaluate(self, values: Sequence[NewReading], taken: Sequence[Taken] = ()) -> None:
        """Weigh values in the transaction that stored them; the same again change nothing.

        Args:
            values: what was stored, in any order.
            taken: frames whose earlier values were taken back before that.
        """
        await self._evaluation().values(await self.rules(), values, taken)

    async def look_for_silence(self) -> None:
        """Look which devices and gateways are not heard any more, and which are again."""
        await self._silence().look()

    async def look_at_figures(self) -> None:
        """Weigh charge, margin, signal and loss of the devices; learn how often they send."""
        evaluation = self._evaluation()
        figures = FiguresOfDevices(self.session, self.frames, evaluation, self.clock)
        await figures.learn_intervals()
        await figures.look(await self.rules())

    async def standings(self) -> Sequence[Standing]:
        """Return how each device in use stands: heard, late, offline."""
        return await self._silence().standings(await self.rules())

    async def open(self) -> Sequence[AlarmView]:
        """Return what is not over, the gravest first."""
        return await views.load(self.session, await store.open_alarms(self.session))

    async def get(self, alarm_id: int) -> AlarmView:
        """Return an alarm, open or not.

        Raises:
            NoAlarmError: there is none.
        """
        alarm = await store.alarm(self.session, alarm_id)
        if alarm is None:
            raise NoAlarmError
        return (await views.load(self.session, [alarm]))[0]

    async def history(
        self,
        *,
        device_id: int | None = None,
        since: datetime,
        until: datetime,
        limit: int = 200,
    ) -> Sequence[AlarmView]:
        """Return alarms that began in some time, the newest first."""
        found = await store.history(
            self.session, device_id=device_id, since=since, until=until, limit=limit
        )
        return await views.load(self.session, found)

    async def deeds(self, alarm_id: int) -> Sequence[AlarmDeed]:
        """Return what people and the engine did with an alarm, in order."""
        return await store.deeds(self.session, alarm_id)

    async def changes(
        self, rule_key: str, series_id: int, *, since: datetime, until: datetime
    ) -> Sequence[Change]:
        """Return the log of a rule at a series: rises, falls, doubts, flapping."""
        return await store.changes(self.session, rule_key, series_id, since=since, until=until)

    async def rehearse(
        self, record: RuleRecord, device_id: int, days: int = 30, channel: int = 0
    ) -> Rehearsal:
        """Return what a rule would have done with a device's stored values; writes nothing."""
        until = self.clock()
        since = until - timedelta(days=days)
        values = await self.readings.values(
            device_id, record.quantity or "", channel, since=since, until=until
        )
        interval = await store.interval(self.session, device_id)
        return rehearse(record, interval, values, since=since, until=until)

    def _keeper(self) -> Keeper:
        return Keeper(self.session, self.heralds, self.clock)

    def _evaluation(self) -> Evaluation:
        reconciling = Reconciling(self._keeper(), self.clock)
        doubting = Doubting(self._keeper(), self.clock)
        return Evaluation(self.session, reconciling, doubting, self.clock)

    def _silence(self) -> Silence:
        return Silence(self.session, self.cache, self._keeper(), self.clock, self.listening_since)
