"""People's own thresholds on public sensors: "tell me when the Mulde is above four metres"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.vocabulary import QUANTITIES
from services.alarms import choosing
from services.alarms.documents import rule_in
from services.alarms.model import OwnThreshold
from services.alarms.records import FIGURES, AppliesTo, LevelRecord, RuleRecord
from services.alarms.rules.records import Direction, Severity
from services.chats.model import Chat, Kind
from services.clock import Clock
from services.devices.lookups import Sensor, Sensors
from services.errors import ServiceError
from services.records import Localised
from services.staff.rules import Actor

MOST = 10
"""Thresholds of a person."""
ANYBODY = Actor()
BAND: Mapping[str, float] = MappingProxyType(
    {
        "water.level": 0.1,
        "water.depth": 0.1,
        "snow.depth": 0.02,
        "air.temperature": 1.0,
        "water.temperature.current": 0.5,
        "road.surfaceTemperature": 1.0,
        "soil.temperature": 0.5,
        "air.pressure": 1.0,
        "wind.speed": 2.0,
        "noise.laeq": 3.0,
        "noise.la": 3.0,
        "air.co2": 100.0,
        "air.pm10": 5.0,
        "air.pm2_5": 5.0,
        "air.pm1": 5.0,
    }
)
"""How far a value must go back before it counts as over, in the quantity's own unit."""
PERCENT_BAND = 3.0
HALF = 0.5
"""Between yes and no."""
OTHER_BAND = 0.05
"""Of a quantity without its own band: this share of the threshold."""


class TooManyThresholdsError(ServiceError):
    """A person has as many thresholds as they can have."""

    text_key = "alarms.too-many-thresholds"


class NoThresholdError(ServiceError):
    """Nobody can be told of this: no such quantity here, or no such value."""

    text_key = "alarms.no-threshold"


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody wants to hear of, in the quantity's unit of the vocabulary.

    `channel`: which of several equal probes.
    """

    device: int
    quantity: str
    direction: Direction
    at: float
    clear: float
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch of somebody, and its sensor; None: it is not public any more."""

    id: int
    watch: Watch | None
    """None: what is stored cannot be read, so it tells nobody anything."""
    sensor: Sensor | None


def watch_of(
    device: int, quantity: str, direction: Direction, at: float, *, channel: int = 0
) -> Watch:
    """Return a watch with a sensible value at which it is over: a band on the safe side.

    Without a band a value that moves around the threshold would be told again and again.
    """
    band = band_of(quantity, at)
    clear = at - band if direction is Direction.ABOVE else at + band
    return Watch(device, quantity, direction, at, round(clear, 6), channel)


def band_of(quantity: str, at: float) -> float:
    """Return how far a value must go back from a threshold before it counts as over."""
    known = {**QUANTITIES, **FIGURES}.get(quantity)
    if known is not None and known.yes_no:
        return HALF
    if quantity in BAND:
        return BAND[quantity]
    is_percent = known is not None and known.unit == "%"
    return PERCENT_BAND if is_percent else abs(at) * OTHER_BAND or 1.0


def document_of(watch: Watch, sensor: str) -> dict[str, Any]:
    """Return a watch as a rule is stored; the engine judges both alike."""
    level = LevelRecord(severity=Severity.NOTICE, at=watch.at, clear=watch.clear)
    return RuleRecord(
        id="own",
        name=Localised(de=sensor, en=sensor),
        applies_to=AppliesTo(channel=watch.channel),
        quantity=watch.quantity,
        direction=watch.direction,
        levels=(level,),
    ).document()


def read(device: int, document: Mapping[str, Any]) -> Watch | None:
    """Return the watch a stored rule stands for; None when it cannot be read."""
    record = rule_in(document)
    if record is None or len(record.levels) != 1:
        return None
    [level] = record.levels
    clear = level.at if level.clear is None else level.clear
    channel = record.applies_to.channel or 0
    return Watch(device, record.quantity or "", record.direction, level.at, clear, channel)


@dataclass(frozen=True)
class OwnThresholds:
    """Use cases around what a person wants to be told of."""

    session: AsyncSession
    sensors: Sensors
    clock: Clock

    async def listed(self, chat: Chat) -> Sequence[Watched]:
        """Return what a person waits for."""
        rows = await choosing.thresholds_of(self.session, chat.id)
        if not rows:
            return []
        known = {one.id: one for one in await self.sensors.visible(ANYBODY)}
        return [
            Watched(row.id, read(row.device_id, row.document), known.get(row.device_id))
            for row in rows
        ]

    async def count(self, chat: Chat) -> int:
        return await choosing.count_thresholds(self.session, chat.id)

    async def add(self, chat: Chat, watch: Watch) -> bool:
        """Tell a person from now on; False when they are told already (a second tap).

        Raises `UnknownSensorError`, `NoThresholdError` or `TooManyThresholdsError`.
        """
        if chat.kind != Kind.PRIVATE:
            raise NoThresholdError
        sensor = await self.check(watch)
        rows = await choosing.thresholds_of(self.session, chat.id)
        if any(read(row.device_id, row.document) == watch for row in rows):
            return False
        if len(rows) >= MOST:
            raise TooManyThresholdsError(most=MOST)
        row = OwnThreshold(
            chat_id=chat.id,
            device_id=watch.device,
            document=document_of(watch, sensor.name),
            active=True,
            created_at=self.clock(),
        )
        await choosing.add(self.session, row)
        return True

    async def check(self, watch: Watch) -> Sensor:
        """Return the sensor of a watch that can be; else raise.

        Only what everybody may see can be watched, by staff too: the news would tell it.
        """
        sensor = await self.sensors.get(ANYBODY, watch.device)
        measures = (watch.quantity, watch.channel) in sensor.series
        known = QUANTITIES.get(watch.quantity)
        if not measures or known is None or not known.can_be(watch.at):
            raise NoThresholdError
        return sensor

    async def remove(self, chat: Chat, threshold_id: int) -> bool:
        """Remove one's own threshold; a second tap finds nothing and harms nothing."""
        return await choosing.remove_threshold(self.session, chat.id, threshold_id)
