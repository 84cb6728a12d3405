"""What a plan is worth, level by level: unplaced, late, how full, how even, at what cost."""

from dataclasses import dataclass

import numpy as np

from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints, Problem

LEVELS = (
    "unplaced",
    "late",
    "max_utilisation",
    "sigma",
    "mean_deviation_minutes",
    "moves",
    "cost",
)
"""In the order in which they count; `sigma` shows the balance in another figure."""


@dataclass(frozen=True, slots=True)
class Score:
    """The levels of a plan; less is better in each.

    Attributes:
        unplaced: cases without a person.
        late: units that cannot be done by their week, over all persons.
        max_utilisation: largest load / capacity.
        sigma: standard deviation of the utilisation in percentage points, weighed by capacity.
        mean_deviation_minutes: mean distance of a load from its fair target.
        moves: cases given to somebody else than their holder.
        cost: travel and continuity.
    """

    unplaced: int
    late: int
    max_utilisation: float
    sigma: float
    mean_deviation_minutes: float
    moves: int
    cost: int

    def levels(self) -> dict[str, float]:
        """Return the value of each level by its name."""
        return {name: getattr(self, name) for name in LEVELS}


def score(problem: Problem, plan: Ints, target_seconds: Ints) -> Score:
    """Judge a plan (n: a person or `NOBODY`) against the fair loads in seconds (m)."""
    loads = loads_of(problem, plan)
    able = problem.capacity > 0
    away = np.abs(loads * problem.unit_minutes * 60 - target_seconds)
    return Score(
        unplaced=int((plan == NOBODY).sum()),
        late=late(problem, plan),
        max_utilisation=float(np.max(loads[able] / problem.capacity[able], initial=0.0)),
        sigma=sigma(problem.capacity, loads.astype(np.float64)),
        mean_deviation_minutes=float(away.mean() / 60) if len(away) else 0.0,
        moves=int(moved(problem, plan).sum()),
        cost=cost(problem, plan),
    )


def loads_of(problem: Problem, plan: Ints) -> Ints:
    """Return the load of each person in units, with what was there before (m)."""
    placed = np.flatnonzero(plan != NOBODY)
    units = problem.effort[problem.class_of[placed], plan[placed]]
    taken = np.bincount(plan[placed], units, len(problem.staff))
    return problem.load + np.rint(taken).astype(np.int64)


def sigma(capacity: Ints, loads: np.typing.NDArray[np.float64]) -> float:
    """Return the spread of the utilisation of those who have capacity, in percentage points."""
    able = capacity > 0
    capacity, loads = capacity[able], loads[able]
    if not len(capacity):
        return 0.0
    away = loads / capacity - loads.sum() / capacity.sum()
    return float(100 * np.sqrt((capacity * away**2).sum() / capacity.sum()))


def moved(problem: Problem, plan: Ints) -> Flags:
    """Return which cases are with somebody else than their holder (n)."""
    changed: Flags = (problem.holder != NOBODY) & (plan != NOBODY) & (plan != problem.holder)
    return changed


def cost(problem: Problem, plan: Ints) -> int:
    """Return travel plus what it costs that clients meet somebody new."""
    placed = np.flatnonzero(plan != NOBODY)
    travel = problem.cost[problem.class_of[placed], plan[placed]].sum()
    known = problem.previous[placed]
    strangers = ((known != NOBODY) & (known != plan[placed])).sum()
    return int(travel + problem.continuity_cost * strangers)


def late(problem: Problem, plan: Ints) -> int:
    """Return the units due by a week beyond what a person can do until then, at the worst."""
    weeks = problem.capacity_until.shape[1]
    dated = np.flatnonzero((plan != NOBODY) & (problem.due != UNLIMITED))
    if not weeks or not len(dated):
        return 0
    due = np.zeros(problem.capacity_until.shape, np.int64)
    units = problem.effort[problem.class_of[dated], plan[dated]]
    within = problem.due[dated] < weeks
    np.add.at(due, (plan[dated][within], problem.due[dated][within]), units[within])
    over = np.cumsum(due, axis=1) - problem.capacity_until
    return int(np.maximum(over.max(axis=1), 0).sum())
