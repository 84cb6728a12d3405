"""Who stands in for whom: a second person for each case, there while the first one is not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.assignment.domain.compiling import Compiled
from services.assignment.domain.staff import Absence, Person
from services.assignment.domain.team import Team
from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem


@dataclass(frozen=True)
class Deputies:
    """A deputy for each case (n); `NOBODY` where none could be found, or nobody has the case."""

    plan: Ints
    without: tuple[int, ...]
    """Cases that somebody has, and for which no deputy could be found."""
    load: Ints
    """Units everybody bears for others (m)."""


def choose_deputies(
    team: Team, compiled: Compiled, plan: Ints, *, window: Absence | None = None
) -> Deputies:
    """Return deputies for a plan (n).

    A deputy is somebody else, may take the case, is there in the window (or whenever the first
    person is absent, without one), and bears no more for others than `most_deputy_load`. Large
    cases and those few may take come first; named deputies before others, then the least loaded.
    """
    problem = compiled.problem
    choice = _Choice(team.staff, problem, window)
    placed = np.flatnonzero(plan != NOBODY).tolist()
    possible = {case: choice.possible(case, int(plan[case])) for case in placed}
    efforts = problem.effort[problem.class_of, 0] if len(problem.cases) else problem.class_of
    found = np.full(len(plan), NOBODY)
    for case in sorted(placed, key=lambda one: (len(possible[one]), -efforts[one], one)):
        found[case] = choice.take(case, int(plan[case]), possible[case])
    without = tuple(case for case in placed if found[case] == NOBODY)
    return Deputies(found, without, choice.load)


class _Choice:
    def __init__(
        self, staff: tuple[Person, ...], problem: Problem, window: Absence | None
    ) -> None:
        self.staff, self.problem, self.window = staff, problem, window
        self.load = np.zeros(len(staff), np.int64)
        limits = (one.most_deputy_load for one in staff)
        self.most = [UNLIMITED if limit is None else limit for limit in limits]
        self.number: Mapping[str, int] = {one.id: index for index, one in enumerate(staff)}
        self.away: dict[tuple[int, int], bool] = {}

    def possible(self, case: int, first: int) -> list[int]:
        """Return who may stand in for a case at all."""
        barred = self.problem.excluded.get(case, frozenset())
        may = np.flatnonzero(self.problem.eligible[self.problem.class_of[case]]).tolist()
        return [
            one for one in may if one != first and one not in barred and self._is_there(one, first)
        ]

    def _is_there(self, person: int, first: int) -> bool:
        if (person, first) not in self.away:
            windows = self.staff[first].absences if self.window is None else (self.window,)
            self.away[person, first] = any(
                mine.meets(one) for mine in self.staff[person].absences for one in windows
            )
        return not self.away[person, first]

    def take(self, case: int, first: int, possible: list[int]) -> int:
        """Give a case its deputy and return who that is."""
        named = [self.number[one] for one in self.staff[first].deputies]

        def order(person: int) -> tuple[int, float, int]:
            rank = named.index(person) if person in named else len(named)
            return rank, self.load[person] / max(1, self.problem.capacity[person]), person

        for person in sorted(possible, key=order):
            effort = self.problem.effort[self.problem.class_of[case], person]
            if self.most[person] == UNLIMITED or self.load[person] + effort <= self.most[person]:
                self.load[person] += effort
                return person
        return NOBODY
