"""How a team stands with a plan, kept ready: a case placed or removed changes only its person."""

import numpy as np
from numpy.typing import NDArray

from services.assignment.daily.barriers import Barrier, Codes
from services.assignment.daily.incoming import Incoming
from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints, Problem

Floats = NDArray[np.float64]


class Standing:
    """Loads, counts and weeks of everybody under a plan (n).

    Attributes:
        problem: what the plan is for.
        plan: who has each case, a copy (n).
        loads: what everybody bears, in units (m).
        counts: cases of the problem, and taken in, of everybody (m).
        due: units everybody must have done by the end of each week (m, w).
        highest: highest utilisation of anybody who has a capacity.
        moves: cases that are not with their holder.

    Raises:
        ValueError: the plan has another length, or names a person who does not exist.
    """

    def __init__(self, problem: Problem, plan: Ints) -> None:
        if plan.shape != problem.class_of.shape or not _within(plan, len(problem.staff)):
            raise ValueError("a plan has one person's number, or NOBODY, for each case")
        self.problem, self.plan = problem, plan.copy()
        self._there = problem.capacity > 0
        self._divisor = np.maximum(problem.capacity, 1)
        self._most = np.where(
            problem.most_cases == UNLIMITED, np.iinfo(np.int64).max, problem.most_cases
        )
        self._limited = bool((problem.most_cases != UNLIMITED).any())
        self._count()

    def _count(self) -> None:
        problem, plan = self.problem, self.plan
        placed = np.flatnonzero(plan != NOBODY)
        units = problem.effort[problem.class_of[placed], plan[placed]]
        added = np.bincount(plan[placed], units, len(problem.staff))  # sums below 2^53: exact
        self.loads: Ints = problem.load + added.astype(np.int64)
        self.counts: Ints = np.bincount(plan[placed], minlength=len(problem.staff))
        self.due: Ints = np.zeros(problem.capacity_until.shape, np.int64)
        for case in placed[problem.due[placed] != UNLIMITED].tolist():
            self._owe(int(plan[case]), int(problem.due[case]), self._effort(case, plan[case]))
        away = (problem.holder != NOBODY) & (plan != NOBODY) & (plan != problem.holder)
        self.moves = int(away.sum())
        self.highest = self.highest_of(self.loads)

    @property
    def weeks(self) -> int:
        """Return how many weeks are planned."""
        return int(self.problem.capacity_until.shape[1])

    def utilisation(self, loads: Ints) -> Floats:
        """Return loads (m) as a share of the capacity; 0 for who has none.

        A quotient of whole numbers is rounded once: equal shares are equal, larger ones larger.
        """
        return np.where(self._there, loads / self._divisor, 0.0)

    def highest_of(self, loads: Ints) -> float:
        """Return the highest utilisation if these were the loads (m)."""
        return float(self.utilisation(loads).max(initial=0.0))

    def divided(self, units: Ints) -> Floats:
        """Return whole numbers (…, m) divided by the capacities, for comparison."""
        quotient: Floats = units / self._divisor
        return quotient

    def share(self, person: int, units: Ints) -> Floats:
        """Return loads of one person as shares of the capacity; 0 if there is none."""
        shares: Floats = units / self._divisor[person] * self._there[person]
        return shares

    def against(self, case: Incoming) -> Codes:
        """Return all barriers of a case (m), with those that lie in what everybody bears."""
        codes = case.against
        if self._limited:
            codes = codes | np.where(self.counts >= self._most, Barrier.CASE_LIMIT, 0)
        if self.problem.hard_capacity:
            codes = codes | np.where(self.overfilled(case, self.loads), Barrier.CAPACITY, 0)
        return codes.astype(np.uint16, copy=False)

    def overfilled(self, case: Incoming, loads: Ints) -> Flags:
        """Return whom a case would bring above the capacity if these were the loads (m).

        A case that costs nothing overfills nobody whose overload was there before, and who has no
        capacity is not there at all.
        """
        added = self.loads + case.effort > self.problem.load
        over: Flags = (loads + case.effort > self.problem.capacity) & added & self._there
        return over

    def later(self, units: Ints, due: int) -> Ints:
        """Return by how much more would be late if so much more were due by a week (m)."""
        if due == UNLIMITED or due >= self.weeks:
            return np.zeros(len(self.loads), np.int64)
        over = self.due - self.problem.capacity_until
        before = np.maximum(over.max(axis=1), 0)
        over[:, due:] += units[:, None]
        more: Ints = np.maximum(over.max(axis=1), 0) - before
        return more

    def place(self, case: int, person: int) -> None:
        """Give a case that nobody has to a person."""
        self.plan[case] = person
        self.moves += self._is_move(case, person)
        self._change(person, self._effort(case, person), int(self.problem.due[case]), 1)

    def remove(self, case: int) -> int:
        """Take a case from who has it, and return who that was."""
        person = int(self.plan[case])
        self.plan[case] = NOBODY
        self.moves -= self._is_move(case, person)
        self._change(person, -self._effort(case, person), int(self.problem.due[case]), -1)
        return person

    def take_in(self, case: Incoming, person: int) -> None:
        """Give a case that is not of the problem to a person."""
        self._change(person, int(case.effort[person]), case.due, 1)

    def _change(self, person: int, units: int, due: int, number: int) -> None:
        before = self.loads[person]
        self.loads[person] += units
        self.counts[person] += number
        self._owe(person, due, units)
        if not self._there[person]:
            return
        was, now = before / self._divisor[person], self.loads[person] / self._divisor[person]
        if now < was >= self.highest:
            self.highest = self.highest_of(self.loads)
        else:
            self.highest = max(self.highest, float(now))

    def _owe(self, person: int, due: int, units: int) -> None:
        if due != UNLIMITED:
            self.due[person, due:] += units

    def _effort(self, case: int, person: int) -> int:
        return int(self.problem.effort[self.problem.class_of[case], person])

    def _is_move(self, case: int, person: int) -> bool:
        return self.problem.holder[case] not in {NOBODY, person}


def _within(plan: Ints, persons: int) -> bool:
    return bool(((plan >= NOBODY) & (plan < persons)).all())
