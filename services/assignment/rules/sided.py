"""Plans under rules that no flow can hold: weeks, numbers of cases, moves, efforts by person.

One model of whole cases for CP-SAT, asked for one level after the other: what was reached is kept
as a rule while the next level is made as small as possible, and every answer is the next one's
hint. Made for departments: up to some hundred thousand arcs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

import numpy as np
from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import IntVar, LinearExpr

from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints, Problem
from services.assignment.rules.choosing import Effort, solver_of
from services.assignment.rules.watch import Watch

MILLIONTH = 1_000_000
"""Utilisations are whole millionths while they are searched for."""
SHARE = 0.4
"""Of the time left, for one level; the last one has all of it."""
FIRST_SECONDS = 2.0
"""For the first plan, even if there is less time: without one there is nothing to show."""
WORKERS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Free cases that are alike in everything, as one group (g), and arcs to persons (a).

    Attributes:
        sample: one case of each group (g).
        count: cases of each group (g).
        of_case: group of each case, -1 if it is pinned (n).
        group, person: of each arc (a).
        effort, cost, moves: of one case on each arc (a).
    """

    sample: Ints
    count: Ints
    of_case: Ints
    group: Ints
    person: Ints
    effort: Ints
    cost: Ints
    moves: Ints


def groups_of(problem: Problem) -> Groups:
    """Return the groups of a problem and who may take them."""
    free = np.flatnonzero(problem.pinned == NOBODY)
    shapes = {persons: 1 + at for at, persons in enumerate(set(problem.excluded.values()))}
    barred = np.zeros(len(problem.cases), np.int64)
    for case, persons in problem.excluded.items():
        barred[case] = shapes[persons]
    parts = (problem.class_of, problem.previous, problem.holder, problem.due, barred)
    keys = np.column_stack([part[free] for part in parts])
    _, first, number, count = np.unique(
        keys, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    of_case = np.full(len(problem.cases), -1)
    of_case[free] = number
    sample = free[first]
    group, person = np.nonzero(_allowed(problem, sample))
    kind = problem.class_of[sample[group]]
    known, holder = problem.previous[sample[group]], problem.holder[sample[group]]
    strange = (known != NOBODY) & (known != person)
    return Groups(
        sample=sample,
        count=count,
        of_case=of_case,
        group=group,
        person=person,
        effort=problem.effort[kind, person].astype(np.int64),
        cost=problem.cost[kind, person] + problem.continuity_cost * strange,
        moves=((holder != NOBODY) & (holder != person)).astype(np.int64),
    )


def _allowed(problem: Problem, sample: Ints) -> Flags:
    allowed = problem.eligible[problem.class_of[sample]] & (problem.capacity > 0)
    for row, case in enumerate(sample.tolist()):
        allowed[row, sorted(problem.excluded.get(case, ()))] = False
    return allowed


@dataclass(frozen=True, slots=True, eq=False)
class Sided:
    """A plan and, for the levels that were asked for, what no plan is below.

    `bound` has `unplaced`, `late`, `max_utilisation`, `seconds` (of deviation), `moves`, `cost`;
    each holds for plans that are as good in the levels before it. `first`: seconds to a plan.
    """

    plan: Ints
    bound: dict[str, float]
    first: float


def sided(
    problem: Problem, target_seconds: Ints, levels: Sequence[str], watch: Watch, seed: int
) -> Sided:
    """Return the best plan found, level by level.

    Args:
        problem: cases and persons, with whatever rules.
        target_seconds: fair load of each person (m).
        levels: which to ask for, in this order; `unplaced` is always the first.
        watch: when to end.
        seed: of the search.
    """
    model = _Model(problem, target_seconds, groups_of(problem))
    search = _Search(model, watch, seed)
    for level in levels:
        search.ask(level, last=level == levels[-1])
    return Sided(model.plan(search.counts), search.bound, search.first)


class _Model:
    """The variables of a problem; `left` are cases of a group without a person."""

    def __init__(self, problem: Problem, target_seconds: Ints, groups: Groups) -> None:
        self.problem, self.groups, self.targets = problem, groups, target_seconds
        self.model = cp_model.CpModel()
        self.taken = [
            self.model.new_int_var(0, most, "") for most in groups.count[groups.group].tolist()
        ]
        self.left = [self.model.new_int_var(0, most, "") for most in groups.count.tolist()]
        for number, count in enumerate(groups.count.tolist()):
            theirs = self._sum(np.flatnonzero(groups.group == number), np.ones_like(groups.effort))
            self.model.add(theirs + self.left[number] == count)
        self.base = self._pinned_loads()
        self.fullest = self._fullest()
        self.loads = [self._load(person) for person in range(len(problem.staff))]
        self._limit_numbers()

    def _sum(self, arcs: Ints, factor: Ints) -> LinearExpr:
        chosen = [self.taken[arc] for arc in arcs.tolist()]
        return LinearExpr.weighted_sum(chosen, factor[arcs].tolist())

    def _pinned_loads(self) -> Ints:
        problem = self.problem
        pinned = np.flatnonzero(problem.pinned != NOBODY)
        kind, whose = problem.class_of[pinned], problem.pinned[pinned]
        held = np.bincount(whose, problem.effort[kind, whose], len(problem.staff))
        base: Ints = problem.load + held.astype(np.int64)
        return base

    def _fullest(self) -> list[int]:
        """Return the largest load of each person; a hard capacity is its limit."""
        groups = self.groups
        everything = groups.effort * groups.count[groups.group]
        most = self.base + np.bincount(groups.person, everything, len(self.base)).astype(np.int64)
        if self.problem.hard_capacity:
            most = np.maximum(self.base, np.minimum(most, self.problem.capacity))
        return [int(one) for one in most]

    def _load(self, person: int) -> IntVar:
        """Return the load of a person in units."""
        mine = np.flatnonzero(self.groups.person == person)
        base = int(self.base[person])
        load = self.model.new_int_var(base, self.fullest[person], "")
        self.model.add(load == self._sum(mine, self.groups.effort) + base)
        return load

    def _limit_numbers(self) -> None:
        problem, groups = self.problem, self.groups
        pinned = problem.pinned[problem.pinned != NOBODY]
        held = np.bincount(pinned, minlength=len(problem.staff))
        for person, most in enumerate(problem.most_cases.tolist()):
            if most != UNLIMITED:
                mine = np.flatnonzero(groups.person == person)
                room = max(most - int(held[person]), 0)
                self.model.add(self._sum(mine, np.ones_like(groups.effort)) <= room)
        if problem.most_moves != UNLIMITED:
            self.model.add(self.moves() <= problem.most_moves)

    def moves(self) -> LinearExpr:
        """Return the number of cases that change hands."""
        return self._sum(np.flatnonzero(self.groups.moves), self.groups.moves)

    def value(self, level: str) -> LinearExpr:
        """Return what a level makes as small as possible, in whole numbers."""
        match level:
            case "unplaced":
                return _total(self.left)
            case "late":
                return _total([self._late(person) for person in range(len(self.loads))])
            case "max_utilisation":
                return self._highest()
            case "seconds":
                return _total([self._away(person) for person in range(len(self.loads))])
            case "moves":
                return self.moves()
            case "cost":
                return self._sum(np.flatnonzero(self.groups.cost), self.groups.cost)
        raise ValueError(f"no level is called {level!r}")

    def _late(self, person: int) -> IntVar:
        """Return the units that a person cannot do by their week."""
        problem, groups = self.problem, self.groups
        late = self.model.new_int_var(0, int(groups.effort.sum() + 1) * len(problem.cases), "")
        due = problem.due[groups.sample[groups.group]]
        fixed = np.flatnonzero((problem.pinned == person) & (problem.due != UNLIMITED))
        efforts = problem.effort[problem.class_of[fixed], person]
        for week, room in enumerate(problem.capacity_until[person].tolist()):
            mine = (groups.person == person) & (due != UNLIMITED) & (due <= week)
            already = int(efforts[problem.due[fixed] <= week].sum())
            work = self._sum(np.flatnonzero(mine), groups.effort) + already
            self.model.add(late >= work - room)
        return late

    def _highest(self) -> IntVar:
        capacity = self.problem.capacity.tolist()
        able = [person for person, one in enumerate(capacity) if one > 0]
        most = max(
            (-(-MILLIONTH * self.fullest[one] // capacity[one]) for one in able),
            default=0,
        )
        highest = self.model.new_int_var(0, most, "")
        for person in able:
            self.model.add(MILLIONTH * self.loads[person] <= capacity[person] * highest)
        return highest

    def _away(self, person: int) -> IntVar:
        target, second = int(self.targets[person]), self.problem.unit_minutes * 60
        load = self.loads[person]
        away = self.model.new_int_var(0, target + second * self.fullest[person], "")
        self.model.add(away >= second * load - target)
        self.model.add(away >= target - second * load)
        return away

    def keep(self, level: str, expression: LinearExpr, reached: int, counts: Ints) -> None:
        """Make what was reached a rule for the levels that follow."""
        if level != "max_utilisation":
            self.model.add(expression <= reached)
            return
        groups, capacity = self.groups, self.problem.capacity
        taken = np.bincount(groups.person, counts * groups.effort, len(capacity))
        loads = self.base + taken.astype(np.int64)
        able = np.flatnonzero(capacity > 0)
        highest = max(Fraction(int(loads[one]), int(capacity[one])) for one in able)
        for person in able.tolist():
            most = highest.numerator * int(capacity[person]) // highest.denominator
            self.model.add(self.loads[person] <= most)

    def plan(self, counts: Ints) -> Ints:
        """Return a person for each case."""
        groups, plan = self.groups, self.problem.pinned.copy()
        free = np.flatnonzero(groups.of_case >= 0)
        ordered = free[np.argsort(groups.of_case[free], kind="stable")]
        left = groups.count - np.bincount(groups.group, counts, len(groups.count)).astype(np.int64)
        group = np.append(groups.group, np.arange(len(groups.count)))
        person = np.append(groups.person, np.full(len(groups.count), NOBODY))
        order = np.argsort(group, kind="stable")
        plan[ordered] = np.repeat(person[order], np.append(counts, left)[order])
        return plan


def _total(variables: Sequence[IntVar]) -> LinearExpr:
    return LinearExpr.sum(list(variables))


@dataclass(slots=True)
class _Search:
    model: _Model
    watch: Watch
    seed: int
    counts: Ints = field(init=False)
    bound: dict[str, float] = field(default_factory=dict)
    first: float = 0.0
    known: bool = False

    def __post_init__(self) -> None:
        self.counts = np.zeros(len(self.model.taken), np.int64)

    def ask(self, level: str, *, last: bool) -> None:
        """Make a level as small as possible, as long as there is time, and keep it."""
        expression = self.model.value(level)
        model = self.model.model
        model.minimize(expression)
        model.clear_hints()  # type: ignore[no-untyped-call]
        if self.known:
            for one, value in zip(self.model.taken, self.counts.tolist(), strict=True):
                model.add_hint(one, value)
        seconds = self.watch.left * (1 if last else SHARE)
        seconds = seconds if self.known else max(seconds, FIRST_SECONDS)
        solver = solver_of(Effort(seconds, self.seed, WORKERS))
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.counts = np.array([solver.value(one) for one in self.model.taken], np.int64)
            self.first = self.first if self.known else self.watch.passed
            self.known = True
            self.model.keep(level, expression, int(solver.objective_value), self.counts)
            self.bound[level] = _bound(level, solver.best_objective_bound)
        else:
            self.bound[level] = 0.0


def _bound(level: str, value: float) -> float:
    """Return what a level's whole number means; a utilisation may be one millionth less."""
    if level == "max_utilisation":
        return max(ceil(value) - 1, 0) / MILLIONTH
    return float(max(ceil(value - 1e-6), 0))
