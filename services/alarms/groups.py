"""Queries on what chats want to hear and were told; no decisions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.documents import matcher_in
from services.alarms.model import (
    HAS_NEWS,
    Alarm,
    AlarmGroup,
    AlarmSubscription,
    OwnThreshold,
)
from services.alarms.rules.audience import OWN, Wish
from services.alarms.rules.matching import Matcher
from services.alarms.rules.notify import Group, Told
from services.alarms.rules.records import Severity
from services.chats.model import Chat, State
from services.db import insert_new

log = structlog.get_logger()
DIGEST = "digest"
"""The key of the row that remembers what quiet hours held back."""
LIMIT = 200
"""Groups planned in one transaction."""


@dataclass(frozen=True)
class Place:
    """A chat, and a topic of it where it is a forum (0: none)."""

    chat_id: int
    thread_id: int = 0


@dataclass(frozen=True)
class Wanted:
    """Something a chat wants to hear of, since when, and whether without pictures and places."""

    place: Place
    wish: Wish
    since: datetime
    text_only: bool = False


async def wanted(session: AsyncSession, chats: Collection[int] | None = None) -> Sequence[Wanted]:
    """Return what chats that can be written to want to hear of; None: all of them."""
    subscriptions = select(AlarmSubscription).join(Chat, Chat.id == AlarmSubscription.chat_id)
    own = select(OwnThreshold).join(Chat, Chat.id == OwnThreshold.chat_id)
    if chats is not None:
        subscriptions = subscriptions.where(AlarmSubscription.chat_id.in_(chats))
        own = own.where(OwnThreshold.chat_id.in_(chats))
    found = []
    for one in await session.scalars(subscriptions.where(Chat.state == State.ACTIVE)):
        matcher = matcher_in(one.matcher)
        if matcher is None:
            log.error("subscription to alarms not readable", subscription=one.id)
            matcher = Matcher()  # rather too much than nothing
        place, wish = Place(one.chat_id, one.thread_id or 0), Wish(matcher, one.step)
        found.append(Wanted(place, wish, one.created_at, one.text_only))
    return found + [
        Wanted(Place(one.chat_id), Wish(Matcher(), own=f"{OWN}{one.id}"), one.created_at)
        for one in await session.scalars(
            own.where(Chat.state == State.ACTIVE, OwnThreshold.active.is_(True))
        )
    ]


async def mark(session: AsyncSession, alarm_id: int) -> None:
    """Note that an alarm changed."""
    changed = update(Alarm).where(Alarm.id == alarm_id).values(news=True)
    await session.execute(changed.execution_options(synchronize_session=False))


async def mark_open(session: AsyncSession) -> None:
    """Have every open alarm looked at: somebody new wants to hear."""
    fires = update(Alarm).where(Alarm.ended_at.is_(None)).values(news=True)
    await session.execute(fires.execution_options(synchronize_session=False))


async def has_marks(session: AsyncSession) -> bool:
    """Whether an alarm changed that nobody has looked at."""
    return (await session.scalar(select(Alarm.id).where(HAS_NEWS).limit(1))) is not None


async def take_marks(session: AsyncSession) -> Sequence[int]:
    """Return the alarms that changed, and forget that they did."""
    taken = update(Alarm).where(HAS_NEWS).values(news=False).returning(Alarm.id)
    return (await session.scalars(taken.execution_options(synchronize_session=False))).all()


async def look_at(
    session: AsyncSession, places: Iterable[Place], key: str, moment: datetime
) -> None:
    """Have groups looked at; those that are not there yet begin."""
    rows = [
        {
            "chat_id": place.chat_id,
            "thread_id": place.thread_id,
            "key": key,
            "told": {},
            "look_at": moment,
        }
        for place in sorted(places, key=lambda one: (one.chat_id, one.thread_id))
    ]
    if rows:
        new = insert_new(session, AlarmGroup)
        await session.execute(
            new.on_conflict_do_update(
                index_elements=["chat_id", "thread_id", "key"], set_={"look_at": moment}
            ),
            rows,
        )


async def look_at_all(session: AsyncSession, key: str | None, moment: datetime) -> None:
    """Have every group of a key that is there looked at; None: of all keys."""
    groups = update(AlarmGroup).where(AlarmGroup.key != DIGEST)
    if key is not None:
        groups = groups.where(AlarmGroup.key == key)
    await session.execute(
        groups.values(look_at=moment).execution_options(synchronize_session=False)
    )


async def due(
    session: AsyncSession, now: datetime, only: int | None = None
) -> Sequence[AlarmGroup]:
    """Return groups to look at now, or one of them; nobody else looks at them meanwhile."""
    query = (
        select(AlarmGroup)
        .where(AlarmGroup.look_at <= now)
        .order_by(AlarmGroup.look_at, AlarmGroup.id)
        .limit(LIMIT)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if only is not None:
        query = query.where(AlarmGroup.id == only)
    return (await session.scalars(query)).all()


async def numbers_due(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Return the numbers of groups to look at now."""
    query = select(AlarmGroup.id).where(AlarmGroup.look_at <= now).order_by(AlarmGroup.id)
    return (await session.scalars(query.limit(LIMIT))).all()


