"""Alarms: how long from an accepted uplink to a message in the outbox, and what the state costs.

Four questions. How often a real gauge of 2020 would have changed its level: naively, with
hysteresis, with patience, with both. How large the state of 10,000 devices with 5 rules is, in
memory and in the database. How many alarms an outage of a gateway with 1,000 devices is. And how
long it takes at 500 uplinks a second from the acceptance of an uplink that reaches a grave level
until the message for a subscribed group stands in the outbox, seen from another connection.
"""

import argparse
import asyncio
import csv
import json
import tempfile
import time
import tracemalloc
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.uplinks_decode import body, open_house
from bot.alarms import HeraldDesk
from bot.application import Application
from bot.migrate import migrate
from bot.settings import REGIONS, DatabaseSettings
from bot.tasks import Tasks
from bot.uplinks import UplinkDesk, profiles_of
from lorawan.events import Form
from lorawan.sandbox import Sandbox
from services.alarms.model import AlarmSubscription
from services.alarms.packing import packed, unpacked
from services.alarms.reading import RuleBook
from services.alarms.records import RuleRecord
from services.alarms.rules.engine import observe
from services.alarms.rules.records import Rule, Sample, Track, What
from services.chats.model import Chat
from services.clock import utc_now
from services.frames.interpreting import Interpreting
from services.uplinks.service import Incoming

DEVICES = 1000
FOLDER = REGIONS / "anhalt-bitterfeld"
HOT = b64encode(bytes([1, 1, 244, 2, 50, 4, 1, 44, 5, 3, 6, 2, 88, 7, 14, 16])).decode()
"""50 degrees."""
GRAVE_A_SECOND = 2
TARGET_SECONDS, TARGET_BYTES = 1.0, 100_000_000
TABLES = (
    "outbox", "alarm_deed", "alarm_group", "alarm_subscription", "alarm_change", "alarm",
    "alarm_track", "alarm_rule", "rollup_due", "reading_hour", "reading_day", "reading", "series",
    "frame", "gateway", "device", "raw_uplink", "uplink_source", "chat",
)  # fmt: skip


def record(
    key: str, quantity: str, at: float, severity: str = "notice", **more: Any
) -> RuleRecord:
    """Return a rule with one level."""
    level = {"severity": severity, "at": at, "hysteresis": more.pop("hysteresis", "5 %")}
    name = {"de": key, "en": key}
    return RuleRecord.model_validate(
        {"id": key, "name": name, "quantity": quantity, "levels": [level], **more}
    )


RULES = (
    record("hitze", "air.temperature", 45, "guard", plausible={"highest": 90}),
    record("feuchte", "air.relativeHumidity", 95, up_for={"time": "10 min", "samples": 2}),
    record("bewegung", "action.motion.count", 200),
    record("licht", "air.lightIntensity", 5000.0, signal="rate"),
    record("luft", "air.co2", 20_000),
)


# The gauge of 2020


