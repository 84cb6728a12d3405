"""The work of a problem as divisible groups: cases that the same persons may do are one."""

from dataclasses import dataclass

import numpy as np

from services.assignment.problem import NOBODY, Flags, Ints, Problem


@dataclass(frozen=True)
class Work:
    """Groups of cases: `demand` (g) in units, `may` (g, m), `group` of each case (n).

    Cases that nobody may take belong to no group (`NOBODY`).
    """

    demand: Ints
    may: Flags
    group: Ints
    effort: Ints
    """What each case costs at least (n)."""


def allowed(problem: Problem, case: int) -> Flags:
    """Return who may take a case (m): eligible, not excluded, and the pinned person alone."""
    may: Flags = problem.eligible[problem.class_of[case]].copy()
    may[list(problem.excluded.get(case, ()))] = False
    pinned = problem.pinned[case]
    if pinned != NOBODY:
        only = np.zeros_like(may)
        only[pinned] = may[pinned]
        return only
    return may


def least_effort(problem: Problem) -> Ints:
    """Return what a case of each class costs at least (k), whoever of the eligible takes it."""
    high = np.iinfo(np.int64).max
    least = np.where(problem.eligible, problem.effort, high).min(axis=1, initial=high)
    return np.where(problem.eligible.any(axis=1), least, 0)


def special(problem: Problem) -> list[int]:
    """Return the cases that not all eligible persons may take: exclusions and pins."""
    return sorted({*problem.excluded, *np.flatnonzero(problem.pinned != NOBODY).tolist()})


def work_of(problem: Problem) -> Work:
    """Group the cases by who may take them."""
    numbers: dict[bytes, int] = {}
    by_class = np.array(
        [_number(numbers, row) for row in problem.eligible] or np.empty(0), dtype=np.int64
    )
    group = by_class[problem.class_of]
    for case in special(problem):
        group[case] = _number(numbers, allowed(problem, case))
    m = len(problem.staff)
    may = np.array([np.frombuffer(one, bool) for one in numbers]).reshape(len(numbers), m)
    effort = least_effort(problem)[problem.class_of]
    placeable = group != NOBODY
    demand = np.zeros(len(numbers), np.int64)
    np.add.at(demand, group[placeable], effort[placeable])
    return Work(demand, may, group, effort)


def _number(numbers: dict[bytes, int], may: Flags) -> int:
    if not may.any():
        return NOBODY
    return numbers.setdefault(may.tobytes(), len(numbers))
