"""Every plan of a small problem, and the best of them level by level."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from services.assignment.problem import NOBODY, Flags, Ints, Problem
from services.assignment.scoring import Score, score

STRICT = ("unplaced", "late", "max_utilisation", "mean_deviation_minutes", "moves", "cost")
"""The levels that are made as small as possible one after the other."""


def every_plan(problem: Problem) -> list[Ints]:
    """Return all plans that place each case that somebody may take."""
    choices = []
    for case in range(len(problem.cases)):
        if problem.pinned[case] != NOBODY:
            choices.append([int(problem.pinned[case])])
            continue
        able: Flags = problem.eligible[problem.class_of[case]] & (problem.capacity > 0)
        barred = problem.excluded.get(case, frozenset())
        choices.append([one for one in np.flatnonzero(able).tolist() if one not in barred])
    return [np.array(plan, np.int64) for plan in product(*(one or [NOBODY] for one in choices))]


def table(scores: list[Score]) -> NDArray[np.float64]:
    """Return the strict levels of each plan, in their order (plans, levels)."""
    return np.array([[getattr(one, name) for name in STRICT] for one in scores], np.float64)


def scores(problem: Problem, target_seconds: Ints) -> NDArray[np.float64]:
    """Return the strict levels of every plan (plans, levels)."""
    return table([score(problem, plan, target_seconds) for plan in every_plan(problem)])


def best(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lexicographically smallest row."""
    smallest: NDArray[np.float64] = min(levels.round(9), key=tuple)
    return smallest
