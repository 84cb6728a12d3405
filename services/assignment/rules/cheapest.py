"""The cheapest plan under hard capacities, where a case may cost each person another effort.

Small problems are settled by CP-SAT. Of larger ones the linear relaxation says what each case and
each person's room is worth; among the columns of least regret HiGHS finds a good plan, or proves
that there is none better, while parts of the best plan so far are solved anew by CP-SAT.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from services.assignment.problem import NOBODY, Flags, Ints
from services.assignment.rules.choosing import Effort, choose
from services.assignment.rules.counting import A_HAIR, Answer, Program
from services.assignment.rules.parts import (
    Part,
    columns_of,
    regretted_cases,
    whole_persons,
)
from services.assignment.rules.prices import Prices, cheap_columns, prices_of
from services.assignment.rules.tableau import Tableau
from services.assignment.rules.watch import Watch

SMALL = 1500
"""Columns up to which CP-SAT is asked about the whole at once."""
SHARES = (1.5, 2.0, 3.0)
"""Columns for each case when HiGHS looks for a plan."""
SLICE = 0.15
"""Of the time, for one look of HiGHS."""
ROOMIER = 1.5

Chooser = Callable[[Tableau, Prices, Ints, int, np.random.Generator], Part]
PARTS: tuple[tuple[Chooser, int, int], ...] = (
    (whole_persons, 2, 9),
    (whole_persons, 3, 9),
    (whole_persons, 5, 6),
    (regretted_cases, 40, 6),
    (regretted_cases, 80, 5),
)
"""How a part is chosen, how large it is, and how many columns each of its cases has."""
PART_SECONDS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Cheapest:
    """The best plan of the rows that was found.

    Attributes:
        plan: a person for each row; `NOBODY` where there is no room (j).
        unplaced: a proven lower bound of the rows without a person.
        bound: a proven lower bound of the cost of plans that leave out no more than this one.
        first: seconds until the first plan.
    """

    plan: Ints
    unplaced: int
    bound: int
    first: float


def cheapest(tableau: Tableau, watch: Watch, seed: int) -> Cheapest:
    """Return the cheapest plan found while the watch runs, and what is proven of it."""
    if not len(tableau.cases):
        return Cheapest(np.empty(0, np.int64), 0, 0, watch.passed)
    prices = prices_of(tableau)
    if prices is None:
        return _with_gaps(tableau, watch, seed)
    first, whole = None, tableau.allowed
    if np.count_nonzero(whole) <= SMALL:
        found = choose(tableau, whole, Effort(watch.left / 2, seed, workers=2))
        if found.proven and found.plan is not None:
            return Cheapest(found.plan, 0, tableau.value(found.plan), watch.passed)
        first = found.plan
    if first is None:
        first = _first(tableau, prices, watch, seed)
    if first is None:
        return _with_gaps(tableau, watch, seed)
    search = _Search(tableau, prices, watch, first)
    search.run(seed)
    return Cheapest(search.plan, 0, min(search.bound, search.value), search.first)


def _first(tableau: Tableau, prices: Prices, watch: Watch, seed: int) -> Ints | None:
    """Return some plan over few columns, then over more of them."""
    share = SHARES[0]
    while watch.left:
        columns = cheap_columns(prices, share)
        effort = Effort(watch.left / 2, seed, workers=2, first_will_do=True)
        found = choose(tableau, columns, effort)
        if found.plan is not None:
            return found.plan
        if (columns == tableau.allowed).all():
            return None
        share *= ROOMIER
    return None


def _with_gaps(tableau: Tableau, watch: Watch, seed: int) -> Cheapest:
    """Place as many cases as there is room for, the more of them the better, then cheaply."""
    dear = int(tableau.cost.max(axis=1).sum()) + 1
    nobody = len(tableau.room)
    widened = Tableau(
        tableau.cases,
        np.pad(tableau.allowed, ((0, 0), (0, 1)), constant_values=True),
        np.pad(tableau.effort, ((0, 0), (0, 1)), constant_values=1),
        np.pad(tableau.cost, ((0, 0), (0, 1)), constant_values=dear),
        np.append(tableau.room, len(tableau.cases)),
    )
    found = choose(widened, widened.allowed, Effort(watch.left, seed, workers=2))
    if found.plan is None:
        return Cheapest(np.full(len(tableau.cases), NOBODY), 0, 0, watch.passed)
    plan = np.where(found.plan == nobody, NOBODY, found.plan)
    left_out = int(np.count_nonzero(plan == NOBODY))
    surely = int(max(found.bound, 0) + A_HAIR) // dear
    bound = int(np.ceil(found.bound - A_HAIR)) - left_out * dear if surely == left_out else 0
    return Cheapest(plan, surely, max(bound, 0), watch.passed)


@dataclass(slots=True)
class _Search:
    """The best plan so far, and two threads that better it; the lock guards what both change."""

    tableau: Tableau
    prices: Prices
    watch: Watch
    plan: Ints
    value: int = 0
    bound: int = 0
    first: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.value = self.tableau.value(self.plan)
        self.bound = int(np.ceil(self.prices.bound - A_HAIR))
        self.first = self.watch.passed

    def run(self, seed: int) -> None:
        """Search until the time is over or the plan is proven."""
        draws = [np.random.default_rng([seed, number]) for number in range(2)]
        with ThreadPoolExecutor(2) as threads:
            looking = [
                threads.submit(self._look, draws[0]),
                threads.submit(self._better, draws[1]),
            ]
        for one in looking:
            one.result()

    @property
    def _open(self) -> bool:
        return self.value > self.bound and self.watch.left > 0

    def _look(self, draw: np.random.Generator) -> None:
        for share in SHARES:
            if self._open:
                self._ask(share)
        self._better(draw)

    def _ask(self, share: float) -> None:
        """Let HiGHS look at the columns of least regret; where those are all, it may prove."""
        with self.lock:
            plan, value = self.plan, self.value
        useful = self.prices.regret < value - self.prices.bound
        columns = cheap_columns(self.prices, share, plan) & (useful | self._chosen(plan))
        all_of_them = bool((columns | ~useful).all())
        answer, found = _looked(self.tableau, columns, self.watch.left * SLICE)
        if found is not None:
            self._offer(found)
        if all_of_them and answer.bound > self.bound:
            self.bound = min(int(np.ceil(answer.bound - A_HAIR)), value)

    def _chosen(self, plan: Ints) -> Flags:
        chosen: Flags = plan[:, None] == np.arange(len(self.tableau.room))
        return chosen

    def _better(self, draw: np.random.Generator) -> None:
        """Solve parts of the plan anew as long as something may come of it."""
        while self._open:
            chooser, size, columns = PARTS[int(draw.integers(len(PARTS)))]
            with self.lock:
                plan = self.plan
            part = chooser(self.tableau, self.prices, plan, size, draw)
            found = self._solved(part, plan, columns, int(draw.integers(1 << 30)))
            if found is not None:
                self._offer(found)

    def _solved(self, part: Part, plan: Ints, columns: int, seed: int) -> Ints | None:
        """Return the plan with the part solved anew."""
        rest = plan.copy()
        rest[part.rows] = NOBODY
        room = self.tableau.room - self.tableau.loads(rest)
        small = self.tableau.part(part.rows, part.persons, room[part.persons])
        effort = Effort(min(PART_SECONDS, self.watch.left), seed)
        known = np.searchsorted(part.persons, plan[part.rows])
        found = choose(small, columns_of(self.prices, part, plan, columns), effort, known)
        if found.plan is None:
            return None
        rest[part.rows] = part.persons[found.plan]
        return np.where(rest == plan, NOBODY, rest)

    def _offer(self, changes: Ints) -> None:
        """Take over the changed rows, if they still fit and help by now."""
        with self.lock:
            plan = np.where(changes == NOBODY, self.plan, changes)
            value = self.tableau.value(plan)
            if value < self.value and self.tableau.fits(plan):
                self.plan, self.value = plan, value


def _looked(tableau: Tableau, columns: Flags, seconds: float) -> tuple[Answer, Ints | None]:
    """Return what HiGHS finds over some columns: each row once, each room kept."""
    row, person = np.nonzero(columns)
    program = Program()
    taken = program.add(np.ones(len(row)))
    program.keep(np.ones(len(columns)), 1.0, (row, taken, 1.0))
    program.keep(-np.inf, tableau.room, (person, taken, tableau.effort[row, person]))
    answer = program.minimised(seconds, (taken, tableau.cost[row, person]))
    if answer.values is None:
        return answer, None
    chosen = answer.values > 1 / 2
    plan = np.full(len(columns), NOBODY)
    plan[row[chosen]] = person[chosen]
    return answer, plan
