"""Measured values as people write them: "4,85", "4,85 m", "485 cm"."""

import re
from collections.abc import Mapping

from handlers.readings.quantities import CELSIUS, MICROGRAMS, PERCENT, name_of, shown
from lorawan.vocabulary import QUANTITIES
from services.alarms.drafting import BadRuleError
from services.alarms.records import FIGURES
from services.text import Text

WRITTEN = re.compile(r"(?P<number>[+\-−–]?\s?[0-9]{1,7}(?:[.,][0-9]{1,4})?)\s*(?P<unit>.*)")
AMBIGUOUS = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
"""1.500 is one and a half in a data sheet and fifteen hundred in a German letter."""
AN_HOUR = ("/h", "pro stunde", "je stunde", "per hour", "an hour")
METRES_UP_TO = 20.0
"""A level without a unit up to this is meant in metres, above it in centimetres."""
WATER = frozenset({"water.level", "water.depth"})
UNITS: Mapping[str, Mapping[str, float]] = {
    "length-centimeter": {
        "cm": 1, "zentimeter": 1, "m": 100, "meter": 100, "metre": 100, "metres": 100, "mm": 0.1,
    },
    "length-millimeter": {"mm": 1, "cm": 10, "l/m²": 1, "l/m2": 1},
    "mm/h": {"mm/h": 1, "mm": 1},
    CELSIUS: {"°c": 1, "°": 1, "c": 1, "grad": 1, "grad celsius": 1, "degrees": 1},
    PERCENT: {"%": 1, "prozent": 1, "percent": 1},
    "pressure-hectopascal": {"hpa": 1, "mbar": 1},
    MICROGRAMS: {"µg/m³": 1, "µg/m3": 1, "ug/m3": 1, "µg": 1, "mg/m³": 1000, "mg/m3": 1000},
    "speed-meter-per-second": {"m/s": 1, "km/h": 1 / 3.6, "kn": 1852 / 3600},
    "dB(A)": {"db(a)": 1, "db": 1, "dezibel": 1, "decibel": 1},
    "ppm": {"ppm": 1},
    "kPa": {"kpa": 1, "hpa": 0.1, "cbar": 1},
    "light-lux": {"lx": 1, "lux": 1},
    "angle-degree": {"°": 1, "grad": 1, "degrees": 1},
}  # fmt: skip
"""How units are written, and how much of the shown unit each is; the first is its own sign."""


def amount(words: str, quantity: str, text: Text, *, an_hour: bool = False) -> float:
    """Return a value in the vocabulary's unit, or raise `BadRuleError` naming what is wrong.

    `an_hour`: it is a change an hour, and may say so.
    """
    given = " ".join(words.casefold().replace("μ", "µ").split())
    if an_hour:
        given = next(
            (given.removesuffix(one).strip() for one in AN_HOUR if given.endswith(one)), given
        )
    found = WRITTEN.fullmatch(given)
    if found is None:
        raise BadRuleError("alarms.no-number", words=words.strip(), example=example(quantity))
    if AMBIGUOUS.fullmatch(found["number"]):
        raise BadRuleError("alarms.ambiguous-number", words=words.strip())
    number = float(re.sub(r"[−–]", "-", found["number"]).replace(" ", "").replace(",", "."))
    value = round(number * _share(number, found["unit"], quantity, text), 6)
    if not an_hour:
        _possible(value, quantity, text)
    return value


def written(value: float, quantity: str) -> str:
    """Return a value (in the vocabulary's unit) as `amount` reads it."""
    return f"{value * shown(quantity).factor:.6g} {sign(quantity)}".strip()


def example(quantity: str) -> str:
    """Return a value as somebody could write it."""
    return "4,85 m" if quantity in WATER else f"12 {sign(quantity)}".strip()


def sign(quantity: str) -> str:
    """Return the unit a quantity is written in; "" where it has none."""
    return next(iter(_units(quantity)), "")


def _units(quantity: str) -> Mapping[str, float]:
    known = UNITS.get(shown(quantity).unit)
    if known is not None:
        return known
    unit = {**QUANTITIES, **FIGURES}[quantity].unit.casefold()
    return {unit: 1.0} if unit else {}


def _share(number: float, unit: str, quantity: str, text: Text) -> float:
    """Return how much of the vocabulary's unit one of a written unit is."""
    factor = shown(quantity).factor
    if not unit:
        in_metres = quantity in WATER and abs(number) <= METRES_UP_TO
        return 1.0 if in_metres else 1 / factor
    known = _units(quantity)
    if unit.rstrip(".") not in known:
        raise BadRuleError(
            "alarms.wrong-unit",
            unit=unit,
            quantity=name_of(quantity, 0, text),
            units=_signs(known),
        )
    return known[unit.rstrip(".")] / factor


def _signs(known: Mapping[str, float]) -> str:
    """Return how each unit is written first."""
    firsts: dict[float, str] = {}
    for sign, share in known.items():
        firsts.setdefault(share, sign)
    return ", ".join(firsts.values()) or "–"


def _possible(value: float, quantity: str, text: Text) -> None:
    known = {**QUANTITIES, **FIGURES}[quantity]
    if known.can_be(value):
        return
    how, unlimited = shown(quantity), "…"
    bounds = [
        unlimited if one is None else how.words(one, text) for one in (known.lowest, known.highest)
    ]
    raise BadRuleError(
        "alarms.out-of-range",
        value=how.words(value, text),
        quantity=name_of(quantity, 0, text),
        lowest=bounds[0],
        highest=bounds[1],
    )
