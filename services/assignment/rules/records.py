"""What is asked of the solver, what it tells on its way, and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.assignment.problem import Ints


class Objective(StrEnum):
    """What a plan is to be good for."""

    BALANCE = "balance"
    """All levels in strict order: unplaced, late, utilisation, balance, moves, cost."""
    MAKESPAN = "makespan"
    """Everybody placed, then the smallest maximum load."""
    COST = "cost"
    """The least cost while nobody exceeds his capacity."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the solver stands.

    Attributes:
        level: what is being improved, one of `scoring.LEVELS`.
        objective: value of the level in the best plan so far.
        bound: no plan is below it, as far as is proven by now.
        seconds: since the start.
    """

    level: str
    objective: float
    bound: float
    seconds: float


Report = Callable[[Progress], bool]
"""Hears of progress; returns False to stop the solver, which then returns its best plan."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A plan and what is proven about it.

    Attributes:
        plan: person of each case, `NOBODY` if it is unplaced (n).
        objective: value of each level.
        bound: what no plan is below, by level; for a level after others: no plan that is as good
            as this one in those before it.
        proven: whether the value of a level is its bound: none is better that is as good before.
        gap: (objective - bound) / bound of the level that the objective is about.
        seconds: of the whole search.
        seed: with which it can be repeated.
        first_plan_seconds: until the first complete plan.
        target_seconds: fair load of each person, in seconds (m).
        solver: name and version.
    """

    plan: Ints
    objective: Mapping[str, float]
    bound: Mapping[str, float]
    proven: Mapping[str, bool]
    gap: float
    seconds: float
    seed: int
    first_plan_seconds: float
    target_seconds: Ints
    solver: str


class UnsolvedError(ValueError):
    """A problem of a kind that this solver does not solve; says which and what to do."""
