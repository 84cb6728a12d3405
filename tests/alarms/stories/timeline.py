"""Stories of sensors and those who hear of them, told by the clock on the wall.

    await at("12:00").sensor("pegel-1", level=2.40)
    await at("12:05").group(FIRE_BRIGADE).is_told("Richtwert überschritten")

Nothing is left out between the two: the network server's message is stored, decoded, weighed in
the transaction that keeps its values; heralds, clockwork and delivery do what falls due meanwhile.
`is_told…` looks at what came since it looked last.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram.methods import AnswerCallbackQuery, SendMessage
from sqlalchemy import text as sql

from handlers.alarms.wording import ICONS
from services.alarms.known import RuleCache
from services.alarms.rules.calm import LocalHours
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.staff.rules import Role
from tests.alarms.field import record, released, take_in
from tests.alarms.hall import ZERBST, Hall
from tests.county import County, Person
from tests.frames.plain import Sent, chirpstack, things, work_off
from tests.rigging import label

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 11, 20)
OFTEN, SELDOM = timedelta(minutes=15), timedelta(hours=1)
LONG, A_MINUTE = timedelta(hours=3), timedelta(minutes=1)
BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""Told on both databases; other stories on one."""
MAST = "0016c001f1500001"
"""The gateway that hears a sensor, unless a story says otherwise."""


@dataclass
class Timeline:
    """A county on one Friday (and the days after), its sensors, and who was told what so far."""

    county: County
    first_day: date = FRIDAY
    sensors: dict[str, str] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    sent: int = 1000

    @property
    def hall(self) -> Hall:
        return Hall(self.county)

    def at(self, moment: str) -> "Moment":
        """Return a time of the wall clock: "12:00", or of a later day: "+1 06:00"."""
        days, _, clock = moment.rpartition(" ")
        day = self.first_day + timedelta(days=int(days or 0))
        local = datetime.combine(day, time.fromisoformat(clock), BERLIN)
        return Moment(self, local.astimezone(UTC))

    async def rules(self, *changes: dict[str, Any]) -> None:
        """Let these be the county's rules, each as the usual one of the Mulde with changes."""
        await take_in(self.county.application, *(record(**one) for one in changes))

    async def gauge(self, name: str = "pegel-1", *, every: int | None = 15, **more: Any) -> None:
        """Put up a gauge that reports every so many minutes; None: nobody said how often."""
        self.sensors[name] = eui = f"70b3d57ed0{len(self.sensors) + 1:06x}"
        columns = {"name": name, "ars": ZERBST, "interval_seconds": every and every * 60}
        await released(self.county.application, eui, **{**columns, **more})

    async def group(self, telegram_id: int, **chosen: Any) -> None:
        """Have a group hear of alarms: area, type, at_least, step."""
        await self.hall.group(telegram_id, **chosen)

    async def staff(self, number: int = 2001, role: Role = Role.OPERATOR) -> Person:
        return await self.county.staff(number, role)

    def restarts(self) -> None:
        """Begin as a new process does, with nothing in memory."""
        work = self.county.application.work
        work.house = replace(work.house, rules=RuleCache())

    async def passes(self, until: datetime) -> None:
        """Let time pass with all that falls due: messages, silence, escalation."""
        clock = self.county.clock
        assert until >= clock(), f"the story is already at {clock().astimezone(BERLIN)}"
        worked = False
        while clock() < until:
            tick = SELDOM if until - clock() > LONG else OFTEN
            async with self.county.application.work.reading() as services:
                due = await services.heralds.next_look()
            soon = max(due, clock()) if due else until
            just_before = until - A_MINUTE if until - clock() > A_MINUTE else until
            clock.now = min(just_before, clock() + tick, soon)
            if clock() == soon < until or (clock() == until and worked):
                await self.hall.looks()
            else:
                await self.clockwork()
                worked = True

    async def clockwork(self) -> None:
        """Do what the clock brings in earnest every few seconds."""
        async with self.county.application.transaction() as services:
            await services.alarms.look_for_silence()
            await services.acknowledgements.escalate()
        await self.hall.looks()

    def heard_by(self, chat: int) -> list[SendMessage]:
        """Return the messages a chat got since it was asked last."""
        sent = self.hall.sent(chat)
        before, self.known[chat] = self.known.get(chat, 0), len(sent)
        return sent[before:]


