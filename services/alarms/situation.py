"""What fires now and what fired before: the board, an alarm's history, the figures of a month."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import choosing, looking, views
from services.alarms.declared import GAUGE, LEVEL, Declared, gauges_at, open_stages
from services.alarms.exercises import Exercises
from services.alarms.model import Alarm, AlarmChange, AlarmDeed, Kind
from services.alarms.peace import Peaces
from services.alarms.rules.calm import Held
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Severity
from services.alarms.views import AlarmView
from services.chats.model import Chat
from services.chats.model import Kind as ChatKind
from services.clock import Clock
from services.devices.model import Device
from services.devices.service import Devices
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import NotAllowedError

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
        silent: devices in use that are not heard; None: not for this chat.
        silences: how many silences hold.
        exercises: how many exercises last.
        declared: the stages that hold; in a group those of waters it hears of.
    """

    at: datetime
    firing: tuple[Seen, ...]
    ended: tuple[AlarmView, ...]
    silent: tuple[Device, ...] | None
    silences: int
    exercises: int
    declared: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class History:
    """An alarm from its beginning to its end, or to now."""

    seen: Seen
    changes: tuple[AlarmChange, ...]
    deeds: tuple[AlarmDeed, ...]
    labels: dict[int, str]
    """Of the staff members in `deeds`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How many alarms of a rule (or kind) began in a month; nothing about persons."""

    kind: Kind
    rule: str
    name: dict[str, Any]
    by_severity: dict[Severity, int]
    withdrawn: int
    exercises: int

    @property
    def total(self) -> int:
        return sum(self.by_severity.values())


@dataclass(frozen=True)
class Situation:
    """Use cases around looking at alarms; a group sees what it subscribed to."""

    session: AsyncSession
    devices: Devices
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
        firing = [one for one in await self._seen(alarms) if _meant(one.alarm, wanted)]
        ended = await looking.ended_since(self.session, now - LATELY, MOST_ENDED)
        over = [one for one in await views.load(self.session, ended) if _meant(one, wanted)]
        silent = None
        if wanted is None and actor.may_somewhere(Action.RUN_SENSORS, now):
            silent = tuple(await self.devices.silent(actor))
        silences = len(await self.peaces.silences())
        exercises = len(await self.exercises.running())
        declared = await self._declared(wanted)
        return Board(now, tuple(firing), tuple(over), silent, silences, exercises, declared)

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
        names = await looking.labels(self.session, {one.staff_id for one in deeds if one.staff_id})
        changes = tuple(await looking.changes(self.session, alarm)) if alarm.series_id else ()
        return History(seen, changes, deeds, names)

    async def of_device(self, actor: Actor, device_id: int) -> Sequence[AlarmView]:
        """Return the newest alarms of a device, for staff."""
        self.require(actor)
        alarms = await looking.of_device(self.session, device_id, MOST_OF_DEVICE)
        return await views.load(self.session, alarms)

    async def figures(self, actor: Actor, since: datetime, until: datetime) -> Sequence[Figure]:
        """Return what began in a time, by rule; acknowledgements and people are not counted."""
        self.require(actor)
        rows = await looking.figures(self.session, since, until)
        names = await looking.newest_rules(self.session, {row[1] for row in rows})
        found: list[Figure] = []
        for kind, rule in dict.fromkeys((row[0], row[1]) for row in rows):
            mine = [row for row in rows if (row[0], row[1]) == (kind, rule)]
            severities: Counter[Severity] = Counter()
            for row in mine:
                severities[Severity(row[2])] += row[5] * (not row[4])
            withdrawn = sum(row[5] for row in mine if row[3] == "withdrawn" and not row[4])
            exercises = sum(row[5] for row in mine if row[4])
            name = names.get(rule, {}).get("name")
            words = dict(name) if isinstance(name, dict) else {}
            by_severity = {one: number for one, number in sorted(severities.items()) if number}
            found.append(Figure(Kind(kind), rule, words, by_severity, withdrawn, exercises))
        return found

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
