"""What sensors measure: one name, one unit and one range for each quantity.

Names, units and ranges without remark are those of The Things Stack's measurement vocabulary
(lib/payload.json of the device repository, and the documentation for rain). What a county needs
beyond it stands in `COUNTY`, in the same dotted manner. Units are UCUM codes, but for "%", "ppm"
and "count", which are written as the vocabulary writes them.

The vocabulary's "time" is no quantity: it is the time of a measurement.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from lorawan.measurement import Mark

COLDEST = -273.15
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity and what it can be.

    Attributes:
        name: dotted, as stored: "water.level".
        unit: UCUM; "" for yes and no and for words.
        lowest: the lowest possible value; None: no limit.
        highest: the highest possible value; None: no limit.
        highest_excluded: the highest value itself is impossible (a direction of 360 degrees).
        words: what the values stand for by their index, first is 0; () for a number.
        yes_no: 1 or 0.
        cumulative: a meter that only rises: differences matter, means do not.
    """

    name: str
    unit: str = ""
    lowest: float | None = None
    highest: float | None = None
    highest_excluded: bool = False
    words: tuple[str, ...] = ()
    yes_no: bool = False
    cumulative: bool = False

    def can_be(self, value: float) -> bool:
        """Whether the quantity can have this value."""
        if not math.isfinite(value) or (self.lowest is not None and value < self.lowest):
            return False
        if self.highest is None:
            return True
        return value < self.highest or (value == self.highest and not self.highest_excluded)


def _yes_no(name: str) -> Quantity:
    return Quantity(name, lowest=0, highest=1, yes_no=True)


def _words(name: str, *words: str) -> Quantity:
    return Quantity(name, lowest=0, highest=len(words) - 1, words=words)


SHARED: tuple[Quantity, ...] = (
    Quantity("battery", "V", 0),
    Quantity("soil.depth", "cm", 0),
    Quantity("soil.moisture", "%", 0, 100),
    Quantity("soil.temperature", "Cel", COLDEST),
    Quantity("soil.ec", "dS/m", 0, 621),
    Quantity("soil.pH", "1", 0, 14),
    Quantity("soil.n", "ppm", 0, MILLION),
    Quantity("soil.p", "ppm", 0, MILLION),
    Quantity("soil.k", "ppm", 0, MILLION),
    _words("air.location", "indoor", "outdoor"),
    Quantity("air.temperature", "Cel", COLDEST),
    Quantity("air.relativeHumidity", "%", 0, 100),
    Quantity("air.pressure", "hPa", 900, 1100),
    Quantity("air.co2", "ppm", 0, MILLION),
    Quantity("air.lightIntensity", "lx", 0),
    Quantity("wind.speed", "m/s", 0),
    Quantity("wind.direction", "deg", 0, 360, highest_excluded=True),
    Quantity("rain.intensity", "mm/h", 0),
    Quantity("rain.cumulative", "mm", 0, cumulative=True),
    _yes_no("water.leak"),
    Quantity("water.temperature.min", "Cel", COLDEST),
    Quantity("water.temperature.max", "Cel", COLDEST),
    Quantity("water.temperature.avg", "Cel", COLDEST),
    Quantity("water.temperature.current", "Cel", COLDEST),
    Quantity("metering.water.total", "L", cumulative=True),
    _yes_no("action.motion.detected"),
    Quantity("action.motion.count", "count"),
    _words("action.contactState", "open", "closed"),
    Quantity("position.latitude", "deg", -90, 90),
    Quantity("position.longitude", "deg", -180, 180),
)
"""The vocabulary all network servers could share; the range of a position is the globe's."""

COUNTY: tuple[Quantity, ...] = (
    # Level above the gauge's zero: below it in a drought; no German gauge has ever shown 25 m.
    Quantity("water.level", "m", -10, 25),
    # From the sensor down to the water; the farthest radar sensors reach 50 m.
    Quantity("water.distance", "m", 0, 50),
    # Of the water above a pressure probe.
    Quantity("water.depth", "m", 0, 250),
    Quantity("object.distance", "m", 0, 50),
    Quantity("snow.depth", "cm", 0, 1000),
    _yes_no("parking.occupied"),
    Quantity("waste.fillLevel", "%", 0, 100),
    # From the lid down to the waste.
    Quantity("waste.distance", "m", 0, 10),
    # A-weighted sound (IEC 61672): now, mean over the interval, loudest; quiet rooms 20, jets 140.
    Quantity("noise.la", "dB", 0, 140),
    Quantity("noise.laeq", "dB", 0, 140),
    Quantity("noise.lamax", "dB", 0, 140),
    # Mass of fine dust; New Year's Eve reaches some thousands.
    Quantity("air.pm1", "ug/m3", 0, 10_000),
    Quantity("air.pm2_5", "ug/m3", 0, 10_000),
    Quantity("air.pm10", "ug/m3", 0, 10_000),
    # All makers at hand send parts per billion; a mass would need to know the gas.
    Quantity("air.tvoc", "ppb", 0, MILLION),
    Quantity("air.o3", "ppm", 0, 100),
    Quantity("air.hcho", "mg/m3", 0, 100),
    Quantity("radiation.incoming", "W/m2", -100, 2000),
    Quantity("radiation.reflected", "W/m2", -100, 2000),
    Quantity("rain.amount", "mm", 0, 500),
    Quantity("road.surfaceTemperature", "Cel", -60, 90),
    Quantity("soil.tension", "kPa", 0, 10_000),
    _yes_no("smoke.detected"),
    _yes_no("heat.detected"),
    Quantity("people.count", "count", 0),
    Quantity("electricity.voltage", "V", 0, 100_000),
    Quantity("electricity.current", "A"),
    Quantity("electricity.power", "W"),
    Quantity("electricity.energy", "kWh", 0, cumulative=True),
    Quantity("metering.count", "count", 0, cumulative=True),
    Quantity("action.open.count", "count", 0, cumulative=True),
    _yes_no("action.tilt.detected"),
    _yes_no("action.shock.detected"),
    _yes_no("input.digital"),
    Quantity("input.analog", "1"),
    Quantity("position.altitude", "m", -500, 10_000),
    Quantity("position.speed", "km/h", 0, 1000),
    # Of the device, not of what it measures: its board, its battery's charge.
    Quantity("device.temperature", "Cel", -100, 200),
    Quantity("device.charge", "%", 0, 100),
)


def _named(quantities: Iterable[Quantity]) -> Mapping[str, Quantity]:
    return {quantity.name: quantity for quantity in quantities}


QUANTITIES: Mapping[str, Quantity] = _named(chain(SHARED, COUNTY))


def mark(quantity: str, value: float) -> Mark:
    """Return what the vocabulary has to say about a value: nothing, or that it cannot be.

    Raises:
        KeyError: no such quantity.
    """
    return Mark.FINE if QUANTITIES[quantity].can_be(value) else Mark.OUT_OF_RANGE
