"""Whole cases within given limits of load, by CP-SAT: a plan, or the proof that there is none."""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from services.assignment.problem import Ints
from services.assignment.rules.choosing import Effort, solver_of
from services.assignment.rules.granules import Limits, Piles
from services.assignment.rules.network import Network
from services.assignment.rules.targets import Targets


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Cases of each arc of the piles, or None; settled without them: it is impossible."""

    taken: Ints | None
    settled: bool


def fit(piles: Piles, network: Network, targets: Targets, limits: Limits, effort: Effort) -> Fit:
    """Return some way to keep the limits."""
    model = cp_model.CpModel()
    taken = [model.new_int_var(0, int(most), "") for most in piles.number[piles.pile]]
    for pile, number in enumerate(piles.number.tolist()):
        theirs = np.flatnonzero(piles.pile == pile).tolist()
        model.add(sum(taken[arc] for arc in theirs) == number)
    away = []
    for person, base in enumerate(network.base.tolist()):
        mine = np.flatnonzero(piles.person == person)
        units = piles.size[piles.pile[mine]].tolist()
        load = model.new_int_var(int(limits.least[person]), int(limits.most[person]), "")
        bears = cp_model.LinearExpr.weighted_sum([taken[arc] for arc in mine.tolist()], units)
        model.add(load == bears + base)
        if limits.deviation is not None:
            target = int(targets.seconds[person])
            distance = model.new_int_var(0, limits.deviation, "")
            model.add(distance >= load * targets.second - target)
            model.add(distance >= target - load * targets.second)
            away.append(distance)
    if limits.deviation is not None:
        model.add(sum(away) <= limits.deviation)
    solver = solver_of(effort)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Fit(None, status == cp_model.INFEASIBLE)
    return Fit(np.array([solver.value(one) for one in taken], np.int64), settled=True)
