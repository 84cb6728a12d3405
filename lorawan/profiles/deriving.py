"""What follows from a value and the place of the sensor: a level, how full a bin is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lorawan.measurement import Mark, Measurement
from lorawan.profiles.profile import Derivation, Mounting
from lorawan.profiles.values import tidy
from lorawan.vocabulary import mark

QUANTITIES = {
    Derivation.LEVEL_FROM_DISTANCE: ("water.distance", "water.level"),
    Derivation.LEVEL_FROM_DEPTH: ("water.depth", "water.level"),
    Derivation.FILL_FROM_DISTANCE: ("waste.distance", "waste.fillLevel"),
}
"""From which quantity to which."""


def derive(
    measurements: Iterable[Measurement], derivations: Iterable[Derivation], mounting: Mounting
) -> Iterator[Measurement]:
    """Yield what follows from measurements, marked as derived; nothing without a height.

    What comes of an impossible value is marked as impossible too.
    """
    found = list(measurements)
    for derivation in derivations:
        source, target = QUANTITIES[derivation]
        for one in found:
            value = _value(derivation, one.value, mounting.height)
            if one.quantity == source and value is not None:
                value = tidy(value)
                marks = one.marks | Mark.DERIVED | mark(target, value)
                yield replace(one, quantity=target, value=value, marks=marks)


def _value(derivation: Derivation, value: float, height: float | None) -> float | None:
    if height is None:
        return None
    if derivation is Derivation.LEVEL_FROM_DISTANCE:
        return height - value
    if derivation is Derivation.LEVEL_FROM_DEPTH:
        return height + value
    return (height - value) / height * 100 if height > 0 else None
