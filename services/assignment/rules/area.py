"""A few persons and all their cases, divided among them anew by a small integer program."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from services.assignment.problem import Ints
from services.assignment.rules.heights import OVER_GOAL, Heights
from services.assignment.rules.network import Network

FAR = 1 << 40
"""Stands for the price where there is no arc."""
NODES = 100
"""So many branches at most, the same on every machine."""
SECONDS = 2.0
GAP, HALF = 1e-3, 0.5
"""What is left open: a thousandth, and less than half of the smallest price."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A sub-problem; cases that differ by a constant alone are one kind (q), persons are p.

    Attributes:
        persons: the persons, ascending (p).
        arc: arc of each group of the area to each person, -1 if there is none (groups, p).
        kind: kind of each group (groups).
        total: cases of each group (groups).
        price: of one case of the kind with each person, less the cheapest; `FAR` if none (q, p).
        effort: units of one case of the kind (q).
        now: cases of each kind with each person (q, p).
        rest: load of each person beside these cases, in units (p).
    """

    persons: Ints
    arc: Ints
    kind: Ints
    total: Ints
    price: Ints
    effort: Ints
    now: Ints
    rest: Ints

    def changes(self, kinds: Ints) -> tuple[Ints, Ints]:
        """Return arcs and their new counts when `kinds[q, p]` cases go to each person."""
        order = np.argsort(self.kind, kind="stable")
        counts = np.zeros(self.arc.shape, np.int64)
        left = kinds.copy()
        for row in order:
            most = np.cumsum(left[self.kind[row]])
            taken = np.diff(np.minimum(most, self.total[row]), prepend=0)
            left[self.kind[row]] -= taken
            counts[row] = taken
        there = self.arc >= 0
        return self.arc[there], counts[there]


def area_of(
    network: Network, prices: Ints, counts: Ints, loads: Ints, persons: Ints, arcs: Ints
) -> Area:
    """Return the sub-problem of these persons, whose arcs are `arcs`; groups with one are left."""
    place = np.full(len(network.base), -1)
    place[persons] = np.arange(len(persons))
    groups, row = np.unique(network.group[arcs], return_inverse=True)
    shape = (len(groups), len(persons))
    arc, price, held = np.full(shape, -1), np.full(shape, FAR), np.zeros(shape, np.int64)
    where = (row, place[network.person[arcs]])
    arc[where], price[where], held[where] = arcs, prices[arcs], counts[arcs]
    open_ = (held.sum(axis=1) > 0) & ((arc >= 0).sum(axis=1) > 1)
    groups, arc, price, held = groups[open_], arc[open_], price[open_], held[open_]
    relative = np.where(arc >= 0, price - price.min(axis=1, keepdims=True, initial=FAR), FAR)
    keys = np.column_stack([network.effort[groups], relative])
    kinds, kind = np.unique(keys, axis=0, return_inverse=True)
    now = np.zeros((len(kinds), len(persons)), np.int64)
    np.add.at(now, kind.ravel(), held)
    effort = kinds[:, 0]
    rest = loads[persons] - (now * effort[:, None]).sum(axis=0)
    return Area(persons, arc, kind.ravel(), held.sum(axis=1), kinds[:, 1:], effort, now, rest)


def worth(area: Area, heights: Heights, kinds: Ints) -> float:
    """Return what a division costs: its prices and the loads of the persons."""
    price = int((np.where(area.price < FAR, area.price, 0) * kinds).sum())
    loads = heights.targets.seconds * 0
    loads[area.persons] = area.rest + (kinds * area.effort[:, None]).sum(axis=0)
    return price + float(heights(loads)[area.persons].sum())


def divided(area: Area, heights: Heights, *, timed: bool) -> Ints | None:
    """Return a better division of the kinds among the persons (q, p), None if none was found.

    `timed` bounds the time as well as the branches.
    """
    if not len(area.effort):
        return None
    kind, person = np.nonzero(area.price < FAR)
    gap = min(GAP, HALF / max(1.0, worth(area, heights, area.now)))
    options = {"node_limit": NODES, "mip_rel_gap": gap} | (
        {"time_limit": SECONDS} if timed else {}
    )
    found = milp(**_program(area, heights, kind, person), options=options)
    if found.x is None:
        return None
    kinds = np.zeros(area.now.shape, np.int64)
    kinds[kind, person] = np.round(found.x[: len(kind)])
    whole = (kinds.sum(axis=1) == area.now.sum(axis=1)).all()
    better = worth(area, heights, kinds) < worth(area, heights, area.now) - 1e-6
    return kinds if whole and better else None


def _program(area: Area, heights: Heights, kind: Ints, person: Ints) -> dict[str, object]:
    """Return the integer program: cases of a kind with a person, then each load's parts.

    A load is its target, less what is below, plus what is above, plus what is above the goal.
    """
    q, p, k = len(area.effort), len(area.persons), len(kind)
    target = heights.targets.seconds[area.persons] / heights.targets.second
    highest = area.rest + (area.now * area.effort[:, None]).sum(axis=0)
    limit = np.maximum(heights.limit[area.persons], highest)
    above = np.maximum(np.minimum(heights.goal[area.persons], limit) - target, 0)
    each = np.arange(p)
    rows = np.concatenate([kind, q + person, q + each, q + each, q + each])
    columns = np.concatenate([np.arange(k), np.arange(k), k + np.arange(3 * p)])
    ones = np.ones(p)
    values: NDArray[np.float64] = np.concatenate(
        [np.ones(k), area.effort[kind], ones, -ones, -ones]
    )
    equal = np.concatenate([area.now.sum(axis=1), target - area.rest])
    matrix = csr_array((values, (rows, columns)), shape=(q + p, k + 3 * p))
    most = [area.now.sum(axis=1)[kind], np.full(p, np.inf), above, np.maximum(limit - target, 0)]
    unit = heights.unit
    weights = [area.price[kind, person], unit * ones, unit * ones, unit * (1 + OVER_GOAL) * ones]
    return {
        "c": np.concatenate(weights).astype(np.float64),
        "constraints": LinearConstraint(matrix, equal, equal),
        "integrality": np.repeat([1, 0], [k, 3 * p]),
        "bounds": Bounds(0, np.concatenate(most)),
    }
