"""Judges a plan independently of what made it: rules, values, and what is claimed of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.assignment.checking.fairness import fairest
from services.assignment.checking.values import LEVELS, bounds_of, loads_of, values_of
from services.assignment.checking.work import work_of
from services.assignment.mistakes import Mistake, Mistakes
from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem

CLOSE = 1e-6
"""Relative difference that comes from rounding alone."""
SLACK = {"mean_deviation_minutes": 0.05}
"""Absolute difference, in the level's unit: targets are rounded to whole seconds."""


@dataclass(frozen=True)
class Verdict:
    """What an independent look at a plan found.

    Attributes:
        broken: rules that are not kept, and claims that are not true; empty if all is well.
        left_out: how many more there are.
        values: the value of each level.
        bounds: what no plan that places every placeable case can be below.
        bottleneck: ids of the persons whose work sets the bound of the maximum utilisation.
    """

    broken: tuple[Mistake, ...]
    left_out: int
    values: Mapping[str, float]
    bounds: Mapping[str, float]
    bottleneck: tuple[str, ...]

    @property
    def fine(self) -> bool:
        return not self.broken


def judge(
    problem: Problem,
    plan: Ints,
    *,
    objective: Mapping[str, float] | None = None,
    bound: Mapping[str, float] | None = None,
) -> Verdict:
    """Return the verdict on a plan (n) and on stated values and bounds by level.

    A stated bound says of a level: no plan that is as good as this one in the levels before it is
    below. So this plan is not below it either.

    Raises:
        ValueError: the plan has another length, or names a person who does not exist.
    """
    if plan.shape != problem.class_of.shape or not _within(plan, len(problem.staff)):
        raise ValueError("a plan has one person's number, or NOBODY, for each case")
    work = work_of(problem)
    fair = fairest(work, problem.capacity, problem.load)
    values, bounds = values_of(problem, plan, fair), bounds_of(problem, work, fair)
    found = Mistakes("")
    _check_cases(problem, plan, found)
    _check_persons(problem, plan, found)
    _check_moves(problem, values["moves"], found)
    _check_values(values, objective or {}, found)
    _check_bounds(values, bound or {}, found)
    bottleneck = tuple(problem.staff[one] for one in np.flatnonzero(fair.bottleneck))
    return Verdict(tuple(found.found), found.left_out, values, bounds, bottleneck)


def _within(plan: Ints, persons: int) -> bool:
    return bool(((plan >= NOBODY) & (plan < persons)).all())


def _check_cases(problem: Problem, plan: Ints, found: Mistakes) -> None:
    """Each case goes to somebody who may take it, and a pinned one stays where it is."""
    placed = np.flatnonzero(plan != NOBODY)
    wrong = placed[~problem.eligible[problem.class_of[placed], plan[placed]]]
    for case in wrong.tolist():
        _add(found, "assignment.broken-not-eligible", problem, case, plan[case])
    for case, who in problem.excluded.items():
        if plan[case] in who:
            _add(found, "assignment.broken-excluded", problem, case, plan[case])
    moved = (problem.pinned != NOBODY) & (plan != problem.pinned)
    for case in np.flatnonzero(moved).tolist():
        _add(found, "assignment.broken-pinned", problem, case, problem.pinned[case])


def _add(found: Mistakes, text_key: str, problem: Problem, case: int, person: int) -> None:
    found.add(problem.cases[case], text_key, person=problem.staff[person])


def _check_persons(problem: Problem, plan: Ints, found: Mistakes) -> None:
    loads = loads_of(problem, plan)
    counts = np.bincount(plan[plan != NOBODY], minlength=len(problem.staff))
    over = (loads > problem.capacity) & (loads > problem.load) & problem.hard_capacity
    for person in np.flatnonzero(over):
        found.add(
            problem.staff[person],
            "assignment.broken-capacity",
            load=loads[person],
            capacity=problem.capacity[person],
        )
    many = (problem.most_cases != UNLIMITED) & (counts > problem.most_cases)
    for person in np.flatnonzero(many):
        found.add(
            problem.staff[person],
            "assignment.broken-most-cases",
            number=counts[person],
            most=problem.most_cases[person],
        )


def _check_moves(problem: Problem, moves: float, found: Mistakes) -> None:
    if problem.most_moves != UNLIMITED and moves > problem.most_moves:
        found.add("", "assignment.broken-moves", number=int(moves), most=problem.most_moves)


def _check_values(
    values: Mapping[str, float], stated: Mapping[str, float], found: Mistakes
) -> None:
    """What is stated of a level is what the plan is worth; levels of other names are not ours."""
    for level in LEVELS:
        if level in stated and level in values and not _alike(level, stated[level], values[level]):
            found.add(
                level,
                "assignment.broken-value",
                stated=f"{stated[level]:.9g}",
                found=f"{values[level]:.9g}",
            )


def _check_bounds(
    values: Mapping[str, float], stated: Mapping[str, float], found: Mistakes
) -> None:
    for level, value in values.items():
        limit = stated.get(level, value)
        if value < limit and not _alike(level, value, limit):
            found.add(
                level, "assignment.broken-bound", stated=f"{limit:.9g}", found=f"{value:.9g}"
            )


def _alike(level: str, one: float, other: float) -> bool:
    slack = SLACK.get(level, 0.0) + CLOSE * max(1.0, abs(one), abs(other))
    return abs(one - other) <= slack
