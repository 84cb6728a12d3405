"""The cheapest divisible plan that keeps to the targets (minimum-cost flow).

A unit of effort flows from its group to a person and on to the sink. What it costs there is
convex in the person's load: each second away from the target has a price, each unit above the
limit costs `OVER` times as much as a unit away. Between the two loads next to the target that
whole cases may give, the cost is their chord: the optimum is a lower bound for all such plans.
"""

from dataclasses import dataclass, replace
from math import lcm

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from services.assignment.problem import Ints
from services.assignment.rules.network import Network
from services.assignment.rules.targets import Targets

OVER = 100
FINE = 1000
COARSE = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What is weighed against each other, in whole numbers.

    Attributes:
        arc: one case on an arc (a), from cost and moves.
        scale: what one of these is in the figures of the flow.
        unit: one unit of effort on an arc, in the figures of the flow (a); rounded down.
        second: one second away from the target, in the figures of the flow.
    """

    arc: Ints
    scale: int
    unit: Ints
    second: int

    def at(self, second: float) -> "Prices":
        """Return the same prices with another one for a second, at least the smallest."""
        return replace(self, second=max(1, round(second)))


def prices_of(network: Network, targets: Targets, arc: Ints, unit: float) -> Prices:
    """Return prices at which a unit away from the target costs as much as `unit` on an arc."""
    scale = lcm(*(int(one) for one in np.unique(network.effort) if one))
    scale = min(scale, COARSE)
    scale *= -(-FINE // scale)
    effort = np.maximum(network.arc_effort, 1)
    second = max(1, round(unit * scale / targets.second))
    return Prices(arc, scale, arc * scale // effort, second)


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A divisible plan.

    Attributes:
        units: units of effort on each arc (a).
        value: what it costs, in the figures of the flow: arcs and seconds away from the targets.
    """

    units: Ints
    value: int


def cheapest_flow(
    network: Network, targets: Targets, prices: Prices, rest: Ints, loads: Ints, limit: Ints
) -> Flow:
    """Place the rest of each group (g, in cases) upon the loads that are there (m, in units).

    `limit` is a load that nobody should exceed (m). `Flow.value` counts the seconds of all
    persons; what is above the limit is counted, too, if somebody has to exceed it.

    Raises:
        OverflowError: Costs or efforts are too large to be added.
    """
    g, m = len(network.effort), len(network.base)
    supply = network.effort * rest
    open_arcs = np.flatnonzero(supply[network.group] > 0)
    sink = g + m
    flow = SimpleMinCostFlow()
    group = network.group[open_arcs]
    flow.add_arcs_with_capacity_and_unit_cost(
        group, g + network.person[open_arcs], supply[group], prices.unit[open_arcs]
    )
    ground = _slopes(flow, targets, prices, loads, limit, (g, int(supply.sum())))
    flow.set_nodes_supplies(np.arange(g), supply)
    flow.set_node_supply(sink, -int(supply.sum()))
    if flow.solve() != SimpleMinCostFlow.OPTIMAL:
        raise OverflowError("costs or efforts are too large to be added: use a larger unit")
    units = np.zeros(len(network.group), np.int64)
    units[open_arcs] = flow.flows(np.arange(len(open_arcs)))
    return Flow(units, int(flow.optimal_cost()) + ground)


def _slopes(
    flow: SimpleMinCostFlow,
    targets: Targets,
    prices: Prices,
    loads: Ints,
    limit: Ints,
    ends: tuple[int, int],
) -> int:
    """Add the arcs from the persons to the sink; return what the loads cost that are there."""
    first, total = ends
    m = len(loads)
    persons, sink = first + np.arange(m), np.full(m, first + m)
    second, under, over = targets.second, targets.under, targets.over
    below = np.maximum(under - loads, 0)
    between = np.where(under >= loads, over - under, 0)
    rise = targets.deviation(over) - targets.deviation(under)
    chord = rise * prices.second // np.maximum(over - under, 1)
    room = np.maximum(limit - loads, 0)
    widths = _cut_off([below, between, np.full(m, total)], room)
    steep = np.full(m, second * prices.second)
    slopes = [-steep, chord, steep]
    for width, slope in zip([*widths, np.full(m, total)], [*slopes, steep * OVER], strict=True):
        flow.add_arcs_with_capacity_and_unit_cost(persons, sink, width, slope)
    return int(targets.deviation(loads).sum()) * prices.second


def _cut_off(widths: list[Ints], room: Ints) -> list[Ints]:
    """Return the widths, together no wider than the room."""
    kept = []
    for width in widths:
        kept.append(np.minimum(width, room))
        room = room - kept[-1]
    return kept
