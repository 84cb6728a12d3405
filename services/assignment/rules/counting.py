"""Linear programs over whole numbers, put together row by row and solved by HiGHS."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from services.assignment.problem import Ints

Floats = NDArray[np.float64]
INFEASIBLE = 2
SHORTEST = 0.1
"""Seconds; HiGHS does not look at the clock more often."""
A_HAIR = 1e-6
"""HiGHS keeps rows and whole numbers to this tolerance."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The best values found, or None; a proven bound of the objective; and whether it is settled.

    Settled without values: there are none.
    """

    values: Floats | None
    bound: float
    settled: bool


@dataclass(slots=True, eq=False)
class Program:
    """Variables under rows `low <= sum of factor * variable <= high`."""

    least: list[Floats] = field(default_factory=list)
    most: list[Floats] = field(default_factory=list)
    whole: list[Floats] = field(default_factory=list)
    variables: int = 0
    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    factor: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    rows: int = 0

    def add(
        self,
        most: ArrayLike,
        *,
        least: ArrayLike = 0.0,
        whole: bool = True,
    ) -> Ints:
        """Add a variable for each of `most` and return their numbers."""
        upper = np.atleast_1d(np.asarray(most, np.float64))
        size = len(upper)
        self.most.append(upper)
        self.least.append(np.broadcast_to(np.asarray(least, np.float64), size))
        self.whole.append(np.full(size, float(whole)))
        self.variables += size
        return np.arange(self.variables - size, self.variables)

    def keep(self, low: ArrayLike, high: ArrayLike, *terms: tuple[Ints, Ints, ArrayLike]) -> None:
        """Add rows; a term is (row from 0, variable, factor), each an array of the same length."""
        lows, highs = np.broadcast_arrays(
            np.atleast_1d(np.asarray(low, np.float64)), np.asarray(high, np.float64)
        )
        for row, column, factor in terms:
            self.row.append(row + self.rows)
            self.column.append(column)
            self.factor.append(np.broadcast_to(np.asarray(factor, np.float64), len(column)))
        self.low.append(lows)
        self.high.append(highs)
        self.rows += len(lows)

    def minimised(self, seconds: float, aim: tuple[Ints, ArrayLike] | None = None) -> Answer:
        """Return what HiGHS finds within some seconds; `aim` is (variables, cost of each)."""
        cost = np.zeros(self.variables)
        if aim is not None:
            cost[aim[0]] = aim[1]
        matrix = csr_matrix(
            (
                np.concatenate(self.factor),
                (np.concatenate(self.row), np.concatenate(self.column)),
            ),
            (self.rows, self.variables),
        )
        solved = milp(
            cost,
            constraints=LinearConstraint(
                matrix, np.concatenate(self.low), np.concatenate(self.high)
            ),
            integrality=np.concatenate(self.whole),
            bounds=Bounds(np.concatenate(self.least), np.concatenate(self.most)),
            options={"time_limit": max(seconds, SHORTEST), "mip_rel_gap": 0.0},
        )
        if solved.x is None:
            return Answer(None, -np.inf, solved.status == INFEASIBLE)
        bound = solved.mip_dual_bound
        return Answer(solved.x, -np.inf if bound is None else bound, solved.status == 0)
