"""Cases that are alike as one node, and an arc to each person who may take them.

Two cases are alike when class, excluded persons, previous person and holder are the same. Pinned
cases are load; a case that nobody may take is in no group and stays unplaced. Arcs are stored
group by group, so that 100,000 cases are some 20,000 groups with 250,000 arcs.
"""

from dataclasses import dataclass, replace

import numpy as np

from services.assignment.problem import NOBODY, Flags, Ints, Problem

MOST = 1 << 61
"""Figures that are added exactly stay below this."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Groups (g), persons (m) and the arcs (a) between them.

    Attributes:
        capacity: what a person can bear, in units (m); nobody with 0 has an arc.
        base: load and pinned cases of each person, in units (m).
        effort: units of one case of the group (g).
        count: cases of the group (g).
        first: where the arcs of a group start (g + 1).
        group: group of each arc (a).
        person: person of each arc (a).
        cost: travel and continuity of one case on this arc (a).
        moves: 1 where the arc gives a case to somebody else than its holder (a).
        of_case: group of each case, -1 if it is pinned or unplaceable (n).
    """

    capacity: Ints
    base: Ints
    effort: Ints
    count: Ints
    first: Ints
    group: Ints
    person: Ints
    cost: Ints
    moves: Ints
    of_case: Ints

    @property
    def arc_effort(self) -> Ints:
        """Return the units of one case of each arc (a)."""
        effort: Ints = self.effort[self.group]
        return effort

    def refuse_too_large(self, second: int) -> None:
        """Raise an error if the exact figures do not fit into 64 bits.

        Raises:
            OverflowError: Efforts, loads or capacities are too large.
        """
        work = sum(map(int.__mul__, self.effort.tolist(), self.count.tolist()))
        total = work + sum(map(abs, self.base.tolist())) + 1
        if total * (sum(self.capacity.tolist()) + 1) * second >= MOST:
            raise OverflowError("efforts or capacities are too large: use a larger unit")

    def loads(self, counts: Ints) -> Ints:
        """Return the load of each person when arc a carries `counts[a]` cases (m)."""
        taken = np.bincount(self.person, counts * self.arc_effort, len(self.base))
        return self.base + taken.astype(np.int64)

    def of(self, arcs: Flags) -> "Network":
        """Return the same groups and persons with these arcs alone, some for each group."""
        width = np.add.reduceat(arcs.astype(np.int64), self.first[:-1])
        return replace(
            self,
            first=np.append(0, np.cumsum(width)),
            group=self.group[arcs],
            person=self.person[arcs],
            cost=self.cost[arcs],
            moves=self.moves[arcs],
        )

    def plan(self, problem: Problem, counts: Ints) -> Ints:
        """Return a person for each case, in the order of the cases of a group."""
        plan = problem.pinned.copy()
        free = np.flatnonzero(self.of_case >= 0)
        ordered = free[np.argsort(self.of_case[free], kind="stable")]
        plan[ordered] = np.repeat(self.person, counts)
        return plan

    def counts(self, plan: Ints) -> Ints:
        """Return how many cases each arc carries in a plan (a).

        Raises:
            ValueError: A free case is with nobody, or with a person who may not take it.
        """
        free = self.of_case >= 0
        persons = len(self.base)
        wanted = self.of_case[free] * persons + plan[free]
        keys = self.group * persons + self.person
        found = np.searchsorted(keys, wanted)
        if (plan[free] == NOBODY).any() or (keys[found.clip(max=len(keys) - 1)] != wanted).any():
            raise ValueError("a free case is with nobody or with a person who may not take it")
        counts: Ints = np.bincount(found, minlength=len(keys))
        return counts


def network_of(problem: Problem) -> Network:
    """Return the network of a problem whose efforts are the same for all persons."""
    alike, of_case = _groups(problem)
    allowed = _allowed(problem, alike)
    placeable = allowed.any(axis=1)
    alike, allowed = alike[placeable], allowed[placeable]
    renumbered = np.append(np.where(placeable, np.cumsum(placeable) - 1, -1), -1)
    of_case = renumbered[of_case]
    group, person = np.nonzero(allowed)
    sample = alike[group]
    known, holder = problem.previous[sample], problem.holder[sample]
    travel = problem.cost[problem.class_of[sample], person]
    unknown = (known != NOBODY) & (known != person)
    pinned = np.flatnonzero(problem.pinned != NOBODY)
    whose = problem.pinned[pinned]
    bound = np.bincount(whose, problem.effort[problem.class_of[pinned], whose], len(problem.staff))
    return Network(
        capacity=problem.capacity,
        base=problem.load + bound.astype(np.int64),
        effort=problem.effort[problem.class_of[alike], 0].astype(np.int64),
        count=np.bincount(of_case[of_case >= 0], minlength=len(alike)),
        first=np.append(0, np.cumsum(allowed.sum(axis=1))),
        group=group,
        person=person,
        cost=(travel + problem.continuity_cost * unknown).astype(np.int64),
        moves=((holder != NOBODY) & (holder != person)).astype(np.int64),
        of_case=of_case,
    )


def _groups(problem: Problem) -> tuple[Ints, Ints]:
    """Return one case of each group, and the group of each case (-1 if pinned)."""
    free = np.flatnonzero(problem.pinned == NOBODY)
    shape: dict[frozenset[int], int] = {}
    banned = np.zeros(len(problem.cases), np.int64)
    for case, persons in problem.excluded.items():
        banned[case] = shape.setdefault(persons, len(shape) + 1)
    key = np.zeros(len(free), np.int64)
    for part in (problem.class_of, problem.previous + 1, problem.holder + 1, banned):
        values, place = np.unique(part[free], return_inverse=True)
        key = np.unique(key * len(values) + place, return_inverse=True)[1]
    _, sample, number = np.unique(key, return_index=True, return_inverse=True)
    of_case = np.full(len(problem.cases), -1)
    of_case[free] = number
    return free[sample], of_case


def _allowed(problem: Problem, alike: Ints) -> Flags:
    allowed = problem.eligible[problem.class_of[alike]] & (problem.capacity > 0)
    for row, case in enumerate(alike):
        for person in problem.excluded.get(int(case), ()):
            allowed[row, person] = False
    return allowed
