"""Wishes to be told of a measured value: "Mulde über 4 m", "sag Bescheid bei Frost in Zerbst".

A wish names what is measured, and either a value with its side ("über 4 m") or that somebody
wants to be told. Whoever writes of a service, however many numbers stand in it, is left to the
services: when in doubt, no.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nlu.measured import NAMED, Measured, named_waters
from nlu.patterns import Rules, read_rules

MOST_LETTERS = 160
FREEZING = 0.0
METRES_UP_TO = 20.0
"""A level without a unit up to this is meant in metres, above it in centimetres."""


class Side(StrEnum):
    """On which side of the value somebody wants to be told."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told of.

    Attributes:
        measured: the group of quantities.
        side: None where no value is named.
        value: in metres, degrees Celsius, percent or the group's usual unit; None: not said.
        waters: the rivers and lakes named, by the county's own names.
    """

    measured: Measured
    side: Side | None
    value: float | None
    waters: tuple[str, ...] = ()


NUMBER = re.compile(
    r"(?<![\w.,])(?P<minus>[-−–]|minus |мінус |минус |ناقص |eksi )?"  # noqa: RUF001 - as typed
    r"(?P<whole>\d{1,5})(?:[.,](?P<part>\d{1,3}))?\s*"
    r"(?P<unit>°\s?c?|%|[^\W\d_]+(?:[/²³]\w+)?|)",
    re.IGNORECASE,
)
LENGTHS = {
    **dict.fromkeys(("m", "meter", "metern", "metre", "metres", "meters", "м", "метр"), 1.0),
    **dict.fromkeys(("метра", "метрів", "метри", "метров", "متر", "أمتار", "امتار"), 1.0),
    **dict.fromkeys(("metr", "metry", "metrów", "metre", "metreyi", "metrenin"), 1.0),
    **dict.fromkeys(("cm", "zentimeter", "zentimetern", "centimetre", "centimetres"), 0.01),
    **dict.fromkeys(("centimeters", "см", "сантиметр", "сантиметрів", "сантиметров"), 0.01),
    **dict.fromkeys(("سم", "santim", "santimetre", "centymetrów", "centymetry"), 0.01),
}
DEGREES = frozenset(
    "° °c ° c c grad degrees degree градусів градуси градус градусов градуса градусы درجة درجات "
    "derece dereceyi derecenin stopni stopnie stopień".split()
) | {"° c"}
OWN_UNITS: Mapping[Measured, frozenset[str]] = {
    Measured.HUMIDITY: frozenset({"%", "prozent", "percent"}),
    Measured.SOIL: frozenset({"%", "prozent", "percent"}),
    Measured.WASTE: frozenset({"%", "prozent", "percent"}),
    Measured.AIR: frozenset({"µg", "μg", "ug", "mikrogramm", "µg/m³", "μg/m³"}),
    Measured.CO2: frozenset({"ppm"}),
    Measured.NOISE: frozenset({"db", "dezibel", "decibel", "decibels", "дб"}),
    Measured.PRESSURE: frozenset({"hpa", "hektopascal"}),
}
OF_LENGTH = frozenset({Measured.WATER_LEVEL, Measured.SNOW})
WATCH, FROST = "watch", "frost"
NEVER = {"office", "question"}


@cache
def _compiled() -> Rules:
    rules, _ = read_rules("thresholds.yaml")
    return rules


def wish(text: str, waters: Mapping[str, tuple[str, ...]] | None = None) -> Wish | None:
    """Return what somebody wants to be told of, or None; never raises, whatever the text is.

    Args:
        text: what somebody wrote, in any of the seven languages.
        waters: the county's rivers and lakes, as for `nlu.measured.wanted`.
    """
    if len(text) > MOST_LETTERS:
        return None
    named = named_waters(text, waters or {})
    said = _compiled().kinds(f"{text} {NAMED}" if named else text)
    if NEVER & set(said):
        return None
    measured = next((Measured(one) for one in said if one in set(Measured)), None)
    side = _side(said)
    if measured is None:
        return _frost(said)
    value = _value(text, measured)
    if side is not None and value is not None:
        return Wish(measured, side, value, named)
    if FROST in said:
        return _frost(said)
    if WATCH in said and not _has_number(text):
        return Wish(measured, side, None, named)
    return None


def _side(said: list[str]) -> Side | None:
    sides = [Side(one) for one in said if one in set(Side)]
    return sides[0] if len(sides) == 1 else None


def _frost(said: list[str]) -> Wish | None:
    return Wish(Measured.TEMPERATURE, Side.BELOW, FREEZING) if FROST in said else None


def _has_number(text: str) -> bool:
    return NUMBER.search(text) is not None


def _value(text: str, measured: Measured) -> float | None:
    """Return the one value of a text in the unit of what is measured; None: none, or several."""
    found = [_in_unit(one, measured) for one in NUMBER.finditer(text)]
    return found[0] if len(found) == 1 else None


def _in_unit(number: re.Match[str], measured: Measured) -> float | None:
    value = float(f"{number['whole']}.{number['part'] or 0}")
    value = -value if number["minus"] else value
    unit = " ".join(number["unit"].casefold().split())
    if measured in OF_LENGTH:
        return _length(value, unit, measured)
    if measured is Measured.TEMPERATURE:
        return value if unit in DEGREES or _no_unit(unit) else None
    allowed = OWN_UNITS.get(measured, frozenset())
    return value if unit in allowed or _no_unit(unit) else None


def _length(value: float, unit: str, measured: Measured) -> float | None:
    if unit in LENGTHS:
        return round(value * LENGTHS[unit], 4)
    if not _no_unit(unit) or not math.isfinite(value):
        return None
    in_metres = measured is Measured.WATER_LEVEL and abs(value) <= METRES_UP_TO
    return value if in_metres else round(value / 100, 4)


NO_UNITS = frozenset(
    "steigt ist liegt fällt sinkt geht überschreitet unterschreitet erreicht hat kommt in bei "
    "is rises falls drops goes at olursa olunca".split()
)
"""Words that follow a number and are no unit."""


def _no_unit(unit: str) -> bool:
    return not unit or unit in NO_UNITS
