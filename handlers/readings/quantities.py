"""How each quantity is shown: its name, its unit, its digits, and what change is no change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from nlu.measured import Measured
from services.text import Text

CENTIMETRES = 100.0
"""In a metre: gauges are read in centimetres."""


@dataclass(frozen=True)
class Shown:
    """How a quantity of the vocabulary (lorawan/vocabulary.py) is shown to people.

    Attributes:
        text_key: what it is called.
        unit: of what is shown: CLDR's name, or a sign.
        decimals: digits behind the decimal sign.
        steady: change an hour, in the shown unit, that is no change; None: it has no trend.
        factor: from the vocabulary's unit to the shown one.
        no: text key of the word for 0; with `yes` the quantity is shown in words.
        yes: text key of the word for 1.
    """

    text_key: str
    unit: str = ""
    decimals: int = 0
    steady: float | None = None
    factor: float = 1.0
    no: str = ""
    yes: str = ""

    def words(self, value: float, text: Text) -> str:
        """Return a value (in the vocabulary's unit) for people."""
        if self.yes:
            return text(self.yes if value >= 0.5 else self.no)  # noqa: PLR2004 - yes or no
        return text.amount(value * self.factor, self.unit, self.decimals)


CELSIUS = "temperature-celsius"
PERCENT = "concentr-percent"
MICROGRAMS = "µg/m³"
QUANTITIES: Mapping[str, Shown] = {
    "water.level": Shown("readings.water-level", "length-centimeter", 0, 1.0, CENTIMETRES),
    "water.depth": Shown("readings.water-depth", "length-centimeter", 0, 1.0, CENTIMETRES),
    "water.temperature.current": Shown("readings.water-temperature", CELSIUS, 1, 0.2),
    "air.temperature": Shown("readings.air-temperature", CELSIUS, 1, 0.3),
    "air.relativeHumidity": Shown("readings.humidity", PERCENT, 0, 2.0),
    "air.pressure": Shown("readings.pressure", "pressure-hectopascal", 0, 0.3),
    "air.pm10": Shown("readings.pm10", MICROGRAMS, 0, 3.0),
    "air.pm2_5": Shown("readings.pm25", MICROGRAMS, 0, 3.0),
    "air.pm1": Shown("readings.pm1", MICROGRAMS, 0, 3.0),
    "air.co2": Shown("readings.co2", "ppm", 0, 30.0),
    "noise.laeq": Shown("readings.noise", "dB(A)"),
    "noise.la": Shown("readings.noise-now", "dB(A)"),
    "rain.amount": Shown("readings.rain-amount", "length-millimeter", 1),
    "rain.intensity": Shown("readings.rain-intensity", "mm/h", 1),
    "rain.cumulative": Shown("readings.rain", "length-millimeter", 1),
    "wind.speed": Shown("readings.wind", "speed-meter-per-second", 1, 1.0),
    "wind.direction": Shown("readings.wind-direction", "angle-degree"),
    "soil.moisture": Shown("readings.soil-moisture", PERCENT, 0, 1.0),
    "soil.tension": Shown("readings.soil-tension", "kPa", 0, 2.0),
    "soil.temperature": Shown("readings.soil-temperature", CELSIUS, 1, 0.2),
    "road.surfaceTemperature": Shown("readings.road-temperature", CELSIUS, 1, 0.5),
    "snow.depth": Shown("readings.snow", "length-centimeter", 0, 0.5),
    "waste.fillLevel": Shown("readings.fill-level", PERCENT, 0, 2.0),
    "parking.occupied": Shown(
        "readings.parking", no="readings.parking-free", yes="readings.parking-taken"
    ),
    "people.count": Shown("readings.people"),
    "air.lightIntensity": Shown("readings.light", "light-lux"),
}
"""What citizens are shown, the most important first; staff also see everything else."""
ORDER = {quantity: position for position, quantity in enumerate(QUANTITIES)}
MEASURES: Mapping[Measured, tuple[str, ...]] = {
    Measured.WATER_LEVEL: ("water.level", "water.depth"),
    Measured.TEMPERATURE: (
        "air.temperature",
        "water.temperature.current",
        "road.surfaceTemperature",
        "soil.temperature",
    ),
    Measured.AIR: ("air.pm10", "air.pm2_5", "air.pm1"),
    Measured.CO2: ("air.co2",),
    Measured.NOISE: ("noise.laeq", "noise.la"),
    Measured.RAIN: ("rain.intensity", "rain.amount", "rain.cumulative"),
    Measured.WIND: ("wind.speed", "wind.direction"),
    Measured.SOIL_TEMPERATURE: ("soil.temperature",),
    Measured.SOIL: ("soil.moisture", "soil.tension", "soil.temperature"),
    Measured.HUMIDITY: ("air.relativeHumidity",),
    Measured.PRESSURE: ("air.pressure",),
    Measured.SNOW: ("snow.depth",),
    Measured.WASTE: ("waste.fillLevel",),
    Measured.PARKING: ("parking.occupied",),
    Measured.ANY: tuple(QUANTITIES),
}
"""Which quantities answer a question, the best first."""
WATCHED: Mapping[str, tuple[float, ...]] = {
    "water.level": (),
    "water.depth": (),
    "air.temperature": (-10.0, 0.0, 3.0, 30.0, 35.0),
    "water.temperature.current": (4.0, 20.0, 25.0),
    "road.surfaceTemperature": (0.0, 3.0),
    "soil.temperature": (0.0, 5.0),
    "air.relativeHumidity": (30.0, 80.0),
    "air.pm10": (25.0, 50.0),
    "air.pm2_5": (15.0, 25.0),
    "air.co2": (1000.0, 1500.0),
    "noise.laeq": (60.0, 70.0),
    "wind.speed": (10.0, 17.0, 25.0),
    "soil.moisture": (15.0, 25.0),
    "snow.depth": (0.05, 0.2),
    "waste.fillLevel": (80.0, 95.0),
}
"""At which values people may be told; levels are offered around the present one."""
WATER_TEMPERATURE = "water.temperature.current"


def shown(quantity: str) -> Shown:
    """Return how a quantity is shown; one we have no words for by its name in the vocabulary."""
    return QUANTITIES.get(quantity) or Shown("readings.other-quantity", "", 2)


def name_of(quantity: str, channel: int, text: Text, label: str = "") -> Markup:
    """Return what a quantity is called, and which probe it comes from where there are several.

    `label`: how staff call the probe ("30 cm").
    """
    name = text(shown(quantity).text_key, quantity=quantity)
    if label:
        return text("readings.probe-named", quantity=name, label=label)
    return text("readings.probe", quantity=name, number=channel + 1) if channel else name


def in_order(series: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return quantities and channels, the most important first."""
    return sorted(series, key=lambda one: (ORDER.get(one[0], len(ORDER)), one[0], one[1]))
