"""The demonstration's sensors: invented values that reach the bot through its real hook."""

import asyncio
import itertools
import math
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services
from handlers.sensors.playing import Sensor, from_values, play
from handlers.sensors.posting import Hook
from lorawan.labels import Label
from lorawan.replay import Moment
from services.alarms.reading import RuleBook
from services.alarms.records import RuleRecord
from services.clock import Clock
from services.devices.model import Visibility
from services.records import Area, Line, Record, Slug
from services.staff.rules import Actor
from services.validation import validate
from services.yaml_source import Problem, read_yaml

FILE = "demo.yaml"
VOCABULARY = "vocabulary"
"""The profile of devices whose values have the vocabulary's names already."""
TESTED = timedelta(days=1)
HISTORY = timedelta(days=3)
HISTORY_STEP = timedelta(minutes=30)
LIVING_SECONDS = 10
LOOK_SECONDS = 0.2
TIDE = timedelta(hours=36)
"""How long the water of the invented past took to rise and fall."""
DAY = timedelta(days=1)
WARMEST = timedelta(hours=15)


class Rhythm(StrEnum):
    """How a value goes up and down."""

    WAVE = "wave"
    DAY = "day"
    SWITCH = "switch"


class DemoSensor(Record):
    """A sensor that does not exist."""

    name: Line
    type: Slug
    water: Line | None = None
    ars: Area
    place: Line
    tag: Slug | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    quantity: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)+$")]
    lowest: float
    highest: float
    rhythm: Rhythm
    minutes: Annotated[float, Field(gt=0)]

    @property
    def dev_eui(self) -> str:
        """Return an address of its own, in a range that is nobody's."""
        return "02" + blake2b(self.name.encode(), digest_size=7).hexdigest()

    def value(self, share: float) -> float:
        """Return the value at a share of the way from lowest to highest."""
        return round(self.lowest + (self.highest - self.lowest) * share, 2)


class DemoSensors(Record):
    """The content of demo.yaml; `seconds`: how often each sensor sends."""

    seconds: Annotated[float, Field(ge=1, le=3600)] = LIVING_SECONDS
    sensors: tuple[DemoSensor, ...] = ()
    rules: tuple[RuleRecord, ...] = ()


def read_demo(folder: Path) -> tuple[DemoSensors, list[Problem]]:
    """Return what a region shows; nothing where it has no such file."""
    if not (folder / FILE).exists():
        return DemoSensors(), []
    source = read_yaml(folder / FILE)
    found, problems = validate(DemoSensors, source.data or {}, source)
    return found or DemoSensors(), problems


def past(sensor: DemoSensor, now: datetime) -> Iterator[Moment]:
    """Yield values of the last days, which end where the living ones begin."""
    steps = HISTORY // HISTORY_STEP
    for step in range(steps, 0, -1):
        time = now - step * HISTORY_STEP
        span = sensor.minutes * timedelta(minutes=1) if sensor.rhythm is not Rhythm.WAVE else TIDE
        yield Moment(time, {sensor.quantity: sensor.value(_share(sensor.rhythm, now, time, span))})


def present(sensor: DemoSensor, began: datetime, now: datetime) -> Moment:
    """Return the value of this moment."""
    share = _share(sensor.rhythm, began, now, timedelta(minutes=sensor.minutes))
    return Moment(now, {sensor.quantity: sensor.value(share)})


def _share(rhythm: Rhythm, began: datetime, time: datetime, span: timedelta) -> float:
    if rhythm is Rhythm.SWITCH:
        return float((time - began) // span % 2)
    if rhythm is Rhythm.DAY:
        midnight = time.replace(hour=0, minute=0, second=0, microsecond=0)
        return 0.5 + 0.5 * math.cos(2 * math.pi * ((time - midnight) - WARMEST) / DAY)
    return 0.5 - 0.5 * math.cos(2 * math.pi * ((time - began) / span))


def with_rules(book: RuleBook, shown: DemoSensors) -> RuleBook:
    """Return the region's rules and those of the demonstration."""
    return replace(book, rules={**book.rules, **{one.id: one for one in shown.rules}})


async def enrol(services: Services, actor: Actor, sensors: Sequence[DemoSensor], why: str) -> None:
    """Register the sensors and release them to the public; `why` stands in the record."""
    for sensor in sensors:
        device, _ = await services.devices.register(actor, Label(sensor.dev_eui))
        device = await services.devices.change(
            actor,
            device.id,
            device.revision,
            name=sensor.name,
            type=sensor.type,
            profile=VOCABULARY,
            place=sensor.place,
            water=sensor.water or "",
            tags=sensor.tag or "",
            ars=sensor.ars,
            latitude=sensor.latitude,
            longitude=sensor.longitude,
            interval_seconds=HISTORY_STEP // timedelta(seconds=1),
            visibility=Visibility.PUBLIC,
        )
        tested = await services.acceptances.test(actor, device.id, TESTED)
        await services.acceptances.release(actor, tested.id, why)


async def add_up(work: UnitsOfWork) -> None:
    """Wait until the past is decoded, and add it up at once: the clock would take a minute."""
    while True:
        async with work.reading() as services:
            if not await services.uplinks.waiting(1):
                break
        await asyncio.sleep(LOOK_SECONDS)
    while True:
        async with work.transaction() as services:
            if not await services.readings.add_up():
                return


async def keep_alive(
    hook: Hook,
    shown: DemoSensors,
    clock: Clock,
    settled: Callable[[], Awaitable[None]],
) -> None:
    """Post the past of all sensors, then a value of each every few seconds, until cancelled.

    `settled` is awaited between the two.
    """
    began, session = clock(), secrets.token_hex(12)

    async def post(sensor: DemoSensor, moments: Iterable[Moment], first: int) -> None:
        who = Sensor(sensor.dev_eui, sensor.name, simulated=False)
        made = from_values(moments, who, session, sent_as=timedelta(), first=first)
        await play(hook, made, speed=0, clock=clock)

    for sensor in shown.sensors:
        await post(sensor, past(sensor, began), 1)
    await settled()
    for number in itertools.count(HISTORY // HISTORY_STEP + 1):
        for sensor in shown.sensors:
            await post(sensor, [present(sensor, began, clock())], number)
        await asyncio.sleep(shown.seconds)
