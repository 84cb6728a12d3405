"""Improves a plan by solving areas of a few persons exactly, two at a time on two cores."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from services.assignment.problem import Flags, Ints
from services.assignment.rules.area import Area, area_of, divided
from services.assignment.rules.heights import Heights
from services.assignment.rules.transfers import Transfers

SIZE = 4
THREADS = 2


@dataclass(slots=True, eq=False)
class Search:
    """A search over areas; `transfers.counts` and `transfers.loads` are the plan.

    Attributes:
        transfers: the plan; its tables go stale, refresh them afterwards.
        heights: what loads cost.
        random: where areas begin.
        timed: whether time bounds an area; otherwise only work does, and one thread is used.
    """

    transfers: Transfers
    heights: Heights
    random: np.random.Generator
    timed: bool

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
        persons = self._persons(busy)
        transfers = self.transfers
        arcs = np.concatenate([transfers.of_person[one] for one in persons])
        return area_of(
            transfers.network, transfers.price, transfers.counts, transfers.loads, persons, arcs
        )

    def _persons(self, busy: Flags) -> Ints:
        """Choose one person who is free and others who share groups with him."""
        free = np.flatnonzero(~busy)
        first = int(self.random.choice(free))
        others = self.transfers.neighbours(first)
        others = others[~busy[others]]
        size = min(SIZE - 1, len(others))
        return np.sort(np.append(self.random.choice(others, size, replace=False), first))

    def _take(self, area: Area, kinds: Ints | None) -> bool:
        if kinds is None:
            return False
        arcs, counts = area.changes(kinds)
        self.transfers.counts[arcs] = counts
        self.transfers.loads[area.persons] = area.rest + (kinds * area.effort[:, None]).sum(axis=0)
        return True
