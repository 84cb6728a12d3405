"""Whom to tell what of an alarm: groups of a chat are looked at, and messages queued.

What was told is written in the transaction that queues the message, so a crash repeats nothing;
the outbox's own keys keep a second look at the same state from sending twice.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import groups, sight
from services.alarms.groups import DIGEST, Place, Wanted
from services.alarms.model import AlarmDeed, AlarmGroup
from services.alarms.peace import Peaces
from services.alarms.posts import Posts
from services.alarms.rules.audience import concerns, hears, inhibited
from services.alarms.rules.calm import Held, Peace
from services.alarms.rules.notify import Group, News, Pace, Plan, Standing, plan
from services.alarms.sight import Sight
from services.clock import Clock
from services.outbox.model import Lane
from services.outbox.service import Outbox
from services.region.service import Region

LOOK_AGAIN = timedelta(minutes=1)
"""Something held back without a known end is looked at as often."""
NEWS, EDIT, DIGEST_KEY = "alarms.news", "alarms.edit", "alarms.digest"
KEPT = timedelta(days=7)
TOLD = "told"
"""What an `AlarmDeed` says when chats were told."""
DIGEST_OF = 50
"""Alarms a digest lists at most."""


@dataclass
class Room:
    """Everything a look needs to know, read once."""

    sights: Mapping[int, Sight]
    wanted: Sequence[Wanted]
    peace: Peace
    now: datetime
    told: Counter[tuple[int, News]] = field(default_factory=Counter)

    def wishes(self, place: Place) -> list[Wanted]:
        return [one for one in self.wanted if one.place == place]

    def heard(self, wishes: Sequence[Wanted]) -> dict[int, Sight]:
        """Return the open alarms a chat is to hear of."""
        return {
            number: one
            for number, one in self.sights.items()
            if one.alarm.ended_at is None
            and any(
                hears(w.wish, one.rule, one.labels, one.severity, one.alarm.escalated)
                for w in wishes
            )
        }


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
        """Have everybody who is to hear of an alarm, or was told of it, looked at now."""
        found = await sight.alarms(self.session, [alarm_id], self.region.facts.ars)
        if not found:
            return
        [one] = found
        wanted = await groups.wanted(self.session)
        places = {
            each.place
            for each in wanted
            if concerns(each.wish, one.rule, one.labels)
            or hears(each.wish, one.rule, one.labels, one.severity, one.alarm.escalated)
        }
        now = self.clock()
        if one.alarm.ended_at is None:
            await groups.look_at(self.session, places, one.group, now)
        await groups.look_at_all(self.session, one.group, now)
        await self.posts.propose(one)

    async def sights(self, numbers: Collection[int]) -> Sequence[Sight]:
        """Return alarms as they stand now, for who puts them into words."""
        return await sight.alarms(self.session, numbers, self.region.facts.ars)

    async def group(self, number: int) -> AlarmGroup | None:
        """Return what a chat was told of alarms of one place and type."""
        return await self.session.get(AlarmGroup, number, populate_existing=True)

    async def forget_quiet(self) -> int:
        """Delete what was said long ago of alarms that are over."""
        return await groups.forget_quiet(self.session, self.clock() - KEPT)

    async def something_is_due(self) -> bool:
        """Whether a look would find anything to look at now."""
        due = await groups.next_look(self.session)
        return due is not None and due <= self.clock()

    async def look(self) -> datetime | None:
        """Tell what is due; return when to look again, None: when something happens."""
        now = self.clock()
        due = await groups.due(self.session, now)
        if due:
            room = await self._room(due, now)
            for row in due:
                if row.key == DIGEST:
                    await self._tell_digest(row, room)
                else:
                    await self._tell(row, room)
            self._note(room)
            await self.session.flush()
        return await groups.next_look(self.session)

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
        told = {n: one for n, one in group.told.items() if n in room.sights}
        group = replace(group, told=told)
        if not wishes:  # they wish to hear nothing any more, or cannot be written to
            row.told, row.message, row.look_at = {}, None, None
            return
        heard = room.heard(wishes)
        alarms = {n: one for n, one in heard.items() if one.group == row.key}
        alarms |= {n: room.sights[n] for n in group.told}
        standings, again = self._standings(alarms, _inhibited(heard), room)
        await self._hold_for_morning(row, standings, group, room)
        planned = plan(group, standings, self.pace, room.now)
        await self._carry_out(row, planned, group, wishes, room)
        row.look_at = min((one for one in (planned.look_again, again) if one), default=None)

    def _standings(
        self, alarms: Mapping[int, Sight], explained: Collection[int], room: Room
    ) -> tuple[dict[int, Standing], datetime | None]:
        """Return how alarms stand, and when something held back may be told."""
        found, again = {}, []
        for number, one in alarms.items():
            if one.alarm.ended_at is not None:
                found[number] = Standing(None, max(one.alarm.ended_at, one.alarm.level_at))
                continue
            labels, severity = one.labels, one.severity
            is_explained = number in explained or one.alarm.inhibited
            held = room.peace.held(labels, severity, room.now, inhibited=is_explained)
            if held is not None:
                free = room.peace.free_at(labels, severity, room.now)
                again.append(room.now + LOOK_AGAIN if is_explained or free is None else free)
            found[number] = _standing(one, held)
        return found, min(again, default=None)

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
            news = _news_words(planned, before, room)
            seed = max(one.since for one in wishes).isoformat()
            key = f"alarm:{row.id}:{_digest(seed, news, _of_group(before, planned.news))}"
            await self.outbox.tell(
                row.chat_id,
                NEWS,
                dedup_key=key,
                lane=Lane.ALARM,
                group=row.id,
                thread=row.thread_id,
                news=news,
                silently=int(planned.silently),
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
                dedup_key=f"alarm-digest:{row.id}:{_digest(*map(str, over))}",
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


def _standing(one: Sight, held: Held | None) -> Standing:
    alarm = one.alarm
    value = "" if alarm.value is None else f"{alarm.value:.6g}"
    return Standing(
        one.severity,
        alarm.level_at,
        f"{value}|{alarm.acknowledged_by or ''}|{'r' if alarm.recovering else ''}",
        alarm.acknowledged_at is not None,
        held,
        alarm.flapping,
    )


def _inhibited(heard: Mapping[int, Sight]) -> set[int]:
    """Return what a graver alarm explains that the same chat hears of."""
    return inhibited(
        {n: (one.alarm.series_id, one.severity) for n, one in heard.items() if not one.is_own}
    )


def _numbers(row: AlarmGroup) -> set[int]:
    """Return the alarms a row speaks of."""
    if row.key == DIGEST:
        return set(row.told.get("numbers", ()))
    return {int(number) for number in row.told.get("alarms", {})}


def _news_words(planned: Plan, before: Group, room: Room) -> str:
    """Return the news as one word each: number, why, severity at this moment."""
    words = []
    for number, kind in sorted(planned.news.items()):
        told = before.told.get(number)
        alarm = room.sights[number].alarm
        severity = alarm.severity if kind is not News.RESOLVED else alarm.highest
        if kind is News.REPEATED and told is not None and told.severity is not None:
            severity = told.severity
        words.append(f"{number}.{kind}.{int(severity)}")
    return " ".join(words)


def _of_group(group: Group, news: Mapping[int, News]) -> str:
    """Return what was known of the news' alarms before: it tells two equal messages apart."""
    return " ".join(
        f"{number}:{group.told[number].at.isoformat()}"
        for number in sorted(news)
        if number in group.told
    )


def _digest(*words: str) -> str:
    return sha256("\n".join(words).encode()).hexdigest()[:32]
