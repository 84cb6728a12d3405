"""Figures of the devices themselves as signals: charge, margin, signal and lost frames."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import store, watching
from services.alarms.evaluating import Evaluation
from services.alarms.known import Rules
from services.alarms.reconciling import Weighing
from services.alarms.records import FIGURES
from services.alarms.rules.records import Sample
from services.alarms.watching import Count, Status
from services.clock import Clock
from services.frames.service import Frames

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LEAST_FRAMES = 10
"""Of fewer frames a share says nothing."""
DOUBTFUL = 0.1
"""A greater loss is reckoned frame by frame: a counter may have begun anew."""
LEAST_GAPS = 5
OTHERWISE = 0.2
"""A rhythm is another one when it differs by this share."""
LEARN_FROM = timedelta(days=2)
Figure = tuple[int, str]
"""device, name of the figure."""


@dataclass(frozen=True)
class FiguresOfDevices:
    """Weighs what is known of the devices in use."""

    session: AsyncSession
    frames: Frames
    evaluation: Evaluation
    clock: Clock

    async def look(self, rules: Rules) -> None:
        """Weigh the newest figures by the rules for them; the same ones again change nothing."""
        wanted = FIGURES.keys() & rules.by_quantity.keys()
        if not wanted:
            return
        statuses = await watching.statuses(self.session)
        samples = _told(statuses)
        if wanted & {"link.snr", "link.loss"}:
            samples |= await self._heard({one.device.id for one in statuses})
        ours = {
            (one.device.id, name)
            for one in statuses
            for name in wanted
            if (one.device.id, name) in samples
            and any(known.watches(one.device) for known in rules.by_quantity[name])
        }
        await watching.ensure_series(self.session, ours)
        found = await store.series(self.session, {device for device, _ in ours}) if ours else []
        await self.evaluation.weigh(
            [
                Weighing(known, rules.rule(known, DAY), series, [sample])
                for series in found
                if (sample := samples.get((series.device.id, series.quantity)))
                for known in rules.watching(series.device, series.quantity, series.channel)
            ]
        )

    async def _heard(self, devices: Iterable[int]) -> dict[Figure, Sample]:
        """Return signal and loss of the last 24 full hours."""
        until = self.clock().replace(minute=0, second=0, microsecond=0)
        counts: dict[int, list[Count]] = {one: [] for one in devices}
        for one in await watching.links(self.session, until - DAY, until):
            if one.device_id in counts:
                counts[one.device_id].append(one)
        found: dict[Figure, Sample] = {}
        for device, rows in counts.items():
            heard = sum(one.heard for one in rows)
            if heard:
                snr = sum(one.snr or 0.0 for one in rows) / heard
                found[device, "link.snr"] = Sample(until, 0, snr)
            if sum(one.received for one in rows) >= LEAST_FRAMES:
                loss = await self._loss(device, rows, until)
                found[device, "link.loss"] = Sample(until, 0, 100 * loss)
        return found

    async def _loss(self, device: int, rows: list[Count], until: datetime) -> float:
        sent = sum(one.last - one.first + 1 for one in rows)
        loss = 1 - sum(one.received for one in rows) / sent
        if loss <= DOUBTFUL:
            return loss
        link = await self.frames.link(device, since=until - DAY, until=until)
        return link.loss

    async def learn_intervals(self) -> None:
        """Learn how often devices send of which nobody said it."""
        since = self.clock() - LEARN_FROM
        known = await watching.learned(self.session)
        found: Mapping[int, object] = known
        times = await watching.times_of_unknown_rhythm(self.session, since)
        for device, moments in times.items():
            if device not in found or len(moments) <= LEAST_GAPS:
                continue
            gaps = [(after - before).total_seconds() for before, after in pairwise(moments)]
            seconds, before = max(round(median(gaps)), 1), known[device]
            if before is None or abs(seconds - before) > OTHERWISE * before:
                await watching.learn(self.session, device, seconds)


def _told(statuses: Iterable[Status]) -> dict[Figure, Sample]:
    found: dict[Figure, Sample] = {}
    for one in statuses:
        if one.battery is not None and one.battery_at is not None:
            found[one.device.id, "link.battery"] = Sample(one.battery_at, 0, one.battery)
        if one.margin is not None and one.margin_at is not None:
            found[one.device.id, "link.margin"] = Sample(one.margin_at, 0, one.margin)
    return found
