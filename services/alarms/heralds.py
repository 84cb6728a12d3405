"""Whom to tell what of an alarm: groups of a chat are looked at, and messages queued.

What was told is written in the transaction that queues the message, so a crash repeats nothing;
the outbox's own keys keep a second look at the same state from sending twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import groups, nights, sight
from services.alarms.groups import DIGEST, Place, Wanted
from services.alarms.model import AlarmDeed, AlarmGroup
from services.alarms.peace import Peaces
from services.alarms.posts import Posts
from services.alarms.rules.calm import Held
from services.alarms.rules.notify import Group, Pace, Plan, Standing, plan
from services.alarms.sight import Sight
from services.alarms.telling import (
    Room,
    attachments,
    digest_of,
    handed_on,
    may_concern,
    news_words,
    of_group,
)
from services.clock import Clock
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.region.service import Region

NEWS, EDIT, DIGEST_KEY = "alarms.news", "alarms.edit", "alarms.digest"
KEPT = timedelta(days=7)
PUT_OFF = timedelta(minutes=5)
LATELY = timedelta(hours=6)
TOLD = "told"
"""What an `AlarmDeed` says when chats were told."""
DIGEST_OF = 50
"""Alarms a digest lists at most."""


@dataclass(frozen=True)
class Heralds:
    """Use cases around telling chats of alarms."""

    session: AsyncSession
    outbox: Outbox
    peaces: Peaces
    posts: Posts
    region: Region
    clock: Clock
    pace: Pace = field(default_factory=Pace)

    async def changed(self, alarm_id: int) -> None:
        """Have everybody who is to hear of an alarm, or was told of it, looked at soon.

        Only a mark, since this is part of storing values; the next look does the rest.
        """
        await groups.mark(self.session, alarm_id)

    async def sights(self, numbers: Collection[int]) -> Sequence[Sight]:
        """Return alarms as they stand now, for who puts them into words."""
        return await sight.alarms(self.session, numbers, self.region.facts.ars)

    async def changes(self, one: Sight) -> int:
        """Return how often an alarm's level changed in the hours before it came to this one."""
        since = one.alarm.level_at - LATELY
        return await sight.changes_since(self.session, one.alarm, since)

    async def group(self, number: int) -> AlarmGroup | None:
        """Return what a chat was told of alarms of one place and type."""
        return await self.session.get(AlarmGroup, number, populate_existing=True)

    async def forget_quiet(self) -> int:
        """Delete what was said long ago of alarms that are over."""
        return await groups.forget_quiet(self.session, self.clock() - KEPT)

    async def next_look(self) -> datetime | None:
        """Return when something falls due; None: when something happens."""
        if await groups.has_marks(self.session):
            return self.clock()
        return await groups.next_look(self.session)

    async def something_is_due(self) -> bool:
        """Whether a look would find anything to look at now."""
        due = await self.next_look()
        return due is not None and due <= self.clock()

    async def route(self) -> None:
        """See whom alarms that changed may concern; those are looked at next."""
        await self._route(await groups.take_marks(self.session), self.clock())

    async def due(self) -> Sequence[int]:
        """Return the groups to look at now."""
        return await groups.numbers_due(self.session, self.clock())

    async def put_off(self, number: int) -> None:
        """Look at a group later that cannot be told now, so that it stops no other."""
        await groups.put_off(self.session, number, self.clock() + PUT_OFF)

    async def look(self, only: int | None = None) -> datetime | None:
        """Tell what is due; return when to look again, None: when something happens.

        `only`: one group of those that are due.
        """
        now = self.clock()
        if only is None:
            await self.route()
        due = await groups.due(self.session, now, only)
        if due:
            room = await self._room(due, now)
            for row in due:
                if row.key == DIGEST:
                    await self._tell_digest(row, room)
                else:
                    await self._tell(row, room)
            self._note(room)
            await self.session.flush()
        return await self.next_look()

    async def _route(self, changed: Collection[int], now: datetime) -> None:
        """Mark the groups of chats that are to hear of alarms that changed."""
        if not changed:
            return
        wanted = await groups.wanted(self.session)
        chats: dict[str, set[Place]] = {}
        peace = await self.peaces.now()
        for one in await self.sights(changed):
            await nights.note(self.session, one, wanted, peace, now)
            places = chats.setdefault(one.group, set())
            if one.alarm.ended_at is None:
                places.update(each.place for each in wanted if may_concern(each.wish, one))
            await self.posts.propose(one)
        for key, places in sorted(chats.items()):
            await groups.look_at(self.session, places, key, now)
            await groups.look_at_all(self.session, key, now)

    async def _room(self, due: Sequence[AlarmGroup], now: datetime) -> Room:
        area = self.region.facts.ars
        known = {one.alarm.id: one for one in await sight.open_alarms(self.session, area)}
        named = {number for row in due for number in _numbers(row)} - known.keys()
        known |= {one.alarm.id: one for one in await sight.alarms(self.session, named, area)}
        wanted = await groups.wanted(self.session, {row.chat_id for row in due})
        return Room(known, wanted, await self.peaces.now(), now)

    async def _tell(self, row: AlarmGroup, room: Room) -> None:
        wishes = room.wishes(Place(row.chat_id, row.thread_id))
        group = groups.unpacked(row)
        known = {n: one for n, one in group.told.items() if n in room.sights}
        group = replace(group, told=handed_on(known, room.sights))
        if not wishes:  # they wish to hear nothing any more, or cannot be written to
            row.told, row.message, row.look_at = {}, None, None
            return
        heard = room.heard(wishes)
        alarms = {n: one for n, one in heard.items() if one.group == row.key}
        alarms |= {n: room.sights[n] for n in group.told}
        standings, again = room.standings(alarms, heard, group.told)
        await self._hold_for_morning(row, standings, group, room)
        planned = plan(group, standings, self.pace, room.now)
        await self._carry_out(row, planned, group, wishes, room)
        row.look_at = min((one for one in (planned.look_again, again) if one), default=None)

    async def _carry_out(
        self,
        row: AlarmGroup,
        planned: Plan,
        before: Group,
        wishes: Sequence[Wanted],
        room: Room,
    ) -> None:
        """Queue the message or the edit, and remember what was said."""
        news = row.told.get("news", "")
        if planned.news:
            news, goes = news_words(planned, before, room), attachments(planned, wishes, room)
            seed = max(one.since for one in wishes).isoformat()
            key = f"alarm:{row.id}:{digest_of(seed, news, of_group(before, planned.news))}"
            await self.outbox.tell(
                row.chat_id,
                NEWS,
                dedup_key=key,
                lane=Lane.ALARM,
                group=row.id,
                thread=row.thread_id,
                news=news,
                silently=int(planned.silently),
                chart=goes.chart or 0,
                place=goes.place or 0,
            )
            row.message = await self.outbox.number(key)
            room.told.update(planned.news.items())
        elif planned.edit and row.message is not None:
            await self.outbox.tell(
                row.chat_id,
                EDIT,
                dedup_key=f"alarm-edit:{row.message}:{room.now.timestamp():.6f}",
                lane=Lane.ALARM,
                group=row.id,
                news=news,
                message=row.message,
            )
        row.told = groups.packed(planned.group, news)
        row.sent_at, row.edited_at = planned.group.sent_at, planned.group.edited_at

    async def _hold_for_morning(
        self, row: AlarmGroup, standings: Mapping[int, Standing], group: Group, room: Room
    ) -> None:
        """Remember what quiet hours hold back: if it is over by their end, a digest names it."""
        held = [
            number
            for number, one in standings.items()
            if one.held is Held.QUIET_HOURS and number not in group.told
        ]
        quiet = room.peace.quiet
        if held and quiet is not None:
            place = Place(row.chat_id, row.thread_id)
            await groups.add_to_digest(self.session, place, held, quiet.end_after(room.now))

    async def _tell_digest(self, row: AlarmGroup, room: Room) -> None:
        """Name what came and went in the quiet hours; what goes on is told as news."""
        numbers = _numbers(row)
        row.told, row.look_at = {}, None
        place = Place(row.chat_id, row.thread_id)
        known = await groups.told_of(self.session, place)
        over = [
            number
            for number in sorted(numbers - known)
            if number in room.sights and room.sights[number].alarm.ended_at is not None
        ]
        if over and room.wishes(place):
            await self.outbox.tell(
                row.chat_id,
                DIGEST_KEY,
                dedup_key=f"alarm-digest:{row.id}:{digest_of(*map(str, over))}",
                lane=Lane.ALARM,
                thread=row.thread_id,
                alarms=" ".join(map(str, over[:DIGEST_OF])),
                count=len(over),
            )

    def _note(self, room: Room) -> None:
        """Write into the history of each alarm how many chats were told."""
        for (number, kind), chats in sorted(room.told.items()):
            severity = room.sights[number].alarm.severity
            self.session.add(
                AlarmDeed(
                    alarm_id=number,
                    at=room.now,
                    what=TOLD,
                    detail={"kind": str(kind), "severity": int(severity), "chats": chats},
                )
            )


def _numbers(row: AlarmGroup) -> set[int]:
    """Return the alarms a row speaks of."""
    if row.key == DIGEST:
        return set(row.told.get("numbers", ()))
    return {int(number) for number in row.told.get("alarms", {})}
