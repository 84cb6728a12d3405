"""Wishes to be told of a measured value: "Mulde über 4 m", "sag Bescheid bei Frost in Zerbst".

A wish names what is measured, and either a value with its side ("über 4 m") or that somebody
wants to be told. Whoever writes of a service, however many numbers stand in it, is left to the
services: when in doubt, no.
"""

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
    r"(?<![\w.,])(?P<minus>[-−–]|minus |мінус |минус |ناقص |eksi )?"
    r"(?P<whole>\d{1,5})(?:[.,](?P<part>\d{1,3}))?\s*"
    r"(?P<unit>°\s?c?|%|[^\W\d_]+(?:[/²³]\w+)?|)",
    re.IGNORECASE,
)
OF_LENGTH = frozenset({Measured.WATER_LEVEL, Measured.SNOW})
WATCH, FROST = "watch", "frost"
NEVER = {"office", "question"}


@dataclass(frozen=True)
class _Units:
    """How units are written: lengths in metres, the other units by group, and what is none."""

    lengths: Mapping[str, float]
    others: Mapping[str, frozenset[str]]
    none: frozenset[str]

    def fits(self, unit: str, measured: Measured) -> bool:
        """Whether a unit may stand behind a value of this group; none may always."""
        return not unit or unit in self.none or unit in self.others.get(measured, frozenset())


@cache
def _compiled() -> tuple[Rules, _Units]:
    rules, content = read_rules("thresholds.yaml")
    units = content["units"]
    lengths = {
        word: metres
        for name, metres in (("metres", 1.0), ("centimetres", 0.01))
        for word in units[name].split()
    }
    others = {kind: frozenset(words.split()) for kind, words in units["others"].items()}
    return rules, _Units(lengths, others, frozenset(units["none"].split()))


def wish(text: str, waters: Mapping[str, tuple[str, ...]] | None = None) -> Wish | None:
    """Return what somebody wants to be told of, or None; never raises, whatever the text is.

    Args:
        text: what somebody wrote, in any of the seven languages.
        waters: the county's rivers and lakes, as for `nlu.measured.wanted`.
    """
    if len(text) > MOST_LETTERS:
        return None
    named = named_waters(text, waters or {})
    rules, units = _compiled()
    said = rules.kinds(f"{text} {NAMED}" if named else text)
    if NEVER & set(said):
        return None
    measured = next((Measured(one) for one in said if one in set(Measured)), None)
    side = _side(said)
    value = None if measured is None else _value(text, measured, units)
    if measured is not None and side is not None and value is not None:
        return Wish(measured, side, value, named)
    if measured is None or FROST in said:
        return _frost(said)
    asks = WATCH in said and NUMBER.search(text) is None
    return Wish(measured, side, None, named) if asks else None


def _side(said: list[str]) -> Side | None:
    sides = [Side(one) for one in said if one in set(Side)]
    return sides[0] if len(sides) == 1 else None


def _frost(said: list[str]) -> Wish | None:
    return Wish(Measured.TEMPERATURE, Side.BELOW, FREEZING) if FROST in said else None


def _value(text: str, measured: Measured, units: _Units) -> float | None:
    """Return the one value of a text in the unit of what is measured; None: none, or several."""
    found = [_in_unit(one, measured, units) for one in NUMBER.finditer(text)]
    return found[0] if len(found) == 1 else None


def _in_unit(number: re.Match[str], measured: Measured, units: _Units) -> float | None:
    value = float(f"{number['whole']}.{number['part'] or 0}")
    value = -value if number["minus"] else value
    unit = number["unit"].casefold().replace(" ", "")
    if measured in OF_LENGTH and unit in units.lengths:
        return round(value * units.lengths[unit], 4)
    if not units.fits(unit, measured):
        return None
    in_metres = measured not in OF_LENGTH or (
        measured is Measured.WATER_LEVEL and abs(value) <= METRES_UP_TO
    )
    return value if in_metres else round(value / 100, 4)
