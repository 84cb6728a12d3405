"""A situation room: a gauge whose alarms come and go, groups that hear of them, time that passes.

Alarms are rows, as the evaluation leaves them; all that follows is the real thing.
"""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiogram.methods import EditMessageText, SendMessage
from sqlalchemy import insert, update

from bot.alarms import HeraldDesk
from services.alarms.model import (
    Alarm,
    AlarmRule,
    AlarmSubscription,
    Kind,
    Origin,
    OwnThreshold,
)
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.chats.model import Kind as ChatKind
from services.devices.model import Device, State, Visibility
from services.readings.model import Series
from tests.county import County

FIRE_BRIGADE, COUNTY_DESK, EVERYBODY_ELSE = -1001001, -1001002, -1001003
ZERBST = "150820430430"
KOETHEN = "150820180180"
LEVELS = ("notice", "start", "watch", "guard", "defence")
ADDRESSES = itertools.count(1)


def rule(key: str, **more: Any) -> dict[str, Any]:
    """Return a rule about a gauge as somebody would write it."""
    levels = [{"severity": name, "at": 2.0 + number} for number, name in enumerate(LEVELS)]
    return {
        "id": key,
        "name": {"de": "Hochwasser", "en": "Flood"},
        "quantity": "water.level",
        "levels": levels,
        **more,
    }


@dataclass
class Hall:
    """What happens, and who is told."""

    county: County
    gauge: int = 0
    series: int = 0
    chats: dict[int, int] = field(default_factory=dict)

    async def open(self) -> None:
        self.gauge, self.series = await self.add_gauge("Pegel Muldebrücke")
        await self.add_rule("flood")

    async def add_gauge(self, name: str, ars: str = ZERBST) -> tuple[int, int]:
        """Return the numbers of a new device and of its series."""
        now = self.county.clock()
        device = Device(
            address=f"70b3d57ed{next(ADDRESSES):07x}",
            name=name,
            state=State.RELEASED,
            visibility=Visibility.PUBLIC,
            type="gauge",
            ars=ars,
            water="Mulde",
            latitude=51.6231,
            longitude=12.3325,
            created_at=now,
        )
        async with self.county.application.database.write.begin() as session:
            session.add(device)
            await session.flush()
            series = Series(device_id=device.id, quantity="water.level", channel=0)
            session.add(series)
            await session.flush()
            return device.id, series.id

    async def add_rule(self, key: str, **more: Any) -> None:
        row = AlarmRule(
            key=key,
            version=1,
            origin=Origin.REGION,
            document=rule(key, **more),
            active=True,
            created_at=self.county.clock(),
        )
        async with self.county.application.database.write.begin() as session:
            session.add(row)

    async def group(self, telegram_id: int, thread: int | None = None, **chosen: Any) -> int:
        """Have a group hear of alarms; return our number of the chat."""
        step = chosen.pop("step", 0)
        async with self.county.application.transaction() as services:
            chat = await services.chats.meet(telegram_id, ChatKind.SUPERGROUP, "de")
            row = AlarmSubscription(
                chat_id=chat.id,
                thread_id=thread,
                matcher=Matcher(**chosen).document(),
                step=step,
                created_at=self.county.clock(),
            )
            services.heralds.session.add(row)
            self.chats[telegram_id] = chat.id
            return chat.id

    async def own(self, telegram_id: int, at: float) -> str:
        """Have a citizen hear of a threshold; return the rule's key."""
        async with self.county.application.transaction() as services:
            chat = await services.chats.meet(telegram_id, ChatKind.PRIVATE, "de")
            document = rule("own", levels=[{"severity": "notice", "at": at, "clear": at - 0.1}])
            row = OwnThreshold(
                chat_id=chat.id,
                device_id=self.gauge,
                document=document,
                active=True,
                created_at=self.county.clock(),
            )
            services.heralds.session.add(row)
            await services.heralds.session.flush()
            return f"own:{row.id}"

    async def fires(self, severity: Severity = Severity.START, **columns: Any) -> int:
        """An alarm begins; return its number."""
        now = self.county.clock()
        number = next(ADDRESSES)
        values = {
            "kind": Kind.VALUE,
            "about": f"flood:{number}",
            "rule_key": "flood",
            "device_id": self.gauge,
            "series_id": self.series,
            "level": int(severity),
            "severity": int(severity),
            "highest": int(severity),
            "began_at": now,
            "level_at": now,
            "value": 2.05 + severity,
            "value_at": now,
            "end": "",
            "escalated": 0,
            **dict.fromkeys(("recovering", "flapping", "exercise", "inhibited"), False),
            **columns,
        }
        async with self.county.application.transaction() as services:
            session = services.heralds.session
            alarm: int = await session.scalar(insert(Alarm).values(**values).returning(Alarm.id))
            await services.heralds.changed(alarm)
        return alarm

    async def becomes(self, alarm: int, severity: Severity | None = None, **columns: Any) -> None:
        """An alarm changes as the evaluation would change it; a rise voids who took it on."""
        async with self.county.application.transaction() as services:
            session = services.heralds.session
            known = await session.get_one(Alarm, alarm)
            values = dict(columns)
            if severity is not None:
                values |= {
                    "severity": int(severity),
                    "level": int(severity),
                    "highest": max(int(severity), known.highest),
                    "level_at": self.county.clock(),
                }
                if severity > known.severity:
                    values |= {"acknowledged_by": None, "acknowledged_at": None, "escalated": 0}
            if "value" in values:
                values["value_at"] = self.county.clock()
            await session.execute(update(Alarm).where(Alarm.id == alarm).values(**values))
            await services.heralds.changed(alarm)

    async def ends(self, alarm: int, end: str = "cleared") -> None:
        now = self.county.clock()
        await self.becomes(alarm, ended_at=now, level_at=now, end=end)

    async def looks(self) -> None:
        """Plan and send what is due now."""
        desk = HeraldDesk(self.county.application.work)
        for _ in range(20):
            if not await desk.look():
                break
        else:
            raise AssertionError("it never comes to rest")
        await self.county.delivery.drain()

    async def passes(self, **step: float) -> None:
        """Let time pass, with all that falls due meanwhile at its time."""
        until = self.county.clock() + timedelta(**step)
        await self.looks()
        for _ in range(500):
            async with self.county.application.work.reading() as services:
                due = await services.heralds.next_look()
            if due is None or due > until:
                break
            self.county.clock.now = max(self.county.clock(), due)
            await self.looks()
        else:
            raise AssertionError("it never comes to rest")
        self.county.clock.now = until
        await self.looks()

    async def until(self, moment: datetime) -> None:
        await self.passes(seconds=(moment - self.county.clock()).total_seconds())

    def sent(self, telegram_id: int) -> list[SendMessage]:
        """Return the messages a chat was sent."""
        return [
            one
            for one in self.county.telegram.log
            if isinstance(one, SendMessage) and one.chat_id == telegram_id
        ]

    def edits(self, telegram_id: int) -> list[EditMessageText]:
        """Return what was changed in a chat."""
        return [
            one
            for one in self.county.telegram.log
            if isinstance(one, EditMessageText) and one.chat_id == telegram_id
        ]

    def words(self, telegram_id: int) -> list[str]:
        return [one.text for one in self.sent(telegram_id)]
