"""What fires now and what fired before: the board, an alarm's history, the figures of a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import choosing, looking, views
from services.alarms.declared import GAUGE, LEVEL, Declared, gauges_at, open_stages
from services.alarms.exercises import Exercises
from services.alarms.hearing import Hearing, hearing
from services.alarms.model import Alarm, AlarmChange, AlarmDeed, AlarmPost, AlarmSilence
from services.alarms.monthly import Monthly, monthly
from services.alarms.peace import Peaces
from services.alarms.rules.calm import Held
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.service import Alarms
from services.alarms.views import AlarmView
from services.chats.model import Chat
from services.chats.model import Kind as ChatKind
from services.clock import Clock
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import NotAllowedError
from services.uplinks.service import Uplinks

LATELY = timedelta(hours=24)
MOST_ENDED = 10
MOST_OF_DEVICE = 10
MAY_LOOK = (Action.HANDLE_ALARMS, Action.RUN_SENSORS)


class NoSuchAlarmError(ServiceError):
    """There is no such alarm, or it is not for this chat to see."""

    text_key = "alarms.no-such-alarm"


@dataclass(frozen=True, slots=True)
class Seen:
    """An alarm, the label of who took it on ("": nobody), and why nobody is told of it."""

    alarm: AlarmView
    taken_by: str = ""
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """What stands at a moment.

    Attributes:
        firing: the gravest first; alarms of silence among them.
        ended: of the last 24 hours, the newest first.
        hearing: network servers and devices that are not heard.
        silences: how many silences hold.
        exercises: how many exercises last.
        declared: the stages that hold; in a group those of waters it hears of.
    """

    at: datetime
    firing: tuple[Seen, ...]
    ended: tuple[AlarmView, ...]
    hearing: Hearing
    silences: int
    exercises: int
    declared: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class History:
    """An alarm from its beginning to its end, or to now."""

    seen: Seen
    changes: tuple[AlarmChange, ...]
    deeds: tuple[AlarmDeed, ...]
    posts: tuple[AlarmPost, ...]
    silences: tuple[AlarmSilence, ...]
    """Those that held it back at some time."""
    labels: dict[int, str]
    """Of the staff members who did something."""


@dataclass(frozen=True)
class Situation:
    """Use cases around looking at alarms; a group sees what it subscribed to."""

    session: AsyncSession
    alarms: Alarms
    uplinks: Uplinks
    peaces: Peaces
    exercises: Exercises
    region: Region
    clock: Clock

    def may_look(self, actor: Actor) -> bool:
        now = self.clock()
        return any(actor.may_somewhere(action, now) for action in MAY_LOOK)

    def require(self, actor: Actor) -> None:
        """Raise `NotAllowedError` unless somebody may look at alarms."""
        if not self.may_look(actor):
            raise NotAllowedError(area=self.region.facts.name)

    async def board(self, actor: Actor, chat: Chat) -> Board:
        """Return what fires now, or raise `NotAllowedError`."""
        wanted = await self._matchers(actor, chat)
        now = self.clock()
        alarms = await looking.open_alarms(self.session)
        seen = await self._seen(alarms)
        firing = [one for one in seen if _meant(one.alarm, wanted)]
        ended = await looking.ended_since(self.session, now - LATELY, MOST_ENDED)
        over = [one for one in await views.load(self.session, ended) if _meant(one, wanted)]
        heard = await hearing(
            self.session,
            await self.alarms.standings(),
            [one.alarm for one in seen],
            {name: one.label for name, one in self.uplinks.sources.items()},
            wanted,
        )
        silences = len(await self.peaces.silences())
        exercises = len(await self.exercises.running())
        declared = await self._declared(wanted)
        return Board(now, tuple(firing), tuple(over), heard, silences, exercises, declared)

    async def history(self, actor: Actor, chat: Chat, alarm_id: int) -> History:
        """Return an alarm with everything that happened, or raise `NoSuchAlarmError`."""
        wanted = await self._matchers(actor, chat)
        alarm = await looking.one(self.session, alarm_id)
        if alarm is None:
            raise NoSuchAlarmError
        [seen] = await self._seen([alarm])
        if not _meant(seen.alarm, wanted):
            raise NoSuchAlarmError
        deeds = tuple(await looking.deeds(self.session, alarm_id))
        posts = tuple(await looking.posts(self.session, alarm_id))
        silences = await self._silences(seen.alarm)
        people = {one.staff_id for one in deeds} | {one.decided_by for one in posts}
        people |= {one.created_by for one in silences}
        names = await looking.labels(self.session, {one for one in people if one is not None})
        changes = tuple(await looking.changes(self.session, alarm)) if alarm.series_id else ()
        return History(seen, changes, deeds, posts, silences, names)

    async def _silences(self, alarm: AlarmView) -> tuple[AlarmSilence, ...]:
        """Return the silences that held an alarm back, at the gravest severity it had."""
        until = alarm.ended_at or self.clock()
        found = await looking.silences(self.session, alarm.began_at, until)
        return tuple(
            one for one in found if Matcher.of(one.matcher).matches(alarm.labels, alarm.highest)
        )

    async def of_device(self, actor: Actor, device_id: int) -> Sequence[AlarmView]:
        """Return the newest alarms of a device, for staff."""
        self.require(actor)
        alarms = await looking.of_device(self.session, device_id, MOST_OF_DEVICE)
        return await views.load(self.session, alarms)

    async def month(self, actor: Actor, since: datetime, until: datetime) -> Monthly:
        """Return the figures of a time; nothing about persons."""
        self.require(actor)
        return await monthly(self.session, since, until, self.clock())

    async def _matchers(self, actor: Actor, chat: Chat) -> list[Matcher] | None:
        """Return what a group may see; None: everything, for staff alone with the bot."""
        if chat.kind == ChatKind.PRIVATE:
            self.require(actor)
            return None
        rows = await choosing.subscriptions_of(self.session, chat.id, None, every_thread=True)
        if not rows:
            raise NotAllowedError(area=self.region.facts.name)
        return [Matcher.of(row.matcher) for row in rows]

    async def _declared(self, wanted: list[Matcher] | None) -> tuple[Declared, ...]:
        """Return the stages that hold where one of these matchers means a gauge."""
        found = []
        for one in await open_stages(self.session):
            here = Labels("", None, GAUGE, one.ars, LEVEL)
            gauges = [here, *await gauges_at(self.session, one.water, one.ars)]
            if wanted is None or any(each.concerns(g) for each in wanted for g in gauges):
                found.append(one)
        return tuple(found)

    async def _seen(self, alarms: Sequence[Alarm]) -> list[Seen]:
        found = await views.load(self.session, alarms)
        staff = {one.acknowledged_by for one in found if one.acknowledged_by is not None}
        labels = await looking.labels(self.session, staff)
        peace, now = await self.peaces.now(), self.clock()
        return [
            Seen(
                one,
                labels.get(one.acknowledged_by or 0, ""),
                peace.held(one.labels, one.severity, now, inhibited=one.inhibited),
            )
            for one in found
        ]


def _meant(alarm: AlarmView, wanted: list[Matcher] | None) -> bool:
    return wanted is None or any(one.concerns(alarm.labels) for one in wanted)