@dataclass(frozen=True)
class Moment:
    """A moment of a story; awaited by itself, time passes until then."""

    story: Timeline
    time: datetime

    def __await__(self) -> Generator[Any, Any, None]:
        return self.story.passes(self.time).__await__()

    async def sensor(
        self, name: str = "pegel-1", *levels: float, level: float | None = None, **more: Any
    ) -> Sent:
        """Let a sensor report; `measured` is when, where that was earlier ("11:30")."""
        await self
        sent = self.message(name, levels[0] if level is None else level, **more)
        await self.repeats(sent)
        return sent

    async def sensors(self, names: Sequence[str], level: float, **more: Any) -> None:
        """Let several sensors report at once."""
        await self
        await self.batch(*(self.message(one, level, **more) for one in names))

    async def backlog(self, name: str, **measured: float) -> None:
        """Let values of earlier times arrive at once: `t02_15=3.1`."""
        times = {when[1:].replace("_", ":"): level for when, level in measured.items()}
        await self
        day = f"+{(self.time.astimezone(BERLIN).date() - self.story.first_day).days} "
        await self.batch(
            *(self.message(name, one, measured=day + when) for when, one in times.items())
        )

    async def batch(self, *sent: Sent) -> None:
        """Let messages arrive and be worked off together."""
        await self
        await work_off(self.story.county.application, *sent)
        await self.story.hall.looks()

    async def repeats(self, sent: Sent) -> None:
        """Let the very same message arrive (again)."""
        await self.batch(sent)

    def message(
        self,
        name: str,
        level: float,
        *,
        measured: str = "",
        heard_by: str = MAST,
        simulated: bool = False,
    ) -> Sent:
        """Return what a network server sends when a sensor reports."""
        story = self.story
        story.sent += 1
        time = story.at(measured).time if measured else self.time
        payload, eui = round(level * 100).to_bytes(2, "big"), story.sensors[name]
        if simulated:
            return things(time, story.sent, payload, eui=eui, simulated=True)
        sent = chirpstack(time, story.sent, payload, eui=eui)
        return replace(sent, body=sent.body.replace(b"0016c001f1500812", heard_by.encode()))

    async def status(self, *, battery: float = 80, margin: int = 9) -> None:
        """Let a device tell its charge (%) and margin (dB), and have its figures looked at."""
        eui, key = self.story.sensors["pegel-1"], f"status-{self.time}"
        told = {"event": "status", "batteryLevel": battery, "margin": margin}
        await self.batch(chirpstack(self.time, eui=eui, key=key, **told))
        await self.figures()

    async def figures(self) -> None:
        """Have the figures of devices looked at, as happens every quarter of an hour."""
        await self
        async with self.story.county.application.transaction() as services:
            await services.alarms.look_at_figures()
        await self.story.clockwork()

    async def source(self, *, silent: bool) -> None:
        """Let it be noticed that a network server fell silent, or speaks again."""
        await self
        since = "heard_at" if silent else "NULL"
        async with self.story.county.application.database.write.begin() as session:
            await session.execute(sql(f"UPDATE uplink_source SET silent_since = {since}"))  # noqa: S608
        await self.story.clockwork()

    async def silenced(self, person: Person, *, until: str, reason: str, **chosen: Any) -> None:
        """Have somebody silence some alarms."""
        await self
        async with self.story.county.application.transaction() as services:
            chat = await services.chats.find(person.id)
            actor = await services.staff.actor(chat.id)
            await services.peaces.silence(
                actor, Matcher(**chosen), until=self.story.at(until).time, reason=reason
            )

    async def maintained(self, person: Person, start: str, end: str, **chosen: Any) -> None:
        """Have somebody set up a window of maintenance on every day."""
        await self
        window = LocalHours(time.fromisoformat(start), time.fromisoformat(end), BERLIN)
        async with self.story.county.application.transaction() as services:
            chat = await services.chats.find(person.id)
            actor = await services.staff.actor(chat.id)
            await services.peaces.maintain(actor, Matcher(**chosen), window, reason="Spülung")

    async def says(self, person: Person, words: str) -> str:
        await self
        answer = await person.says(words)
        await self.story.hall.looks()
        return answer

    async def taps(self, person: Person, group: int, button: str) -> str:
        """Press the newest button of a group's messages; return the short answer above them."""
        await self
        county = self.story.county
        name = label(county, button)
        [*_, said] = [
            one for one in county.telegram.said if one.chat_id == group and name in one.buttons
        ]
        query = {
            "id": str(next(county.updates)),
            "from": person._user(),  # noqa: SLF001 - the same person in a group
            "chat_instance": "1",
            "data": said.buttons[name],
            "message": {
                "message_id": said.message_id,
                "date": int(county.clock().timestamp()),
                "chat": {"id": group, "type": "supergroup", "title": "Feuerwehr"},
                "text": "…",
            },
        }
        await county.receives({"update_id": next(county.updates), "callback_query": query})
        await county.settle()
        await self.story.hall.looks()
        answers = [one for one in county.telegram.log if isinstance(one, AnswerCallbackQuery)]
        return answers[-1].text or ""

    def group(self, chat: int) -> "Ear":
        return Ear(self, chat)

    citizen = group


Part = str | Severity


@dataclass(frozen=True)
class Ear:
    """What a chat hears up to a moment."""

    moment: Moment
    chat: int

    async def is_told(
        self, *parts: Part, sound: bool | None = None, never: Sequence[Part] = ()
    ) -> str:
        """One message came, with these parts and none of `never`; return it."""
        await self.moment
        came = self.moment.story.heard_by(self.chat)
        assert len(came) == 1, [one.text for one in came]
        for part in parts:
            assert shown(part) in came[0].text
        for part in never:
            assert shown(part) not in came[0].text
        if sound is not None:
            assert (not came[0].disable_notification) is sound
        return came[0].text

    async def is_told_in_turn(self, *parts: Part) -> None:
        """So many messages came, one after the other, each with its part."""
        await self.moment
        came = [one.text for one in self.moment.story.heard_by(self.chat)]
        assert len(came) == len(parts), came
        for text, part in zip(came, parts, strict=True):
            assert shown(part) in text

    async def is_told_nothing(self) -> None:
        await self.moment
        assert [one.text for one in self.moment.story.heard_by(self.chat)] == []

    async def sees(self, *parts: Part) -> None:
        """The newest message says this by now, changed in its place; no new one came."""
        await self.is_told_nothing()
        edits = self.moment.story.hall.edits(self.chat)
        assert edits, "no message was changed"
        for part in parts:
            assert shown(part) in edits[-1].text


def shown(part: Part) -> str:
    """Return how something shows in a message; a severity by its sign."""
    return ICONS[part] if isinstance(part, Severity) else part
