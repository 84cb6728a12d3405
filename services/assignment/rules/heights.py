"""What loads cost: far from the target, above the goal, above what was reached already."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from services.assignment.problem import Ints
from services.assignment.rules.targets import Targets

Floats = NDArray[np.float64]
OVER_GOAL = 20
OVER_LIMIT = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """Prices of loads, in the figures of the arcs.

    Attributes:
        targets: the fairest divisible loads.
        goal: load at the utilisation that is aimed at; more costs 20 times a deviation (m).
        limit: load at the utilisation that was reached; more is out of the question (m).
        unit: price of one unit away from the target.
    """

    targets: Targets
    goal: Ints
    limit: Ints
    unit: float

    def __call__(self, loads: Ints) -> Floats:
        """Return what loads cost, for each person: (…, m) to (…, m)."""
        away = self.targets.deviation(loads) / self.targets.second
        over = OVER_GOAL * np.maximum(loads - self.goal, 0)
        beyond = OVER_LIMIT * np.maximum(loads - self.limit, 0)
        found: Floats = self.unit * (away + over + beyond)
        return found


def at(utilisation: Fraction, capacity: Ints) -> Ints:
    """Return the largest whole load of each person at this utilisation (m)."""
    above, below = utilisation.numerator, utilisation.denominator
    return np.array([above * one // below for one in capacity.tolist()], np.int64)


def below(utilisation: Fraction, capacity: Ints) -> Ints:
    """Return the largest whole load of each person under this utilisation (m)."""
    above, under = utilisation.numerator, utilisation.denominator
    return np.array([-(-above * one // under) - 1 for one in capacity.tolist()], np.int64)


def highest(loads: Ints, capacity: Ints) -> Fraction:
    """Return the largest load / capacity of those who have any capacity, 0 if nobody has."""
    pairs = zip(loads.tolist(), capacity.tolist(), strict=True)
    return max((Fraction(load, most) for load, most in pairs if most > 0), default=Fraction(0))
