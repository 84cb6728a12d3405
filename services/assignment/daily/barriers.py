"""What stands against a person for a case, as codes that name a fact and never more than it."""

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]


class Barrier(IntFlag):
    """Why somebody is not the first proposal for a case; several of the upper ones may hold.

    What lies behind `NOT_ELIGIBLE` (qualification, signature, language …) is known where the
    problem was made, not here.
    """

    NOT_ELIGIBLE = 1
    """Must not take cases of the class."""
    EXCLUDED = 2
    """Must not take this case."""
    PINNED_ELSEWHERE = 4
    """The case stays with somebody else."""
    NOT_THERE = 8
    """Has no capacity."""
    CASE_LIMIT = 16
    """Has as many cases as may be."""
    CAPACITY = 32
    """Would be above a hard capacity."""

    TOO_LATE = 64
    """Could do less until the week it is due than the first."""
    FULLER = 128
    """The highest utilisation of the team would be higher than with the first."""
    LESS_EVEN = 256
    """Loads would be less even than with the first."""
    DEARER = 512
    """Travel and continuity cost more than with the first."""
    EQUAL = 1024
    """As good as the first, and later in the list of staff."""


BARRED = (
    Barrier.NOT_ELIGIBLE
    | Barrier.EXCLUDED
    | Barrier.PINNED_ELSEWHERE
    | Barrier.NOT_THERE
    | Barrier.CASE_LIMIT
    | Barrier.CAPACITY
)
"""Whoever has one of these cannot be proposed at all; the others are only not first."""