def gauge(path: Path) -> list[Sample]:
    """Return the levels of a gauge in centimetres, each half hour."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    samples = []
    for number, row in enumerate(rows):
        moment = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC)
        try:
            samples.append(Sample(moment, number, float(row["w_kluserbruecke_cm"]) / 100))
        except ValueError:
            continue
    return samples


def transitions(path: Path) -> None:
    """Print how often the gauge changes its level under each kind of rule."""
    samples = gauge(path)
    thresholds = (0.25, 0.30, 0.35, 0.45)
    severities = ("notice", "start", "watch", "guard")
    patience = {
        "up_for": {"time": "1 h", "samples": 2},
        "down_for": {"time": "3 h", "samples": 4},
    }
    print(f"gauge of 2020: {len(samples):,} values, levels at {thresholds} m")
    for name, hysteresis, more in (
        ("naive", "0", {}),
        ("hysteresis of 3 cm", "0.03", {}),
        ("for 1 h up, 3 h down", "0", patience),
        ("both", "0.03", patience),
    ):
        levels = [
            {"severity": severity, "at": at, "hysteresis": hysteresis}
            for severity, at in zip(severities, thresholds, strict=True)
        ]
        rule = RuleRecord.model_validate(
            {
                "id": "gauge",
                "name": {"de": "g", "en": "g"},
                "quantity": "water.level",
                "levels": levels,
                **more,
            }
        ).rule(timedelta(minutes=30))
        log = observe(Track(), rule, samples).log
        moves = [one for one in log if one.what in {What.ROSE, What.FELL}]
        up = sum(one.what is What.ROSE for one in moves)
        flapping = sum(one.what is What.FLAPPING for one in log)
        print(f"  {name}: {len(moves)} transitions ({up} up), flapping noticed {flapping} times")


# The state


def typical(rule: Rule, samples: int = 12) -> Track:
    """Return what is remembered of a series that has reported for a while."""
    track = Track()
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(samples):
        sample = Sample(begin + number * rule.interval, number, 20 + number * 0.1)
        track = observe(track, rule, [sample])
    return track


def memory(devices: int = 10_000) -> bool:
    """Print what the tracks of so many devices with five rules take, packed and unpacked."""
    rules = [one.rule(timedelta(minutes=15)) for one in RULES]
    size = sum(len(packed(typical(rule))) for rule in rules) * devices
    print(
        f"{devices * len(rules):,} tracks: {size / 1e6:.1f} MB packed (nothing is kept in memory)"
    )
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    states = [packed(typical(rule)) for rule in rules]
    held = [unpacked(state) for _ in range(devices) for state in states]
    whole = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    print(f"  if all {len(held):,} were in memory at once: {whole / 1e6:.1f} MB")
    return max(size, whole) < TARGET_BYTES


def speed() -> None:
    """Print what a step of one track costs, from bytes to bytes."""
    rule = RULES[0].rule(timedelta(minutes=15))
    state, rounds = packed(typical(rule)), 5000
    newest = unpacked(state).newest or utc_now()
    before = time.perf_counter()
    for number in range(rounds):
        packed(observe(unpacked(state), rule, [Sample(newest + rule.interval, number, 21.0)]))
    print(f"  a step of a track: {1e6 * (time.perf_counter() - before) / rounds:.0f} us")


# The whole way


async def empty(house: Application) -> None:
    """Delete everything this leaves behind."""
    async with house.database.write.begin() as session:
        for table in TABLES:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


async def arrive(house: Application, numbers: Sequence[int], hot: Sequence[int] = ()) -> None:
    """Store messages as the hook does, measured now."""
    rows = []
    for number in numbers:
        content = body(number, utc_now())
        if number in hot:
            message = json.loads(content)
            message["data"] = HOT
            content = json.dumps(message).encode()
        rows.append(Incoming("county", "up", Form.JSON, content))
    async with house.transaction() as services:
        await services.uplinks.put(rows)


async def prepare(house: Application, desk: UplinkDesk) -> None:
    """Have 1,000 released devices with five series, rules for all, and a group that listens."""
    await empty(house)
    async with house.transaction() as services:
        await services.alarms.take_in(RuleBook({one.id: one for one in RULES}))
    await arrive(house, range(DEVICES))
    while await desk.work_off():
        pass
    async with house.database.write.begin() as session:
        await session.execute(
            text("UPDATE device SET state = 'released', interval_seconds = 2, type = 'weather'")
        )
        chat = Chat(telegram_id=-1001, kind="group", language="de", created_at=utc_now())
        session.add(chat)
        await session.flush()
        session.add(AlarmSubscription(chat_id=chat.id, matcher={}, step=0, created_at=utc_now()))


@dataclass
class Watch:
    """Looks from another connection when messages for accepted uplinks stand in the outbox."""

    house: Application
    accepted: dict[int, float] = field(default_factory=dict)
    seen: list[float] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            async with self.house.database.read() as session:
                rows = await session.execute(
                    text("SELECT id, params FROM outbox WHERE text_key = 'alarms.news'")
                )
                now = time.monotonic()
                fresh = [row for row in rows if row[0] not in self.told]
                devices = await self._devices(session) if fresh else {}
            for number, params in fresh:
                self.told.add(number)
                given = json.loads(params) if isinstance(params, str) else params
                self._note(given["news"], devices, now)
            await asyncio.sleep(0.01)

    async def _devices(self, session: AsyncSession) -> dict[int, int]:
        """Return the number of the device of each alarm."""
        found = await session.execute(
            text(
                "SELECT alarm.id, device.address FROM alarm"
                " JOIN device ON device.id = alarm.device_id"
            )
        )
        return {row[0]: int(row[1][-6:], 16) for row in found}

    def _note(self, news: str, devices: Mapping[int, int], now: float) -> None:
        for word in news.split():
            alarm, kind, _ = word.split(".")
            device = devices.get(int(alarm))
            if kind == "fired" and device in self.accepted:
                self.seen.append(now - self.accepted.pop(device))


async def latency(house: Application, desk: UplinkDesk, rate: int, seconds: int) -> list[float]:
    """Return for each grave uplink the seconds until its message was seen in the outbox."""
    watch = Watch(house)
    async with Tasks() as tasks:
        tasks.start(desk.run(), "desk")
        tasks.start(HeraldDesk(house.work).run(), "heralds")
        tasks.start(watch.run(), "watch")
        begun, sent, grave = time.monotonic(), DEVICES, 0
        used: set[int] = set()
        while (elapsed := time.monotonic() - begun) < seconds:
            due = DEVICES + int(elapsed * rate)
            if due > sent:
                fresh = [one for one in range(sent, due) if one % DEVICES not in used]
                hot = fresh[-1:] if elapsed * GRAVE_A_SECOND > grave else []
                used |= {one % DEVICES for one in hot}
                grave += len(hot)
                await arrive(house, range(sent, due), hot)
                watch.accepted |= {one % DEVICES: time.monotonic() for one in hot}
                sent = due
                house.work.uplinks_bell.set()
            await asyncio.sleep(0.02)
        await asyncio.sleep(5)
    if watch.accepted:
        print(f"  never told: {len(watch.accepted)}")
    return sorted([*watch.seen, *([float("inf")] * len(watch.accepted))])


async def outage(house: Application) -> bool:
    """Let 1,000 devices of one gateway fall silent; print what that is to a group."""
    async with house.transaction() as services:
        await services.alarms.look_for_silence()
    async with house.database.write.begin() as session:
        for table in ("alarm_deed", "alarm"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    later = utc_now() + timedelta(hours=1)
    house.work.house.__dict__["clock"] = lambda: later
    before = time.perf_counter()
    async with house.transaction() as services:
        await services.alarms.look_for_silence()
    took = time.perf_counter() - before
    async with house.database.read() as session:
        rows = await session.execute(text("SELECT kind, about, value FROM alarm"))
        found = [tuple(row) for row in rows]
    house.work.house.__dict__["clock"] = utc_now
    print(f"  {DEVICES:,} silent devices: {len(found)} alarm(s) {found[:2]}, took {took:.2f} s")
    return sum(one[0] == "offline" for one in found) == 0


async def measure(name: str, url: str, given: argparse.Namespace) -> bool:
    """Measure the whole way on one database."""
    house = open_house(url)
    print(name, flush=True)
    try:
        async with Sandbox() as sandbox:
            desk = UplinkDesk(house.work, Interpreting(profiles_of(FOLDER), sandbox))
            await prepare(house, desk)
            desk.take_rules_in = _nothing  # type: ignore[method-assign]
            found = await latency(house, desk, given.rate, given.seconds)
        p95 = found[min(int(len(found) * 0.95), len(found) - 1)]
        print(
            f"  {given.rate}/s for {given.seconds} s, {len(found)} grave ones: accepted to outbox"
            f" median {found[len(found) // 2]:.2f} s, p95 {p95:.2f} s, most {found[-1]:.2f} s"
        )
        async with house.database.read() as session:
            tracks = await session.scalar(text("SELECT count(*) FROM alarm_track"))
            size = await session.scalar(text("SELECT sum(length(state)) FROM alarm_track"))
        assert tracks == len(RULES) * DEVICES, tracks
        print(f"  {tracks:,} tracks, {size / tracks:.0f} bytes each in the database")
        return await outage(house) and p95 < TARGET_SECONDS
    finally:
        await empty(house)
        await house.close()


async def _nothing() -> None:
    """The region's own rules stay out of this."""


def main() -> None:
    """Measure on every database there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--gauge", type=Path, help="CSV with time and w_kluserbruecke_cm")
    parser.add_argument("--database", help="address of a database to be emptied for this")
    parser.add_argument("--only", choices=["sqlite", "postgresql", "pure"])
    given = parser.parse_args()
    if given.gauge:
        transitions(given.gauge)
    met = memory()
    speed()
    if given.only not in {"postgresql", "pure"}:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{folder}/one.db"
            migrate(url)
            met = asyncio.run(measure("SQLite", url, given)) and met
    if given.database and given.only not in {"sqlite", "pure"}:
        migrate(DatabaseSettings(url=given.database).url)
        url = DatabaseSettings(url=given.database).url
        met = asyncio.run(measure("PostgreSQL", url, given)) and met
    print(f"targets (p95 1 s, state 100 MB, one alarm): {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    main()
