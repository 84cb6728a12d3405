"""What each case loses by being where it is, as seen from the cheapest divisible plan.

In that plan a unit of load has a price with each person. A case on an arc regrets what it costs
there, its load counted at these prices, more than where it is cheapest (dual values of the flow).
A plan is dearer than the divisible one by its regrets, and by how uneven its loads are.
"""

import numpy as np
from scipy.sparse import csr_array

from services.assignment.problem import Ints
from services.assignment.rules.heights import Floats, Heights
from services.assignment.rules.network import Network

NEAR = 1.0
"""A case is likely to be wherever it regrets no more than this."""
ROUNDS = 1000
TINY = 1e-9


def regrets(network: Network, prices: Ints, units: Ints, heights: Heights) -> Floats:
    """Return the regret of one case on each arc (a), given the units of the cheapest flow (a)."""
    effort = np.maximum(network.arc_effort, 1)
    cost = prices / effort
    loads = network.base + np.bincount(network.person, units, len(network.base)).astype(np.int64)
    dearest = heights(loads + 1) - heights(loads)
    price = cost + _unit_prices(network, cost, units, dearest)[network.person]
    least = np.minimum.reduceat(price, network.first[:-1])
    found: Floats = (price - least[network.group]) * network.arc_effort
    return found


def _unit_prices(network: Network, cost: Floats, units: Ints, dearest: Floats) -> Floats:
    """Return the price of a unit of load with each person (m).

    At most `dearest`, and never more than to bring the unit to somebody else and pay it there.
    """
    m = len(dearest)
    carrying = np.flatnonzero(units > 0)
    groups = network.group[carrying]
    width = network.first[groups + 1] - network.first[groups]
    starts = np.repeat(network.first[groups] - (np.cumsum(width) - width), width)
    other = starts + np.arange(int(width.sum()))
    way = np.full((m, m), np.inf)
    own = np.repeat(carrying, width)
    np.minimum.at(way, (network.person[own], network.person[other]), cost[other] - cost[own])
    giver, taker = np.nonzero(np.isfinite(way))
    price, length = dearest.copy(), way[giver, taker]
    for _ in range(ROUNDS):
        before = price.copy()
        np.minimum.at(price, giver, before[taker] + length)
        if (before - price).max(initial=0.0) < TINY:
            break
    return price


def affinity(network: Network, regret: Floats) -> Floats:
    """Return how many cases could as well be with one person as with another (m, m)."""
    near = regret <= NEAR
    shape = (len(network.effort), len(network.base))
    where = (network.group[near], network.person[near])
    likely = csr_array((np.ones(int(near.sum())), where), shape=shape)
    shared: Floats = (likely.T @ (likely.multiply(network.count[:, None]))).toarray()
    np.fill_diagonal(shared, 0.0)
    return shared
