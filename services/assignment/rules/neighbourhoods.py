"""Improves a plan by solving areas of a few persons exactly, two at a time on two cores."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from services.assignment.problem import Flags, Ints
from services.assignment.rules.area import Area, area_of, divided
from services.assignment.rules.heights import Floats, Heights
from services.assignment.rules.transfers import Transfers

SIZE = 4
"""Persons of an area, as long as so few help."""
THREADS = 2
MOST_REGRET = 1.5
"""In prices of arcs: a case is looked at where it regrets no more, and where it is."""


@dataclass(slots=True, eq=False)
class Search:
    """A search over areas; `transfers.counts` and `transfers.loads` are the plan.

    Attributes:
        transfers: the plan; its tables go stale, refresh them afterwards.
        heights: what loads cost.
        random: where areas begin.
        regret: of one case on each arc (a).
        affinity: cases that could be with one person as well as with another (m, m).
        reach: how much larger than usual the areas are: persons more, and more to regret.
        timed: whether time bounds an area; otherwise only work does, and one thread is used.
    """

    transfers: Transfers
    heights: Heights
    random: np.random.Generator
    regret: Floats
    affinity: Floats
    timed: bool
    reach: int = 0

    def run(self, going: Callable[[], bool], most: int) -> int:
        """Solve up to `most` areas while `going` says so; return how many became better."""
        better, started = 0, 0
        threads = THREADS if self.timed else 1
        busy = np.zeros(len(self.transfers.loads), np.bool_)
        at_work: dict[Future[Ints | None], Area] = {}
        with ThreadPoolExecutor(threads) as pool:
            while True:
                while len(at_work) < threads and started < most and not busy.all() and going():
                    area = self._next(busy)
                    at_work[pool.submit(divided, area, self.heights, timed=self.timed)] = area
                    busy[area.persons] = True
                    started += 1
                if not at_work:
                    return better
                for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                    area = at_work.pop(future)
                    busy[area.persons] = False
                    better += self._take(area, future.result())

    def _next(self, busy: Flags) -> Area:
        """Return an area of free persons: arcs that a case would regret much are left out."""
        persons = self._persons(busy)
        transfers = self.transfers
        arcs = np.concatenate([transfers.of_person[one] for one in persons])
        likely = self.regret[arcs] <= MOST_REGRET * (1 + self.reach)
        arcs = arcs[likely | (transfers.counts[arcs] > 0)]
        return area_of(
            transfers.network, transfers.price, transfers.counts, transfers.loads, persons, arcs
        )

    def _persons(self, busy: Flags) -> Ints:
        """Choose a free person with much to regret, and others who could take his cases."""
        transfers = self.transfers
        lost = transfers.counts * self.regret
        weight = self.heights(transfers.loads)
        weight = weight + np.bincount(transfers.network.person, lost, len(busy))
        first = int(self.random.choice(len(busy), p=_shares(weight, ~busy)))
        others = transfers.neighbours(first)
        others = others[~busy[others]]
        size = min(SIZE + self.reach - 1, len(others))
        if not size:
            return np.array([first])
        shares = _shares(self.affinity[first, others], np.ones(len(others), np.bool_))
        return np.sort(np.append(self.random.choice(others, size, replace=False, p=shares), first))

    def _take(self, area: Area, kinds: Ints | None) -> bool:
        if kinds is None:
            return False
        arcs, counts = area.changes(kinds)
        self.transfers.counts[arcs] = counts
        self.transfers.loads[area.persons] = area.rest + (kinds * area.effort[:, None]).sum(axis=0)
        return True


def _shares(weight: Floats, free: Flags) -> Floats:
    """Return chances, half of them equal and half by weight; nobody is left out who is free."""
    equal = free / free.sum()
    weighed = np.where(free, weight, 0.0)
    total = weighed.sum()
    found: Floats = (equal + (weighed / total if total > 0 else equal)) / 2
    return found