async def put_off(session: AsyncSession, number: int, until: datetime) -> None:
    """Look at a group later."""
    later = update(AlarmGroup).where(AlarmGroup.id == number).values(look_at=until)
    await session.execute(later.execution_options(synchronize_session=False))


async def next_look(session: AsyncSession) -> datetime | None:
    """Return when the next group falls due; None: when something happens."""
    found: datetime | None = await session.scalar(
        select(func.min(AlarmGroup.look_at, type_=AlarmGroup.look_at.type))
    )
    return found


def unpacked(row: AlarmGroup) -> Group:
    """Return what the rules work with."""
    alarms: Mapping[str, list[Any]] = row.told.get("alarms", {})
    told = {
        int(number): Told(
            None if severity is None else Severity(severity),
            value,
            datetime.fromisoformat(at),
            flapping,
        )
        for number, (severity, value, at, flapping) in alarms.items()
    }
    return Group(told, row.sent_at, row.edited_at)


def packed(group: Group, news: str) -> dict[str, Any]:
    """Return what is stored: what each alarm was told as, and the news of the newest message."""
    alarms = {
        str(number): [
            None if one.severity is None else int(one.severity),
            one.value,
            one.at.isoformat(),
            one.flapping,
        ]
        for number, one in sorted(group.told.items())
    }
    return {"alarms": alarms, "news": news}


async def add_to_digest(
    session: AsyncSession, place: Place, numbers: Collection[int], until: datetime
) -> None:
    """Remember alarms for the end of the quiet hours."""
    row = await session.scalar(
        select(AlarmGroup).where(
            AlarmGroup.chat_id == place.chat_id,
            AlarmGroup.thread_id == place.thread_id,
            AlarmGroup.key == DIGEST,
        )
    )
    if row is None:
        row = AlarmGroup(chat_id=place.chat_id, thread_id=place.thread_id, key=DIGEST, told={})
        session.add(row)
    known = set(row.told.get("numbers", ()))
    row.told = {"numbers": sorted(known | set(numbers))}
    row.look_at = until
    await session.flush()


async def told_of(session: AsyncSession, place: Place) -> set[int]:
    """Return the alarms a chat was told of in some message."""
    query = select(AlarmGroup.told).where(
        AlarmGroup.chat_id == place.chat_id,
        AlarmGroup.thread_id == place.thread_id,
        AlarmGroup.key != DIGEST,
    )
    return {
        int(number) for told in await session.scalars(query) for number in told.get("alarms", {})
    }


async def forget_quiet(session: AsyncSession, before: datetime) -> int:
    """Delete groups of which nothing fires and nothing was said since a time."""
    query = select(AlarmGroup.id, AlarmGroup.told).where(
        AlarmGroup.look_at.is_(None),
        or_(AlarmGroup.sent_at.is_(None), AlarmGroup.sent_at < before),
    )
    over = [
        number
        for number, told in (await session.execute(query)).all()
        if all(severity is None for severity, *_ in told.get("alarms", {}).values())
    ]
    if over:
        await session.execute(delete(AlarmGroup).where(AlarmGroup.id.in_(over)))
    return len(over)
