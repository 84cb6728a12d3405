"""A measured value, in the vocabulary all sensors share."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag


class Mark(IntFlag):
    """What is to be said about a value; nothing is dropped for any of these."""

    FINE = 0
    OUT_OF_RANGE = 1
    """Outside what the quantity can be."""
    SIMULATED = 2
    """Made by hand in a console, no radio involved."""
    LATE = 4
    """Arrived long after it was measured."""
    DERIVED = 8
    """Computed from another value and the place of the sensor (level from distance)."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value of one quantity.

    Attributes:
        quantity: dotted name from the vocabulary ("water.level", "air.temperature").
        value: in the vocabulary's unit; 1 or 0 for yes and no, the index for a list of words.
        channel: which of several equal probes, from 0 (soil moisture at depth 3 -> 3).
        time: when it was measured, where the device says so itself; None: with the frame.
        marks: see `Mark`.
    """

    quantity: str
    value: float
    channel: int = 0
    time: datetime | None = None
    marks: Mark = Mark.FINE
