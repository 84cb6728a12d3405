"""What a plan is worth, level by level, computed from the problem alone."""

from collections.abc import Mapping

import numpy as np

from services.assignment.checking.fairness import SECONDS, Fairest, in_seconds
from services.assignment.checking.flow import Floats, shortage
from services.assignment.checking.work import Work, allowed, special
from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints, Problem

LEVELS = (
    "unplaced",
    "late",
    "max_utilisation",
    "mean_deviation_minutes",
    "sigma",
    "moves",
    "cost",
)
"""In their strict order; `sigma` stands beside the mean deviation."""
Values = Mapping[str, float]


def loads_of(problem: Problem, plan: Ints) -> Ints:
    """Return everybody's load (m), in units: what was there, and what the plan adds."""
    placed = np.flatnonzero(plan != NOBODY)
    loads = problem.load.copy()
    np.add.at(loads, plan[placed], problem.effort[problem.class_of[placed], plan[placed]])
    return loads


def values_of(problem: Problem, plan: Ints, fair: Fairest) -> dict[str, float]:
    """Return the value of each level; the deviation only where effort is the same for all."""
    loads = loads_of(problem, plan)
    values = {
        "unplaced": float((plan == NOBODY).sum()),
        "late": float(_late(problem, plan)),
        "max_utilisation": highest(loads, problem.capacity),
        "sigma": spread(loads.astype(float), problem.capacity),
        "moves": float(_moves(problem, plan).sum()),
        "cost": float(_cost(problem, plan)),
    }
    if problem.same_for_all:
        own = in_seconds(loads.astype(float), problem.unit_minutes)
        target = in_seconds(fair.loads, problem.unit_minutes)
        values["mean_deviation_minutes"] = float(np.abs(own - target).mean()) / SECONDS
    return values


def bounds_of(problem: Problem, work: Work, fair: Fairest) -> dict[str, float]:
    """Return what no plan that places every placeable case can be below, by level."""
    placeable = work.group != NOBODY
    return {
        "unplaced": float((~placeable).sum()),
        "late": float(_least_late(problem, work)),
        "max_utilisation": fair.highest,
        "mean_deviation_minutes": 0.0,
        "sigma": spread(fair.loads, problem.capacity) if problem.same_for_all else 0.0,
        "moves": float(_forced_moves(problem, placeable)),
        "cost": float(_least_cost(problem, placeable)),
    }


def highest(loads: Ints, capacity: Ints) -> float:
    """Return the highest utilisation of anybody who has a capacity."""
    there = capacity > 0
    return float((loads[there] / capacity[there]).max(initial=0.0))


def spread(loads: Floats, capacity: Ints) -> float:
    """Return how far utilisations spread around their mean, in percentage points."""
    there = capacity > 0
    loads, room = loads[there], capacity[there]
    if not len(room):
        return 0.0
    mean = loads.sum() / room.sum()
    return float(100 * np.sqrt((room * (loads / room - mean) ** 2).sum() / room.sum()))


def _late(problem: Problem, plan: Ints) -> int:
    """Return the units that cannot be done by their week, each person at their worst week."""
    persons, weeks = problem.capacity_until.shape
    worst = np.zeros(persons, np.int64)
    for week in range(weeks):
        due = np.flatnonzero((problem.due != UNLIMITED) & (problem.due <= week) & (plan != NOBODY))
        work = np.zeros(persons, np.int64)
        np.add.at(work, plan[due], problem.effort[problem.class_of[due], plan[due]])
        worst = np.maximum(worst, work - problem.capacity_until[:, week])
    return int(worst.sum())


def _least_late(problem: Problem, work: Work) -> int:
    """Return the units that cannot be done by some week even if cases were divisible."""
    least = 0.0
    for week in range(problem.capacity_until.shape[1]):
        due = (problem.due != UNLIMITED) & (problem.due <= week) & (work.group != NOBODY)
        demand = np.zeros_like(work.demand)
        np.add.at(demand, work.group[due], work.effort[due])
        least = max(least, shortage(demand, problem.capacity_until[:, week], work.may))
    return int(np.ceil(least - 1e-6))


def _moves(problem: Problem, plan: Ints) -> Flags:
    """Return which cases (n) go to somebody else than who holds them; left to nobody is none."""
    moved: Flags = (problem.holder != NOBODY) & (plan != NOBODY) & (plan != problem.holder)
    return moved


def _forced_moves(problem: Problem, placeable: Ints) -> int:
    held = np.flatnonzero((problem.holder != NOBODY) & placeable)
    keeps = problem.eligible[problem.class_of[held], problem.holder[held]]
    odd = set(special(problem))
    for index, case in enumerate(held.tolist()):
        if case in odd:
            keeps[index] = allowed(problem, case)[problem.holder[case]]
    return int((~keeps).sum())


def _cost(problem: Problem, plan: Ints) -> int:
    placed = np.flatnonzero(plan != NOBODY)
    travel = problem.cost[problem.class_of[placed], plan[placed]].sum()
    known = problem.previous[placed]
    strangers = ((known != NOBODY) & (known != plan[placed])).sum()
    return int(travel + strangers * problem.continuity_cost)


def _least_cost(problem: Problem, placeable: Ints) -> int:
    """Return the sum of what each case costs with whoever is cheapest for it alone."""
    high = np.iinfo(np.int64).max
    cheapest = np.where(problem.eligible, problem.cost, high).min(axis=1, initial=high)
    costs = cheapest[problem.class_of]
    odd = {*special(problem), *np.flatnonzero(problem.previous != NOBODY).tolist()}
    for case in odd:
        may = allowed(problem, case)
        if may.any():
            own = problem.cost[problem.class_of[case]].copy()
            if problem.previous[case] != NOBODY:
                own += problem.continuity_cost * (np.arange(len(own)) != problem.previous[case])
            costs[case] = own[may].min()
    return int(costs[placeable].sum())
