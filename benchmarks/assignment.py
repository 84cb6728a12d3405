"""Case assignment: our engine beside simpler ways, on the same problems and in the same time.

    python -m benchmarks.assignment FOLDER [--seconds 30] [--only 2000x40] [--without class case]

FOLDER holds the generated problems (CASESxSTAFF-SEED.json.gz). Baselines: LPT (the largest case
first, to whoever is least full then); CP-SAT with one Boolean for each case and person;
HiGHS with one number for each class and person. The last two take the levels one after the other,
each a third of the time. All are measured with the same bounds: the maximum utilisation, the mean
deviation from the fair loads, and the cost of any plan as balanced as the one that is measured
(of any plan within ten minutes of the fair loads, if that one is not).
Peak memory is that of the process, so that each way runs in one of its own. The machine must have
nothing else to do.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from services.assignment.files import read_problem
from services.assignment.problem import NOBODY, Ints, Problem
from services.assignment.rules.bound import coarse, reachable, utilisation_bound
from services.assignment.rules.cuts import pools_of
from services.assignment.rules.engine import solve
from services.assignment.rules.levels import Reached, least_cost
from services.assignment.rules.network import Network, network_of
from services.assignment.rules.targets import Targets, targets_of
from services.assignment.scoring import score

CHEAPEST = 10
"""Persons that a case has a Boolean for, the cheapest ones; more do not fit into memory."""
LEVEL = 600
"""Seconds of mean deviation up to which a plan counts as level."""
LARGE = 5000
"""From so many cases on only the cheapest persons are offered to CP-SAT."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plan (`None` if there is none) and when the first one was there, if that is known."""

    plan: Ints | None
    first: float | None


def ours(problem: Problem, seconds: float) -> Found:
    """Return the plan of the engine."""
    found = solve(problem, time_limit=seconds, seed=1)
    return Found(found.plan, found.first_plan_seconds)


def lpt(problem: Problem, seconds: float) -> Found:  # noqa: ARG001
    """Return the plan of the largest case first, the cheaper person if two are as full."""
    start = time.monotonic()
    loads, plan = problem.load.copy(), np.full(len(problem.cases), NOBODY)
    effort = problem.effort[problem.class_of, 0]
    for case in np.argsort(-effort, kind="stable").tolist():
        row = problem.class_of[case]
        allowed = problem.eligible[row].copy()
        allowed[list(problem.excluded.get(case, ()))] = False
        persons = np.flatnonzero(allowed)
        full = (loads[persons] + effort[case]) / problem.capacity[persons]
        best = persons[np.lexsort((problem.cost[row, persons], full))[0]]
        plan[case], loads[best] = best, loads[best] + effort[case]
    return Found(plan, time.monotonic() - start)


def by_case(problem: Problem, seconds: float) -> Found:
    """Return the plan of CP-SAT: one Boolean for each case and person."""
    start = time.monotonic()
    network = network_of(problem)
    targets = targets_of(network, pools_of(network), problem.unit_minutes)
    model = cp_model.CpModel()
    loads = [[int(one)] for one in network.base]
    cost, columns = [], []
    for case, group in enumerate(network.of_case.tolist()):
        arcs = _offered(network, group, len(problem.cases))
        chosen = [model.new_bool_var("") for _ in arcs]
        model.add_exactly_one(chosen)
        for one, arc in zip(chosen, arcs, strict=True):
            loads[network.person[arc]].append(int(network.effort[group]) * one)
            cost.append(int(network.cost[arc]) * one)
            columns.append((case, int(network.person[arc]), one))
    levels, first = _levels(model, network, targets, [sum(one) for one in loads]), None
    values: list[int] = []
    for place, level in enumerate([*levels, sum(cost)]):
        model.minimize(level)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 2
        solver.parameters.max_time_in_seconds = seconds / 3
        watch = _First(start)
        if solver.solve(model, watch) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        first = first or watch.seconds
        values = [int(solver.value(one)) for *_, one in columns]
        model.clear_hints()
        for (*_, one), value in zip(columns, values, strict=True):
            model.add_hint(one, value)
        if place < len(levels):
            model.add(level <= round(solver.objective_value))
    plan = np.full(len(problem.cases), NOBODY)
    for (case, person, _), value in zip(columns, values, strict=False):
        plan[case] = person if value else plan[case]
    return Found(plan if values else None, first)


def _offered(network: Network, group: int, cases: int) -> list[int]:
    arcs = np.arange(network.first[group], network.first[group + 1])
    if cases >= LARGE:
        arcs = arcs[np.argsort(network.cost[arcs], kind="stable")[:CHEAPEST]]
    return [int(one) for one in arcs]


def _levels(
    model: cp_model.CpModel, network: Network, targets: Targets, loads: list[cp_model.LinearExpr]
) -> list[cp_model.LinearExpr]:
    """Return the maximum utilisation, in millionths, and the deviation in seconds."""
    million = 1_000_000
    highest = model.new_int_var(0, 10 * million, "")
    away = []
    for load, most, target in zip(
        loads, network.capacity.tolist(), targets.seconds.tolist(), strict=True
    ):
        model.add(highest * most >= load * million)
        off = model.new_int_var(0, 1 << 40, "")
        model.add(off >= load * targets.second - target)
        model.add(off >= target - load * targets.second)
        away.append(off)
    return [highest, sum(away)]


