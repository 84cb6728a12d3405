"""Questions for a measured value: "Wie hoch ist die Mulde?", "Feinstaub Köthen", "рівень води".

A question counts only when it asks for what is measured now. Whoever reports a water meter or
wants flood protection asks for a service, however much of it is about water: when in doubt, no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nlu.patterns import Rules, plain, read_rules

NAMED = "namedwater"
"""Stands in a rule for any river or lake of the county."""


class Measured(StrEnum):
    """What somebody wants to know; the more specific first."""

    CO2 = "co2"
    AIR = "air"
    NOISE = "noise"
    RAIN = "rain"
    WIND = "wind"
    SOIL_TEMPERATURE = "soil_temperature"
    SOIL = "soil"
    HUMIDITY = "humidity"
    PRESSURE = "pressure"
    SNOW = "snow"
    WASTE = "waste"
    PARKING = "parking"
    TEMPERATURE = "temperature"
    WATER_LEVEL = "water_level"
    ANY = "any"
    """Whatever there is: "Messwerte Köthen"."""


@dataclass(frozen=True)
class Wanted:
    """What a question wants to know.

    Attributes:
        measured: the group of quantities.
        waters: the rivers and lakes it names, by the county's own names, in the county's order.
    """

    measured: Measured
    waters: tuple[str, ...] = ()


@cache
def _compiled() -> Rules:
    rules, _ = read_rules("measured.yaml")
    return rules


def wanted(text: str, waters: Mapping[str, tuple[str, ...]] | None = None) -> Wanted | None:
    """Return which measured value a text asks for, or None; never raises, whatever the text is.

    Args:
        text: what somebody wrote, in any of the seven languages.
        waters: the county's rivers and lakes: the name, and how it is spelled ("мульд*" for every
            word that begins so).
    """
    named = named_waters(text, waters or {})
    found = _compiled().kinds(f"{text} {NAMED}" if named else text)
    return Wanted(Measured(found[0]), named) if found else None


def named_waters(text: str, waters: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names of the rivers and lakes that a text speaks of."""
    said = f" {plain(text)} "
    return tuple(
        name
        for name, spellings in waters.items()
        if any(_says(said, spelling) for spelling in (name, *spellings))
    )


def _says(said: str, spelling: str) -> bool:
    bare = plain(spelling.removesuffix("*"))
    return bool(bare) and (f" {bare}" if spelling.endswith("*") else f" {bare} ") in said
