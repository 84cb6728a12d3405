"""A person for each case at the least cost, by CP-SAT over some of the columns."""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from services.assignment.problem import NOBODY, Flags, Ints
from services.assignment.rules.tableau import Tableau


@dataclass(frozen=True, slots=True)
class Effort:
    """How CP-SAT may search; `work` is its deterministic time, which no clock sways."""

    seconds: float
    seed: int
    workers: int = 1
    work: float = 0.0
    first_will_do: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What was found: a plan of the rows or None, a bound of its cost, and whether it is proven.

    `proven` without a plan says that there is none over these columns.
    """

    plan: Ints | None
    bound: float
    proven: bool


def choose(tableau: Tableau, columns: Flags, effort: Effort, known: Ints | None = None) -> Choice:
    """Return the cheapest plan over some columns that places every case."""
    model = cp_model.CpModel()
    rows, persons = np.nonzero(columns)
    taken = [model.new_bool_var("") for _ in rows]
    ends = np.cumsum(columns.sum(axis=1))
    for first, end in zip(np.append(0, ends[:-1]).tolist(), ends.tolist(), strict=True):
        model.add_exactly_one(taken[first:end])
    units = tableau.effort[rows, persons]
    for person in range(len(tableau.room)):
        mine = np.flatnonzero(persons == person)
        load = cp_model.LinearExpr.weighted_sum([taken[i] for i in mine], units[mine].tolist())
        if units[mine].sum() > tableau.room[person]:
            model.add(load <= int(tableau.room[person]))
    costs = tableau.cost[rows, persons]
    model.minimize(cp_model.LinearExpr.weighted_sum(taken, costs.tolist()))
    if known is not None:
        for one, hint in zip(taken, (known[rows] == persons).tolist(), strict=True):
            model.add_hint(one, hint)
    solver = solver_of(effort)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Choice(None, -np.inf, status == cp_model.INFEASIBLE)
    chosen = np.array([solver.boolean_value(one) for one in taken])
    plan = np.full(len(columns), NOBODY)
    plan[rows[chosen]] = persons[chosen]
    return Choice(plan, solver.best_objective_bound, status == cp_model.OPTIMAL)


def solver_of(effort: Effort) -> cp_model.CpSolver:
    """Return a solver that keeps to an effort."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = effort.workers
    parameters.random_seed = effort.seed
    parameters.max_time_in_seconds = effort.seconds
    parameters.stop_after_first_solution = effort.first_will_do
    if effort.work:
        parameters.max_deterministic_time = effort.work
    return solver
