"""Every case beside every person: what the search uses where efforts differ between persons."""

from dataclasses import dataclass

import numpy as np

from services.assignment.problem import NOBODY, Flags, Ints, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Tableau:
    """The free cases of a problem (j), as rows, and the persons (m).

    Attributes:
        cases: number of each free case in the problem (j).
        allowed: who may take it and has the room for it alone (j, m).
        effort: units it costs each person (j, m).
        cost: travel and continuity (j, m).
        room: units each person can still take (m).
    """

    cases: Ints
    allowed: Flags
    effort: Ints
    cost: Ints
    room: Ints

    def value(self, plan: Ints) -> int:
        """Return the cost of the placed cases of a plan of the rows (j)."""
        rows = np.flatnonzero(plan != NOBODY)
        return int(self.cost[rows, plan[rows]].sum())

    def loads(self, plan: Ints) -> Ints:
        """Return the units a plan of the rows (j) puts on each person (m)."""
        rows = np.flatnonzero(plan != NOBODY)
        taken = np.bincount(plan[rows], self.effort[rows, plan[rows]], len(self.room))
        loads: Ints = taken.astype(np.int64)
        return loads

    def fits(self, plan: Ints) -> bool:
        """Whether nobody bears more than there is room for."""
        return bool((self.loads(plan) <= self.room).all())

    def part(self, rows: Ints, persons: Ints, room: Ints) -> "Tableau":
        """Return the tableau of some rows and persons."""
        both = np.ix_(rows, persons)
        return Tableau(
            self.cases[rows], self.allowed[both], self.effort[both], self.cost[both], room
        )


def tableau_of(problem: Problem) -> Tableau:
    """Return the free cases under hard capacities; pinned ones and the load take their room."""
    free = np.flatnonzero(problem.pinned == NOBODY)
    pinned = np.flatnonzero(problem.pinned != NOBODY)
    kind, whose = problem.class_of[pinned], problem.pinned[pinned]
    held = np.bincount(whose, problem.effort[kind, whose], len(problem.staff)).astype(np.int64)
    room = np.maximum(problem.capacity - problem.load - held, 0)
    kinds = problem.class_of[free]
    effort = problem.effort[kinds].astype(np.int64)
    allowed = problem.eligible[kinds] & (effort <= room)
    row_of = {int(case): row for row, case in enumerate(free)}
    for case, persons in problem.excluded.items():
        if case in row_of:
            allowed[row_of[case], sorted(persons)] = False
    known = problem.previous[free]
    stranger = known[:, None] != np.arange(len(problem.staff))
    leaving = (known != NOBODY)[:, None] & stranger
    cost = problem.cost[kinds].astype(np.int64) + problem.continuity_cost * leaving
    return Tableau(free, allowed, effort, cost, room)
