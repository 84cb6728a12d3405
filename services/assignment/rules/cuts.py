"""Divisible cases: what fits, and which persons are the bottleneck if it does not (maximum flow).

Groups of the same persons are one pool: 19,000 groups are some 2,000 pools.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from services.assignment.problem import Flags, Ints
from services.assignment.rules.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """Work that the same persons share: pools (k), persons (m) and arcs (a).

    Attributes:
        units: work of each pool (k).
        pool: pool of each arc (a).
        person: person of each arc (a).
    """

    units: Ints
    pool: Ints
    person: Ints

    def of(self, pools: Flags, persons: Flags) -> "Pools":
        """Return these pools with these persons alone, both numbered anew."""
        kept = pools[self.pool] & persons[self.person]
        return Pools(
            self.units[pools],
            (np.cumsum(pools) - 1)[self.pool[kept]],
            (np.cumsum(persons) - 1)[self.person[kept]],
        )


def pools_of(network: Network) -> Pools:
    """Return the pools of a network, all its cases taken together."""
    flags = np.zeros((len(network.effort), len(network.base)), np.bool_)
    flags[network.group, network.person] = True
    packed, number = np.unique(np.packbits(flags, axis=1), axis=0, return_inverse=True)
    persons = np.unpackbits(packed, axis=1, count=len(network.base))
    units = np.bincount(number.ravel(), network.effort * network.count, len(packed))
    pool, person = np.nonzero(persons)
    return Pools(units.astype(np.int64), pool, person)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What cannot be placed: the pools whose persons have too little room, and these persons."""

    pools: Flags
    persons: Flags


def bottleneck(pools: Pools, room: Ints) -> Cut | None:
    """Return the tightest bottleneck, or None if all work fits.

    `room` is what each person can take, in the same units as the pools (m); below 0 the person
    bears too much already, which is a bottleneck, too, when nobody else can make up for it.
    """
    k, m = len(pools.units), len(room)
    source, sink = k + m, k + m + 1
    flow = SimpleMaxFlow()
    supplied = np.concatenate([pools.units, np.maximum(-room, 0)])
    nodes = np.arange(k + m)
    flow.add_arcs_with_capacity(np.full(k + m, source), nodes, supplied)
    flow.add_arcs_with_capacity(pools.pool, k + pools.person, pools.units[pools.pool])
    flow.add_arcs_with_capacity(nodes[k:], np.full(m, sink), np.maximum(room, 0))
    status = flow.solve(source, sink)
    if status != SimpleMaxFlow.OPTIMAL:
        raise OverflowError("the efforts are too large to be added: use a larger unit")
    if flow.optimal_flow() == supplied.sum():
        return None
    reached = np.zeros(k + m + 2, np.bool_)
    reached[flow.get_source_side_min_cut()] = True
    return Cut(reached[:k], reached[k : k + m])
