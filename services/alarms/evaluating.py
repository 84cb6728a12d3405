"""Values against rules: tracks moved, the log kept, episodes opened, levelled and closed.

All of a batch is read in four statements and written in a few; what happened is told of at the
end. Everything is in the transaction that stored the values: what is not stored alarms nobody,
what alarms is stored.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.measurement import Mark
from services.alarms import store
from services.alarms.doubting import Doubting
from services.alarms.episodes import carried_over
from services.alarms.known import Rules
from services.alarms.model import Alarm
from services.alarms.packing import packed, unpacked
from services.alarms.reconciling import Moved, Reconciling, Weighing
from services.alarms.rules.engine import observe
from services.alarms.rules.records import Machine, Rule, Sample, Track
from services.alarms.store import Key, WatchedSeries
from services.clock import Clock
from services.readings.records import NewReading, Taken

log = structlog.get_logger()
AHEAD = timedelta(minutes=10)
"""A value from further in the future tells of a wrong clock; it must not make others late."""
SIMULATED = int(Mark.SIMULATED)
AT_ONCE = 100
"""Tracks weighed before others on the event loop come in."""


@dataclass(frozen=True)
class Evaluation:
    """Weighs samples in a transaction."""

    session: AsyncSession
    reconciling: Reconciling
    doubting: Doubting
    clock: Clock

    async def values(
        self, rules: Rules, values: Sequence[NewReading], taken: Sequence[Taken]
    ) -> None:
        """Weigh values that were stored, and forget those of frames that were taken back."""
        if not rules.by_quantity:
            return
        devices = {one.device_id for one in values} | {one.device_id for one in taken}
        found = await store.series(self.session, devices) if devices else []
        await self.weigh(list(self._weighings(rules, found, values, taken)))

    def _weighings(
        self,
        rules: Rules,
        found: Sequence[WatchedSeries],
        values: Sequence[NewReading],
        taken: Sequence[Taken],
    ) -> Iterable[Weighing]:
        latest = self.clock() + AHEAD
        by_series: dict[tuple[int, str, int], list[NewReading]] = defaultdict(list)
        for one in values:
            if isfinite(one.value) and one.time <= latest:
                by_series[one.device_id, one.quantity, one.channel].append(one)
        gone: dict[int, set[int]] = defaultdict(set)
        for back in taken:
            gone[back.device_id].add(back.frame_id)
        for series in found:
            device = series.device
            given = by_series.get((device.id, series.quantity, series.channel), ())
            frames = frozenset(gone.get(device.id, ()))
            if not given and not frames:
                continue
            for known in rules.watching(device, series.quantity, series.channel):
                samples = [
                    Sample(one.time, one.frame_id, one.value)
                    for one in given
                    if known.record.exercise or not one.marks & SIMULATED
                ]
                rule = rules.rule(known, device.interval)
                yield Weighing(known, rule, series, samples, frames)

    async def weigh(self, weighings: Sequence[Weighing]) -> None:
        """Move tracks, their log and their alarms."""
        if not weighings:
            return
        states = await store.tracks(self.session, {one.series.id for one in weighings})
        tracks = {
            one.key: (states[one.key][0], track)
            for one in weighings
            if one.key in states and (track := _unpacked(one, states[one.key][1])) is not None
        }
        lost = states.keys() - tracks.keys()
        edges = [track.edge for _, track in tracks.values() if track.edge is not None]
        alarms = await store.alarms_of(
            self.session, {one.series.device.id for one in weighings}, min(edges, default=None)
        )
        moved = [one async for one in self._moved(weighings, tracks, alarms, lost)]
        if not moved:
            return
        await store.keep_tracks(
            self.session,
            [(*one.weighing.key, one.weighing.known.version, packed(one.after)) for one in moved],
        )
        for one in moved:
            await self._log(one)
        for one in moved:
            await self.reconciling.episodes(one)
            await self.doubting.look(one, alarms)

    async def _moved(
        self,
        weighings: Sequence[Weighing],
        tracks: Mapping[Key, tuple[int, Track]],
        alarms: Mapping[str, list[Alarm]],
        lost: Collection[Key],
    ) -> AsyncIterator[Moved]:
        for number, one in enumerate(weighings):
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
            version, before = tracks.get(one.key, (0, Track()))
            known = alarms.get(one.about, [])
            anew = version != one.known.version and one.key not in lost
            if anew:
                before = Track(settled=_beginning(one.rule, known))
            after = None if one.key in lost else _observed(one, before)
            if after is None:
                before = await self._begun_anew(one, known)
                after = _observed(one, before)
            if after is not None and after is not before:
                yield Moved(one, before, after, anew, known)

    async def _begun_anew(self, one: Weighing, alarms: Sequence[Alarm]) -> Track:
        """Return where a rule begins whose track is of no use: after what its log says already."""
        edge = await store.last_change(self.session, one.key, one.known.version)
        return Track(settled=_beginning(one.rule, alarms), edge=edge)

    async def _log(self, moved: Moved) -> None:
        """Bring the log up to date with a step, if it says anything else."""
        since = moved.after.since
        said = tuple(one for one in moved.before.log if since is None or one.time > since)
        if said != moved.after.log:
            version = moved.weighing.known.version
            await store.rewrite_log(
                self.session, moved.weighing.key, version, since, moved.after.log
            )


def _unpacked(one: Weighing, state: bytes) -> Track | None:
    """Return a stored track; one that cannot be read begins anew."""
    try:
        return unpacked(state)
    except (TypeError, ValueError, OverflowError) as error:
        log.error(
            "alarm track not readable, begins anew",
            rule=one.known.key,
            series=one.series.id,
            error=type(error).__name__,
        )
        return None


def _observed(one: Weighing, before: Track) -> Track | None:
    """Return the track with the samples weighed; None when it, or the rule, breaks the engine."""
    try:
        return observe(before, one.rule, one.samples, one.gone)
    except Exception as error:  # noqa: BLE001 - a rule must not keep values from storage
        log.error("rule not weighed", rule=one.known.key, error=type(error).__name__)
        return None


def _beginning(rule: Rule, alarms: Sequence[Alarm]) -> Machine:
    """Return where a rule begins that is new at a series; an open alarm goes on."""
    for one in alarms:
        if one.ended_at is None:
            return carried_over(one.severity, rule.levels, one.began_at)
    return Machine()
