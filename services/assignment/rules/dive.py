"""From a divisible plan to whole cases: the large ones first, and a new flow after each step.

What a large case leaves too much or too little with a person, the smaller ones make good.
"""

from collections.abc import Callable, Iterator

import numpy as np

from services.assignment.problem import Flags, Ints
from services.assignment.rules.network import Network

ALONE = 4
"""So many of the smallest efforts are rounded one by one."""

Solve = Callable[[Ints, Ints], Ints]
"""From the cases of each group that are open and the loads to units on each arc."""


def rounded(network: Network, units: Ints, groups: Flags) -> Ints:
    """Return whole cases on each arc of these groups: rounded down, then the largest rests."""
    effort = np.maximum(network.arc_effort, 1)
    counts: Ints = np.where(groups[network.group], units // effort, 0)
    rest = network.count - np.add.reduceat(counts, network.first[:-1])
    order = np.lexsort((network.cost, -(units % effort), network.group))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - network.first[:-1][network.group[order]]
    width = np.diff(network.first)[network.group]
    owed = rest[network.group]
    counts += np.where(groups[network.group], owed // width + (rank < owed % width), 0)
    return counts


def bands(network: Network) -> Iterator[Flags]:
    """Yield the groups in the order in which they are rounded."""
    efforts = np.unique(network.effort[network.effort > 0])[::-1]
    small = efforts[-ALONE:]
    octave = np.where(np.isin(efforts, small), -efforts, np.log2(efforts).astype(np.int64))
    for one in dict.fromkeys(octave.tolist()):
        yield np.isin(network.effort, efforts[octave == one])


def dive(network: Network, solve: Solve, counts: Ints) -> Ints:
    """Return whole cases on each arc (a), beginning with those that are there.

    Args:
        network: Groups, persons and arcs.
        solve: The cheapest flow of what is open.
        counts: Cases that are placed already, whole groups only.
    """
    rest = network.count - np.add.reduceat(counts, network.first[:-1])
    for groups in bands(network):
        band = groups & (rest > 0)
        if not band.any():
            continue
        counts = counts + rounded(network, solve(rest, network.loads(counts)), band)
        rest = np.where(band, 0, rest)
    return counts


def free_of_effort(network: Network, prices: Ints) -> Ints:
    """Return the cases without effort, each with the cheapest person (a)."""
    counts = np.zeros(len(network.group), np.int64)
    order = np.lexsort((prices, network.group))
    cheapest = order[network.first[:-1]]
    idle = network.effort == 0
    counts[cheapest[idle]] = network.count[idle]
    return counts
