"""A case that asks for a person: what it would mean for each of the team."""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.barriers import Barrier, Codes
from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """A case to be placed; arrays over the persons (m).

    Attributes:
        effort: units it costs each person.
        cost: travel and continuity with each person.
        against: barriers that lie in the case and the person alone, not in what they bear.
        due: week by whose end it must be done, from 0; `UNLIMITED` if none.
    """

    effort: Ints
    cost: Ints
    against: Codes
    due: int = UNLIMITED


def incoming(
    problem: Problem,
    class_: int,
    *,
    previous: int = NOBODY,
    excluded: frozenset[int] = frozenset(),
    pinned: int = NOBODY,
    due: int = UNLIMITED,
) -> Incoming:
    """Return a new case of a class; it need not be in the problem."""
    against = np.where(problem.eligible[class_], 0, Barrier.NOT_ELIGIBLE).astype(np.uint16)
    against[problem.capacity <= 0] |= np.uint16(Barrier.NOT_THERE)
    if excluded:
        against[list(excluded)] |= np.uint16(Barrier.EXCLUDED)
    if pinned != NOBODY:
        against[np.arange(len(against)) != pinned] |= np.uint16(Barrier.PINNED_ELSEWHERE)
    cost = problem.cost[class_]
    if previous != NOBODY:
        cost = cost + problem.continuity_cost
        cost[previous] -= problem.continuity_cost
    return Incoming(problem.effort[class_], cost, against, due)


def of_problem(problem: Problem, case: int) -> Incoming:
    """Return a case of the problem as one that asks for a person."""
    return incoming(
        problem,
        int(problem.class_of[case]),
        previous=int(problem.previous[case]),
        excluded=problem.excluded.get(case, frozenset()),
        pinned=int(problem.pinned[case]),
        due=int(problem.due[case]),
    )
