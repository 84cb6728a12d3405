"""Somebody is away: only their cases get somebody else, and what finds nobody is said with why.

The order is that of a single new case. Cases that few may take, and large ones, come first; then
each of them, and no other case, may still change its place where that is better.
"""

from dataclasses import dataclass, replace

import numpy as np

from services.assignment.daily.barriers import Codes
from services.assignment.daily.incoming import Incoming, of_problem
from services.assignment.daily.ranking import best, keys
from services.assignment.daily.standing import Standing
from services.assignment.problem import NOBODY, Ints, Problem

MOST_SECOND_LOOKS = 400
"""So many cases get a second look at most; it keeps an absence below a twentieth of a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Absence:
    """What an absence brings.

    Attributes:
        problem: without the person, whose cases have neither pin nor holder now.
        plan: who has each case then (n).
        cases: those that were the person's.
        unplaced: those of them that nobody can take, with the `Barrier` codes of everybody (m).
    """

    problem: Problem
    plan: Ints
    cases: Ints
    unplaced: tuple[tuple[int, Codes], ...]


def without(problem: Problem, person: int) -> Problem:
    """Return the problem while a person is away.

    The person has no capacity and is eligible for nothing; their cases are nobody's. What they
    bear besides waits for them and is not counted.
    """
    away = np.arange(len(problem.staff)) == person
    return replace(
        problem,
        capacity=np.where(away, 0, problem.capacity),
        load=np.where(away, 0, problem.load),
        eligible=problem.eligible & ~away,
        pinned=np.where(problem.pinned == person, NOBODY, problem.pinned),
        holder=np.where(problem.holder == person, NOBODY, problem.holder),
    )


def take_over(problem: Problem, plan: Ints, person: int) -> Absence:
    """Return a plan (n) in which a person's cases are with others, and no other case moves.

    Raises:
        ValueError: there is no such person, or the plan does not fit the problem.
    """
    if not 0 <= person < len(problem.staff):
        raise ValueError(f"there is no person {person}; persons are numbered from 0")
    cases = np.flatnonzero(plan == person)
    rest = without(problem, person)
    takeover = _Takeover(Standing(rest, np.where(plan == person, NOBODY, plan)), cases)
    takeover.place()
    takeover.look_again()
    return Absence(rest, takeover.standing.plan, cases, takeover.unplaced())


class _Takeover:
    def __init__(self, standing: Standing, cases: Ints) -> None:
        self.standing = standing
        problem = standing.problem
        classes, rows = np.unique(problem.class_of[cases], return_inverse=True)
        few = problem.eligible[classes].sum(axis=1)[rows]
        large = problem.effort[classes].max(axis=1, initial=0)[rows]
        self.cases: list[int] = cases[np.lexsort((-large, few))].tolist()
        self.asking: dict[int, Incoming] = {}
        self.alike: dict[tuple[int, ...], Incoming] = {}

    def place(self) -> None:
        """Place the cases one after the other, the hardest first."""
        for case in self.cases:
            self._to_the_best(case)

    def look_again(self) -> None:
        """Let single cases change their place while that is better."""
        looks, changed = MOST_SECOND_LOOKS, True
        while changed and looks > 0:
            changed = False
            for case in self.cases[:looks]:
                before = self._take_back(case)
                changed |= self._to_the_best(case) != before
            looks -= len(self.cases)

    def unplaced(self) -> tuple[tuple[int, Codes], ...]:
        left = [case for case in self.cases if self.standing.plan[case] == NOBODY]
        return tuple((case, self.standing.against(self._asking(case))) for case in sorted(left))

    def _take_back(self, case: int) -> int:
        if self.standing.plan[case] == NOBODY:
            return NOBODY
        return self.standing.remove(case)

    def _to_the_best(self, case: int) -> int:
        asking = self._asking(case)
        person = best(keys(self.standing, asking), self.standing.against(asking))
        if person != NOBODY:
            self.standing.place(case, person)
        return person

    def _asking(self, case: int) -> Incoming:
        if case not in self.asking:
            problem = self.standing.problem
            facts = (problem.class_of, problem.previous, problem.due, problem.pinned)
            own = case if case in problem.excluded else NOBODY
            key = (*(int(fact[case]) for fact in facts), own)
            if key not in self.alike:
                self.alike[key] = of_problem(problem, case)
            self.asking[case] = self.alike[key]
        return self.asking[case]
