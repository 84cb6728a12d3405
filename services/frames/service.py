"""Frames: what devices sent, each once, and what it means.

Messages are worked off in three steps, so that no transaction waits for a maker's script: read
what is known (`look`), decode and measure (`meaning.weigh`), write everything at once (`write`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.devices.arrivals import Arrivals, Met, Sighting, newer
from services.frames import store
from services.frames.meaning import Again, Looked, Weighed
from services.frames.records import Heard, Link, Meant, Outcome, Written
from services.frames.rows import (
    frame_row,
    heard_again,
    meant_row,
    positions_in,
    reading_rows,
    sightings_in,
    taken_back,
)
from services.frames.rules import link_of
from services.readings.records import NewReading, Retention, Taken
from services.readings.rules import EARLIEST
from services.readings.service import Readings
from services.uplinks.service import Raw, Uplinks

NOTHING: Mapping[int, str] = MappingProxyType({})
FORGET = 5000
NEXT = timedelta(microseconds=1)


class TakenByOthersError(Exception):
    """Another process has worked off some of these messages meanwhile."""


@dataclass(frozen=True)
class Frames:
    """Use cases around what devices sent."""

    session: AsyncSession
    uplinks: Uplinks
    arrivals: Arrivals
    readings: Readings
    clock: Clock
    retention: Retention = field(default_factory=Retention)

    async def waiting(self, limit: int) -> Sequence[Raw]:
        """Return messages that are to be worked off, the oldest first."""
        return await self.uplinks.waiting(limit)

    async def look(self, heard: Sequence[Heard]) -> Looked:
        """Return what is known of the devices and frames of messages; takes no lock."""
        contents = {one.content for one in heard if one.content is not None}
        return Looked(
            heard=heard,
            devices=await self.arrivals.known({one.event.address for one in heard}),
            known=await store.known(
                self.session,
                {one.key for one in heard},
                contents,
                {one.time for one in heard},
            ),
        )

    async def write(self, weighed: Weighed, odd: Mapping[int, str] = NOTHING) -> Written:
        """Store what was decided and close its messages; return what changed of the values.

        Args:
            weighed: frames, devices and values; messages that broke stay open.
            odd: messages nothing could be made of, with a slug saying why.

        Raises:
            TakenByOthersError: the messages were worked off by somebody else meanwhile.
        """
        raws = {one.raw for one in weighed.heard} | set(weighed.ignored)
        done = raws - weighed.broken.keys() - odd.keys()
        if await self.uplinks.finish(done, odd) != done | odd.keys():
            raise TakenByOthersError
        devices = {**weighed.devices, **await self.arrivals.meet(weighed.newcomers)}
        for met in weighed.named:
            if await self.arrivals.name(met):
                await store.want_again(self.session, met.id, EARLIEST)
        taken = [back for one, _ in weighed.outcomes for back in taken_back(one)]
        await self.readings.take_back(taken)
        values = await self._write_frames(weighed.outcomes, devices)
        await self.arrivals.heard(sightings_in(weighed.heard, weighed.outcomes, devices))
        positions = positions_in(weighed.heard)
        if positions:
            await store.hear_gateways(self.session, positions)
        return Written(values, taken)

    async def _write_frames(
        self, outcomes: Sequence[tuple[Outcome, Meant | None]], devices: Mapping[str, Met]
    ) -> list[NewReading]:
        new = sum(1 for one, meant in outcomes if meant is not None and one.known is None)
        numbers = iter(await store.numbers(self.session, new) if new else ())
        rows, values, copies, gone = [], [], [], []
        for one, meant in outcomes:
            gone += [known.id for known in one.gone]
            if one.best is None or meant is None:
                if one.known is not None:
                    copies.append((one.known.id, one.copies, one.since, one.until))
                continue
            number = one.known.id if one.known is not None else next(numbers)
            if one.known is not None:
                gone.append(number)  # written anew under its number
            device = devices[one.best.event.address].id
            rows.append(frame_row(number, device, one, meant, store.as_json(meant.decoded)))
            values += reading_rows(number, device, meant)
        if gone:
            await store.remove(self.session, gone)
        if rows:
            await store.put(self.session, rows)
        if copies:
            await store.count_copies(self.session, copies)
        await self.readings.put(values)
        return values

    async def link(self, device_id: int, *, since: datetime, until: datetime) -> Link:
        """Return how a device was heard from a moment to before another."""
        found = await store.of_device(self.session, device_id, since=since, until=until)
        return link_of(found)

    async def decode_again(self, device_id: int, since: datetime) -> None:
        """Have a device's frames since a moment decoded anew: its profile or script changed.

        It is done soon after, in batches beside the messages that come in.
        """
        await store.want_again(self.session, device_id, since)

    async def look_again(self, many: int) -> Again | None:
        """Return frames that are to be decoded anew, of one device; None: there are none."""
        ordered = await store.to_decode_again(self.session)
        met = await self.arrivals.numbered(ordered[0]) if ordered else None
        if ordered is None or met is None:
            return None
        found = await store.frames_since(self.session, met.id, ordered[1], many)
        return Again(
            met=met,
            since=ordered[1],
            following=found[-1].time + NEXT if len(found) >= many else None,
            frames=[(one.id, one.measured_from, heard_again(one)) for one in found],
        )

    async def write_again(self, again: Again, meant: Mapping[int, Meant]) -> Written:
        """Replace the values of frames, unless somebody ordered it anew meanwhile."""
        device = again.met.id
        if not await store.decoded_until(
            self.session, device, was=again.since, following=again.following
        ):
            return Written((), ())
        before = [
            Taken(device, number, measured_from, heard.time)
            for number, measured_from, heard in again.frames
            if measured_from is not None and number in meant
        ]
        await self.readings.take_back(before)
        if meant:
            await store.meant(self.session, [meant_row(number, meant[number]) for number in meant])
        figures = Sighting(device)
        for number, _, heard in again.frames:
            if number in meant and not heard.event.simulated:
                now = meant[number]
                figures.battery = newer(figures.battery, now.battery, heard.time)
                figures.battery_volt = newer(figures.battery_volt, now.battery_volt, heard.time)
        await self.arrivals.heard([figures])
        values = [row for number in meant for row in reading_rows(number, device, meant[number])]
        await self.readings.put(values)
        return Written(values, before)

    async def forget_old(self) -> int:
        """Delete some frames whose time is over; return how many. Their values stay."""
        horizon = self.clock() - self.retention.frames
        return await store.forget(self.session, horizon, FORGET)
