"""The cheapest exchange of cases of the same effort: all loads stay, the price is the least."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from services.assignment.problem import Ints
from services.assignment.rules.network import Network


def regrouped(network: Network, prices: Ints, counts: Ints) -> Ints:
    """Return cases on each arc (a): as many of each effort with each person, at the least price.

    For each effort a transportation problem, solved exactly.
    """
    g, m = len(network.effort), len(network.base)
    efforts, place = np.unique(network.effort, return_inverse=True)
    desk = place[network.group] * m + network.person
    held = np.bincount(desk, counts, len(efforts) * m).astype(np.int64)
    arcs = np.flatnonzero(held[desk] > 0)
    group = network.group[arcs]
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        group, g + desk[arcs], network.count[group], prices[arcs]
    )
    flow.set_nodes_supplies(np.arange(g + len(held)), np.concatenate([network.count, -held]))
    if flow.solve() != SimpleMinCostFlow.OPTIMAL:
        raise OverflowError("costs are too large to be added: use a larger unit")
    found = np.zeros(len(counts), np.int64)
    found[arcs] = flow.flows(np.arange(len(arcs)))
    return found
