"""What it costs to bring a few units of load from one person to another, by handing over cases.

For each pair of persons and each effort there is a cheapest case that may go over. From these
tables come exchanges: up to two cases there and up to two back (three at most), which together
bring `size` units from the first to the second person.
"""

from dataclasses import dataclass, field
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from services.assignment.problem import Flags, Ints
from services.assignment.rules.network import Network

Costs = NDArray[np.int32]
NEVER = 1 << 28
"""More than any exchange costs; four of them still fit into 32 bits."""
MOST_SIZES = 33
MOST_WAYS = 4000
MOST_EFFORTS = 24


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Which efforts go there and back; `len(efforts)` stands for no case.

    Attributes:
        efforts: units, ascending (w).
        parts: two efforts there and two back, by their number (ways, 4).
        sizes: units that a way brings over, ascending and distinct (s).
        starts: where the ways of each size start (s).
    """

    efforts: Ints
    parts: Ints
    sizes: Ints
    starts: Ints


def ways_of(network: Network) -> Ways:
    """Return the ways to exchange cases of these efforts, those that bring little over first."""
    values, number = np.unique(network.effort[network.effort > 0], return_counts=True)
    efforts = np.sort(values[np.argsort(-number, kind="stable")[:MOST_EFFORTS]])
    none = len(efforts)
    unit = np.append(efforts, 0)
    singles = [(one, none) for one in range(none)]
    doubles = list(combinations_with_replacement(range(none), 2))
    parts = [(*there, *back) for there in singles for back in [(none, none), *singles, *doubles]]
    parts += [(*there, *back) for there in doubles for back in [(none, none), *singles]]
    rows = np.array(parts, np.int64).reshape(-1, 4)
    net = unit[rows[:, :2]].sum(axis=1) - unit[rows[:, 2:]].sum(axis=1)
    useful = (net >= 0) & ~((net == 0) & (rows[:, 0] > rows[:, 2]))
    rows, net = rows[useful], net[useful]
    order = np.argsort(net, kind="stable")[:MOST_WAYS]
    rows, net = rows[order], net[order]
    sizes, starts = np.unique(net, return_index=True)
    if len(sizes) > MOST_SIZES:
        rows, sizes, starts = rows[: starts[MOST_SIZES]], sizes[:MOST_SIZES], starts[:MOST_SIZES]
    return Ways(efforts, rows, sizes, starts)


@dataclass(slots=True, eq=False)
class Transfers:
    """The state of a plan, with tables of what could be handed over.

    Attributes:
        network: Groups, persons and arcs.
        price: of one case on each arc (a); below `NEVER` / 4.
        counts: cases on each arc (a); changed by `hand_over`.
        loads: units of each person (m).
        giver: first person of each pair that shares a group (p), sorted by receiver.
        taker: second person of each pair (p).
        cost: of bringing each size over, from giver to taker (p, s).
        of_person: arcs of each person (m).
    """

    network: Network
    price: Ints
    counts: Ints
    ways: Ways
    loads: Ints = field(init=False)
    giver: Ints = field(init=False)
    taker: Ints = field(init=False)
    cost: Costs = field(init=False)
    of_person: list[Ints] = field(init=False)
    _best: Ints = field(init=False)
    _back: Ints = field(init=False)
    _place: Ints = field(init=False)
    _keys: Ints = field(init=False)
    _effort: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Build the tables for the plan that is there."""
        network, m = self.network, len(self.network.base)
        self.loads = network.loads(self.counts)
        self._keys = network.group * m + network.person
        place = np.searchsorted(self.ways.efforts, network.effort).clip(
            max=len(self.ways.efforts) - 1
        )
        known = self.ways.efforts[place] == network.effort
        self._effort = np.where(known, place, -1)
        ends = np.cumsum(np.bincount(network.person, minlength=m))
        self.of_person = np.split(np.argsort(network.person, kind="stable"), ends[:-1])
        shared = np.zeros((m, m), np.bool_)
        for arcs in self.of_person:
            others = self._arcs_of(network.group[arcs])
            if len(arcs):
                shared[network.person[arcs[0]], network.person[others]] = True
        np.fill_diagonal(shared, val=False)
        self.taker, self.giver = np.nonzero(shared.T)
        self._place = np.full((m, m), -1)
        self._place[self.giver, self.taker] = np.arange(len(self.giver))
        self._back = self._place[self.taker, self.giver]
        self._best = np.full((len(self.giver) + 1, len(self.ways.efforts)), self._nothing())
        self.cost = np.full((len(self.giver), len(self.ways.sizes)), NEVER, np.int32)
        self.refresh(np.ones(m, np.bool_))

    def neighbours(self, person: int) -> Ints:
        """Return who shares a group with the person."""
        return np.flatnonzero(self._place[person] >= 0)

    def _nothing(self) -> int:
        return NEVER * len(self.network.group)

    def _arcs_of(self, groups: Ints) -> Ints:
        """Return all arcs of these groups, group by group."""
        first = self.network.first
        width = first[groups + 1] - first[groups]
        starts = np.repeat(first[groups] - (np.cumsum(width) - width), width)
        arcs: Ints = starts + np.arange(int(width.sum()))
        return arcs

    def refresh(self, persons: Flags) -> None:
        """Bring the tables up to date after cases of these persons changed."""
        for person in np.flatnonzero(persons):
            self._look_at(int(person))
        stale = np.flatnonzero(persons[self.giver] | persons[self.taker])
        step = max(1, 8_000_000 // len(self.ways.parts))
        for some in np.split(stale, range(step, len(stale), step)):
            self._weigh(some)

    def _look_at(self, person: int) -> None:
        """Find the cheapest case of each effort that the person could hand to each other one."""
        network = self.network
        mine = self.of_person[person]
        mine = mine[(self.counts[mine] > 0) & (self._effort[network.group[mine]] >= 0)]
        row = self._place[person]
        self._best[row[row >= 0]] = self._nothing()
        if not len(mine):
            return
        groups = network.group[mine]
        theirs = self._arcs_of(groups)
        width = network.first[groups + 1] - network.first[groups]
        change = self.price[theirs] - np.repeat(self.price[mine], width)
        other = network.person[theirs]
        kept = other != person
        pair, effort = row[other[kept]], np.repeat(self._effort[groups], width)[kept]
        key = change[kept] * len(network.group) + theirs[kept]
        np.minimum.at(self._best, (pair, effort), key)

    def _weigh(self, pairs: Ints) -> None:
        """Find the cheapest way of each size for these pairs."""
        there = self._prices(pairs)
        back = self._prices(self._back[pairs])
        one, two, three, four = self.ways.parts.T
        total = there[:, one]
        total += there[:, two]
        total += back[:, three]
        total += back[:, four]
        self.cost[pairs] = np.minimum.reduceat(total, self.ways.starts, axis=1)

    def _prices(self, pairs: Ints) -> Costs:
        prices = np.zeros((len(pairs), len(self.ways.efforts) + 1), np.int32)
        prices[:, :-1] = np.minimum(self._best[pairs] // len(self.network.group), NEVER)
        return prices

    def way(self, giver: int, taker: int, size: int) -> list[tuple[int, int]]:
        """Return the cheapest way for a size (by its number): arcs to take from and to give to."""
        pair = self._place[giver, taker]
        both = np.array([pair])
        there, back = self._prices(both)[0], self._prices(self._back[both])[0]
        start = self.ways.starts[size]
        end = self.ways.starts[size + 1] if size + 1 < len(self.ways.starts) else None
        parts = self.ways.parts[start:end]
        best = parts[np.argmin(there[parts[:, :2]].sum(axis=1) + back[parts[:, 2:]].sum(axis=1))]
        none = len(self.ways.efforts)
        found = [self._arcs(pair, giver, one) for one in best[:2] if one != none]
        found += [self._arcs(self._back[pair], taker, one) for one in best[2:] if one != none]
        return found

    def _arcs(self, pair: int, holder: int, effort: int) -> tuple[int, int]:
        arc = int(self._best[pair, effort] % len(self.network.group))
        group = self.network.group[arc]
        return int(np.searchsorted(self._keys, group * len(self.loads) + holder)), arc

    def forbid(self, giver: int, taker: int, size: int) -> None:
        """Look at this exchange no more until one of the two has other cases.

        It needs two cases of a group of which there is one.
        """
        self.cost[self._place[giver, taker], size] = NEVER

    def hand_over(self, cases: list[tuple[int, int]]) -> bool:
        """Move one case for each (arc from, arc to); all or none, False if one is not there."""
        for number, (source, goal) in enumerate(cases):
            if self.counts[source] < 1:
                self._undo(cases[:number])
                return False
            self._shift(source, goal)
        return True

    def _undo(self, cases: list[tuple[int, int]]) -> None:
        for source, goal in reversed(cases):
            self._shift(goal, source)

    def _shift(self, source: int, goal: int) -> None:
        network = self.network
        effort = network.effort[network.group[source]]
        self.counts[source] -= 1
        self.counts[goal] += 1
        self.loads[network.person[source]] -= effort
        self.loads[network.person[goal]] += effort
