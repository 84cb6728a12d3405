"""Once a week: the few changes that help most, one after the other, and what each of them brings.

A change gives one case to somebody else, or exchanges two. It helps if it makes the levels of the
plan better in their order: late work, highest utilisation, distance from the fair loads, cost.
Each case changes its person once at most, so that the budget counts cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.assignment.daily.changes import Options, options
from services.assignment.daily.exchanges import Change, exchange, give
from services.assignment.daily.standing import Standing
from services.assignment.problem import Ints, Problem
from services.assignment.scoring import cost, late

TOGETHER = 16
"""So many persons with most above their fair load are looked at together; exchanges are looked
for between them and as many with most below."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a plan is worth at the levels that can change here."""

    late: int
    max_utilisation: float
    mean_deviation_minutes: float
    cost: int


@dataclass(frozen=True, slots=True)
class Step:
    """One change, one or two cases with from whom and to whom, and the values after it."""

    moves: tuple[tuple[int, int, int], ...]
    after: Values


@dataclass(frozen=True, slots=True, eq=False)
class Rebalancing:
    """The changed plan (n), the values before, and the steps in their order."""

    plan: Ints
    before: Values
    steps: tuple[Step, ...]


def rebalance(problem: Problem, plan: Ints, target_seconds: Ints, budget: int) -> Rebalancing:
    """Return the plan (n) after at most `budget` cases changed their person.

    Args:
        problem: what the plan is for; pins stay, all limits hold.
        plan: who has each case (n).
        target_seconds: fair load of everybody (m).
        budget: so many cases at most.

    Raises:
        ValueError: the budget is negative, or plan or targets do not fit the problem.
    """
    if budget < 0 or target_seconds.shape != problem.capacity.shape:
        raise ValueError("a budget is from 0, and there is one fair load for each person")
    work = _Work(Standing(problem, plan), target_seconds)
    before, steps = work.values(), []
    while budget > 0 and (change := work.best(budget)) is not None:
        work.make(change)
        budget -= len(change.moves)
        steps.append(Step(change.moves, work.values()))
    return Rebalancing(work.standing.plan, before, tuple(steps))


class _Work:
    def __init__(self, standing: Standing, target: Ints) -> None:
        self.standing, self.target = standing, target
        self.done: frozenset[int] = frozenset()
        self.ways: dict[int, Options] = {}
        self.seconds = standing.problem.unit_minutes * 60
        self.late, self.cost = (
            late(standing.problem, standing.plan),
            cost(standing.problem, standing.plan),
        )

    def values(self) -> Values:
        away = np.abs(self.standing.loads * self.seconds - self.target)
        minutes = float(away.mean()) / 60 if len(away) else 0.0
        return Values(self.late, self.standing.highest, minutes, self.cost)

    def best(self, budget: int) -> Change | None:
        """Return the change that helps most for each case it moves, or None."""
        standing = self.standing
        above = standing.loads * self.seconds - self.target
        share = standing.utilisation(standing.loads)
        givers = np.lexsort((-above, share < standing.highest)).tolist()
        takers = np.argsort(above, kind="stable")[:TOGETHER].tolist()
        for start in range(0, len(givers), TOGETHER):
            near = givers[start : start + TOGETHER]
            found = list(self._changes(near, takers if budget > 1 else []))
            if found:
                return min(found, key=lambda change: change.gain)
        return None

    def _changes(self, givers: list[int], takers: list[int]) -> Iterator[Change]:
        for giver in givers:
            ways = self._of(giver)
            found = [give(self.standing, self.target, ways)]
            found += [
                exchange(self.standing, self.target, ways, self._of(taker))
                for taker in takers
                if taker != giver
            ]
            yield from (change for change in found if change is not None)

    def _of(self, person: int) -> Options:
        if person not in self.ways:
            self.ways[person] = options(self.standing, person, but=self.done)
        return self.ways[person]

    def make(self, change: Change) -> None:
        """Make a change; what those in it could give now is looked up anew."""
        for case, _, _ in change.moves:
            self.standing.remove(case)
        for case, _, taker in change.moves:
            self.standing.place(case, taker)
        self.late += change.late
        self.cost += change.cost
        self.done |= {case for case, _, _ in change.moves}
        if self.standing.weeks:
            self.ways.clear()
        for _, giver, taker in change.moves:
            self.ways.pop(giver, None)
            self.ways.pop(taker, None)