class _First(cp_model.CpSolverSolutionCallback):
    """Remembers when the first plan was there."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self._start = start
        self.seconds: float | None = None

    def on_solution_callback(self) -> None:
        self.seconds = self.seconds or time.monotonic() - self._start


def by_class(problem: Problem, seconds: float) -> Found:
    """Return the plan of HiGHS: how many cases of each group go to each person."""
    network = network_of(problem)
    targets = targets_of(network, pools_of(network), problem.unit_minutes)
    a, m, g = len(network.group), len(network.base), len(network.effort)
    highest, away = a, a + 1
    placed = _rows(g, a + 1 + m, (network.group, np.arange(a), np.ones(a)))
    load = (network.person, np.arange(a), network.arc_effort.astype(float))
    each = np.arange(m)
    off = (each, away + each, -np.ones(m))
    below = (each, away + each, np.ones(m))
    full = (each, np.full(m, highest), -network.capacity.astype(float))
    base, target = network.base.astype(float), targets.seconds / targets.second
    rules = [
        LinearConstraint(placed, network.count, network.count),
        LinearConstraint(_rows(m, a + 1 + m, load, full), -np.inf, -base),
        LinearConstraint(_rows(m, a + 1 + m, load, off), -np.inf, target - base),
        LinearConstraint(_rows(m, a + 1 + m, load, below), target - base, np.inf),
    ]
    most = np.concatenate([network.count[network.group], np.full(1 + m, np.inf)])
    whole = np.repeat([1, 0], [a, 1 + m])
    counts = None
    goals = [np.zeros(a + 1 + m) for _ in range(3)]
    goals[0][highest] = 1.0
    goals[1][away:] = 1.0
    goals[2][:a] = network.cost
    for goal in goals:
        found = milp(
            goal,
            constraints=rules,
            integrality=whole,
            bounds=Bounds(0, most),
            options={"time_limit": seconds / 3},
        )
        if found.x is None:
            break
        counts = np.round(found.x[:a]).astype(np.int64)
        rules.append(LinearConstraint(goal[None, :], -np.inf, found.fun * (1 + 1e-6) + 1e-5))
    return Found(None if counts is None else network.plan(problem, counts), None)


def _rows(rows: int, columns: int, *parts: tuple[Ints, Ints, np.ndarray]) -> csr_array:
    row, column, value = (np.concatenate(one) for one in zip(*parts, strict=True))
    return csr_array((value, (row, column)), shape=(rows, columns))


WAYS: dict[str, Callable[[Problem, float], Found]] = {
    "lpt": lpt,
    "case": by_case,
    "class": by_class,
    "ours": ours,
}


def measured(path: Path, way: str, seconds: float) -> str:
    """Solve a problem one way and return a line with its figures."""
    problem = read_problem(path)
    start = time.monotonic()
    found = WAYS[way](problem, seconds)
    taken = time.monotonic() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = "      ?" if found.first is None else f"{found.first:7.2f}"
    line = f"  {way:6} {taken:7.1f} s  first {first} s  {memory:6.0f} MB  "
    if found.plan is None:
        return line + "no plan"
    return line + _judged(problem, found.plan)


def _judged(problem: Problem, plan: Ints) -> str:
    network = network_of(problem)
    pools = pools_of(network)
    targets = targets_of(network, pools, problem.unit_minutes)
    value = score(problem, plan, targets.seconds)
    sums = reachable(network)
    least = float(utilisation_bound(network, pools, targets, sums))
    loads = network.loads(network.counts(plan))
    reached = Reached(
        max(targets.utilisation, *_utilisations(network, loads)),
        min(int(targets.deviation(loads).sum()), LEVEL * len(problem.staff)),
        value.moves,
    )
    cost = least_cost(network, coarse(targets, sums), reached, lambda: True)
    return (
        f"U {100 * (value.max_utilisation / least - 1):6.3f} %  "
        f"D {value.mean_deviation_minutes:7.2f} min  "
        f"cost {value.cost:7d} ({100 * (value.cost / max(1, cost) - 1):6.2f} % above {cost})"
    )


def _utilisations(network: Network, loads: Ints) -> list[Fraction]:
    able = network.capacity > 0
    pairs = zip(loads[able].tolist(), network.capacity[able].tolist(), strict=True)
    return [Fraction(load, most) for load, most in pairs]


def main() -> None:
    """Print a line for each problem and way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--only", default="", help="a part of the files' names")
    parser.add_argument("--without", nargs="*", default=[], choices=WAYS)
    asked = parser.parse_args()
    paths = sorted(one for one in asked.folder.glob("*.json.gz") if asked.only in one.name)
    if not paths:
        sys.exit(f"no problems in {asked.folder}: give the folder of the .json.gz files")
    for path in paths:
        print(path.name.removesuffix(".json.gz"), flush=True)
        for way in [one for one in WAYS if one not in asked.without]:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                print(
                    alone.submit(partial(measured, path, way, asked.seconds)).result(), flush=True
                )


if __name__ == "__main__":
    main()
