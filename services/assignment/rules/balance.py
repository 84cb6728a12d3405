"""The way of a balanced plan: flow, dive, exchanges, areas; the best plan is always at hand."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from services.assignment.problem import Ints
from services.assignment.rules.bound import (
    coarse,
    deviation_bound,
    reachable,
    utilisation_bound,
)
from services.assignment.rules.budget import Budget
from services.assignment.rules.cuts import pools_of
from services.assignment.rules.dive import dive, free_of_effort, rounded
from services.assignment.rules.flow import cheapest_flow, prices_of
from services.assignment.rules.heights import Heights, at, below, highest
from services.assignment.rules.neighbourhoods import Search
from services.assignment.rules.network import Network
from services.assignment.rules.polish import polish
from services.assignment.rules.regrets import affinity, regrets
from services.assignment.rules.regroup import regrouped
from services.assignment.rules.targets import Targets, targets_of
from services.assignment.rules.transfers import NEVER, Transfers, ways_of

EVEN = 1.2
"""A unit away from the target costs so many times as much as the dearest arc: what the balance is
worth where it is not proven to be the best. Strict order would pay any price for a minute."""
STRICT, FEW = 30, 400
"""The same where there are so few cases that the best balance is found anyway."""
FIRST_EVEN = (0.2, 1.0)
"""The exchanges begin with a part of that price: they find cheap ways first."""
PATIENCE = 6
"""Rounds with as many areas as persons, all in vain, after which the search ends; each has
larger areas than the one before."""
FLOWS_AFTER = 8
"""So many flows the dive needs, and the bounds at the end."""


@dataclass(slots=True, eq=False)
class Balance:
    """A search; `counts` is the best plan so far, in cases on each arc (a)."""

    network: Network
    unit_minutes: int
    seed: int
    budget: Budget
    counts: Ints = field(init=False)
    targets: Targets = field(init=False)
    coarse: Targets = field(init=False)
    least_utilisation: Fraction = field(init=False)
    least_seconds: int = field(init=False)
    prices: Ints = field(init=False)
    _flow_seconds: float = field(init=False, default=0.0)
    _units: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Find the targets and the bounds."""
        network, pools = self.network, pools_of(self.network)
        self.targets = targets_of(network, pools, self.unit_minutes)
        loads = reachable(network)
        self.least_utilisation = utilisation_bound(network, pools, self.targets, loads)
        self.coarse = coarse(self.targets, loads)
        total = int(network.base.sum() + network.effort @ network.count)
        self.least_seconds = deviation_bound(self.targets, loads, total)
        self.prices = _prices(network)

    @property
    def utilisation(self) -> Fraction:
        """Return the largest load / capacity of the plan."""
        return highest(self.network.loads(self.counts), self.network.capacity)

    @property
    def seconds(self) -> int:
        """Return how far the loads of the plan are from their targets, all together."""
        return int(self.targets.deviation(self.network.loads(self.counts)).sum())

    @property
    def unit(self) -> float:
        """Return the price of a unit away from the target."""
        even = STRICT if self._few else EVEN
        return even * (1.0 + float(np.ptp(self.prices)))

    @property
    def _few(self) -> bool:
        return int(self.network.count.sum()) <= FEW

    def search(self) -> None:
        """Find a plan and improve it as long as the budget lasts."""
        self._begin()
        if self.budget.going(self._reserve()):
            self._dive()
        if self.budget.going(self._reserve()):
            self._improve()

    def _reserve(self) -> float:
        return FLOWS_AFTER * self._flow_seconds

    def _begin(self) -> None:
        """Round the cheapest flow at once, so that there is a plan."""
        network, start = self.network, self.budget.seconds
        self.counts = free_of_effort(network, self.prices)
        rest = np.where(network.effort > 0, network.count, 0)
        units = self._units = self._flow(network, rest, network.base, self.prices)
        self._flow_seconds = self.budget.seconds - start
        self.counts = self.counts + rounded(network, units, network.effort > 0)
        self._tell()

    def _flow(self, network: Network, rest: Ints, loads: Ints, prices: Ints) -> Ints:
        asked = prices_of(network, self.targets, prices, self.unit)
        goal = at(self.least_utilisation, network.capacity)
        return cheapest_flow(network, self.targets, asked, rest, loads, goal).units

    def _dive(self) -> None:
        """Round step by step, each case with those of its persons who are fullest least."""
        kept = self._tight()
        network, prices = self.network.of(kept), self.prices[kept]
        begun = free_of_effort(network, prices)
        found = dive(network, lambda rest, loads: self._flow(network, rest, loads, prices), begun)
        counts = np.zeros(len(self.prices), np.int64)
        counts[kept] = found
        if self._worth(counts) < self._worth(self.counts):
            self.counts = counts
        self._tell()

    def _tight(self) -> np.typing.NDArray[np.bool_]:
        """Return the arcs that carry something in a fairest divisible plan, at most."""
        network, level = self.network, self.targets.level
        lowest = np.minimum.reduceat(level[network.person], network.first[:-1])
        tight: np.typing.NDArray[np.bool_] = level[network.person] == lowest[network.group]
        return tight

    def _worth(self, counts: Ints) -> float:
        heights = self._heights(1.0)
        return float(heights(self.network.loads(counts)).sum()) + float(counts @ self.prices)

    def _heights(self, share: float, goal: Ints | None = None) -> Heights:
        capacity = self.network.capacity
        limit = at(max(self.utilisation, self.least_utilisation), capacity)
        aim = at(self.least_utilisation, capacity) if goal is None else goal
        return Heights(self.targets, aim, limit, self.unit * share)

    def _strict(self) -> Heights:
        """Return prices by which whoever is fullest gives something up, if that is possible."""
        if self.utilisation <= self.least_utilisation:
            return self._heights(1.0)
        return self._heights(1.0, below(self.utilisation, self.network.capacity))

    def _improve(self) -> None:
        """Exchange between persons, then divide areas anew, and again."""
        transfers = Transfers(self.network, self.prices, self.counts, ways_of(self.network))
        for share in FIRST_EVEN:
            polish(transfers, self._heights(share), self._going)
            self._tell()
        self._lower(transfers)
        regret = regrets(self.network, self.prices, self._units, self._heights(1.0))
        if self._few:
            regret = np.zeros_like(regret)
        search = Search(
            transfers,
            self._heights(1.0),
            np.random.default_rng(self.seed),
            regret,
            affinity(self.network, regret),
            timed=not self.budget.deterministic,
        )
        persons = len(self.network.base)
        left = self.budget.steps if self.budget.deterministic else PATIENCE * persons * 1000
        everybody = np.ones(persons, np.bool_)
        idle = 0
        while self._going() and left > 0 and idle < PATIENCE:
            search.heights, search.reach = self._strict(), idle
            areas = min(left, persons)
            idle = 0 if search.run(self._going, areas) else idle + 1
            left -= areas
            self.counts[:] = regrouped(self.network, self.prices, self.counts)
            transfers.refresh(everybody)
            self._lower(transfers)

    def _lower(self, transfers: Transfers) -> None:
        """Exchange as long as whoever is fullest can give something up."""
        before = None
        while self._going() and before != self.utilisation:
            before = self.utilisation
            polish(transfers, self._strict(), self._going)
        self._tell()

    def _going(self) -> bool:
        if self.budget.silent:
            self._tell()
        return self.budget.going(self._reserve())

    def _tell(self) -> None:
        if self.utilisation > self.least_utilisation:
            figures = ("max_utilisation", float(self.utilisation), float(self.least_utilisation))
        else:
            minutes = 60 * max(1, len(self.network.base))
            figures = (
                "mean_deviation_minutes",
                self.seconds / minutes,
                self.least_seconds / minutes,
            )
        self.budget.tell(*figures)


def _prices(network: Network) -> Ints:
    """Return cost, and a move dearer than what a move can save as far as figures allow."""
    if not network.moves.any():
        return network.cost
    spread = 1 + int(np.ptp(network.cost))
    move = min(100 * spread, max(spread, NEVER // 8 - int(network.cost.max())))
    return network.cost + move * network.moves
