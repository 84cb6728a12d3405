"""How much waits and how long, in all processes: read when the monitoring asks."""

import time
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.unit_of_work import UnitsOfWork
from services.inbox.model import FAILED, NEW, InboxUpdate
from services.outbox.model import Lane, OutboxMessage, Status
from services.readings.model import RollupDue
from services.uplinks.model import RawUplink, UplinkSource
from services.uplinks.statements import NEW as IS_NEW

FRESH_SECONDS = 5.0
MOST_COUNTED = 200_000
"""Counting goes no further: it should take no longer when much waits."""
WAITING = (Status.QUEUED, Status.SENDING, Status.UNKNOWN, Status.FAILED)


class Figures:
    """The queues in Prometheus' text format, at most five seconds old."""

    def __init__(self, work: UnitsOfWork) -> None:
        self.work = work
        self.at = float("-inf")
        self.text = b""

    async def read(self) -> bytes:
        """Return the figures; raise the database's error when it does not answer."""
        if time.monotonic() - self.at > FRESH_SECONDS:
            self.text = await self._read()
            self.at = time.monotonic()
        return self.text

    async def _read(self) -> bytes:
        registry, now = CollectorRegistry(), self.work.house.clock()
        async with self.work.database.read() as session:
            await _inbox(session, registry, now)
            await _outbox(session, registry, now)
            await _uplinks(session, registry, now)
        async with self.work.reading() as services:
            snapshot = await services.catalogue.snapshot()
        _gauge(registry, "catalogue_services", "Services in the catalogue").set(
            len(snapshot.services)
        )
        return generate_latest(registry)


async def _inbox(session: AsyncSession, registry: CollectorRegistry, now: datetime) -> None:
    counts = _gauge(registry, "inbox_updates", "Updates that wait or were set aside", "state")
    oldest = _gauge(registry, "inbox_oldest_seconds", "Age of the oldest update that waits")
    query = (
        select(InboxUpdate.state, func.count(), func.min(InboxUpdate.received_at))
        .where(InboxUpdate.state.in_((NEW, FAILED)))
        .group_by(InboxUpdate.state)
    )
    found = {state: (count, since) for state, count, since in await session.execute(query)}
    for state in (NEW, FAILED):
        counts.labels(state).set(found[state][0] if state in found else 0)
    oldest.set((now - found[NEW][1]).total_seconds() if NEW in found else 0)


async def _uplinks(session: AsyncSession, registry: CollectorRegistry, now: datetime) -> None:
    new = RawUplink.stage == IS_NEW
    some = select(RawUplink.id).where(new).limit(MOST_COUNTED).subquery()
    count = await session.scalar(select(func.count()).select_from(some))
    _gauge(registry, "uplinks_waiting", "Messages of network servers to be worked off").set(
        count or 0
    )
    first = select(RawUplink.received_at).where(new).order_by(RawUplink.id).limit(1)
    since = await session.scalar(first)
    oldest = _gauge(registry, "uplinks_oldest_seconds", "Age of the oldest one that waits")
    oldest.set(max(0.0, (now - since).total_seconds()) if since else 0)
    due = select(RollupDue.series_id).limit(MOST_COUNTED).subquery()
    hours = await session.scalar(select(func.count()).select_from(due))
    _gauge(registry, "rollup_due", "Hours of series that are to be added up").set(hours or 0)
    heard = _gauge(registry, "source_heard_seconds", "How long ago a source was heard", "source")
    for name, at in await session.execute(select(UplinkSource.name, UplinkSource.heard_at)):
        if at is not None:
            heard.labels(name).set((now - at).total_seconds())


async def _outbox(session: AsyncSession, registry: CollectorRegistry, now: datetime) -> None:
    counts = _gauge(registry, "outbox_messages", "Messages not sent", "lane", "status")
    oldest = _gauge(registry, "outbox_oldest_due_seconds", "How long the oldest is due", "lane")
    due = case((OutboxMessage.status == Status.QUEUED, OutboxMessage.not_before))
    query = (
        select(OutboxMessage.lane, OutboxMessage.status, func.count(), func.min(due))
        .where(OutboxMessage.status.in_(WAITING))
        .group_by(OutboxMessage.lane, OutboxMessage.status)
    )
    for lane in Lane:
        oldest.labels(lane.name.lower()).set(0)
        for status in WAITING:
            counts.labels(lane.name.lower(), status).set(0)
    for number, status, count, since in await session.execute(query):
        name = Lane(number).name.lower()
        counts.labels(name, status).set(count)
        if since is not None:
            oldest.labels(name).set(max(0.0, (now - since).total_seconds()))


def _gauge(registry: CollectorRegistry, name: str, what: str, *labels: str) -> Gauge:
    return Gauge(f"abibot_{name}", what, labels, registry=registry)
