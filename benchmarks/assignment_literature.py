"""Cost and maximum load alone on the literature's files, beside simpler ways in the same time.

    python -m benchmarks.assignment_literature FOLDER [--seconds 60] [--only d20400 e20400]

FOLDER holds `best_known.json` and the files it names (generalised assignment and P||Cmax). Printed
is the gap to the best known value, the gap to our own bound, and whether ours is proven. The
baselines: one Boolean for each case and person in CP-SAT with as much time; largest first (LPT).
The machine should have nothing else to do: both cores are used.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from services.assignment.checking import judge
from services.assignment.files import problem_of
from services.assignment.literature import convert
from services.assignment.problem import Problem
from services.assignment.rules.choosing import Effort, choose
from services.assignment.rules.engine import solve
from services.assignment.rules.levelling import Shares, largest_first
from services.assignment.rules.records import Objective, Solution
from services.assignment.rules.tableau import tableau_of

LEVEL_SECONDS = 1.0
"""For the maximum load: two persons at a time are quick."""


@dataclass(frozen=True)
class File:
    """A file of the literature and the best value anybody found."""

    name: str
    path: Path
    kind: str
    best: float


def files_in(folder: Path, only: list[str]) -> Iterator[File]:
    """Yield the files that are there, in the order of their names."""
    known: dict[str, Any] = json.loads((folder / "best_known.json").read_text())
    for name, one in sorted(known.items()):
        path = folder / name
        if path.is_file() and (not only or path.stem in only):
            kind = "gap" if one["problem"] == "GAP" else "pcmax"
            yield File(path.stem, path, kind, float(one["best_known"]))


def value_of(problem: Problem, solution: Solution, kind: str) -> float:
    """Return the literature's value of a plan that the independent judge accepts."""
    verdict = judge(problem, solution.plan, objective=solution.objective, bound=solution.bound)
    assert verdict.fine, verdict.broken
    if kind == "gap":
        return solution.objective["cost"]
    return round(solution.objective["max_utilisation"] * int(problem.capacity[0]))


def baseline(problem: Problem, kind: str, seconds: float, seed: int) -> float | None:
    """Return what a simpler way finds in the same time; None: nothing."""
    if kind == "gap":
        tableau = tableau_of(problem)
        found = choose(tableau, tableau.allowed, Effort(seconds, seed, workers=2))
        return None if found.plan is None else tableau.value(found.plan)
    effort = problem.effort[problem.class_of, 0]
    shares = Shares(effort, problem.load, np.ones_like(problem.capacity))
    return shares.highest(largest_first(shares))


def gap(value: float | None, best: float) -> str:
    """Return by how much a value is above the best known, in per cent."""
    return "none" if value is None else f"{100 * (value - best) / best:.3f}"


def main() -> None:
    """Print a line for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--no-baseline", action="store_true")
    given = parser.parse_args()
    print(
        f"{'file':22} {'best':>8} {'ours':>8} {'gap %':>7} {'bound %':>7} proven  s   baseline %"
    )
    for one in files_in(given.folder, given.only):
        problem = problem_of(convert(one.kind, one.path), one.name)
        seconds = given.seconds if one.kind == "gap" else min(given.seconds, LEVEL_SECONDS)
        goal = Objective.COST if one.kind == "gap" else Objective.MAKESPAN
        level = "cost" if one.kind == "gap" else "max_utilisation"
        solution = solve(problem, objective=goal, time_limit=seconds, seed=given.seed)
        value = value_of(problem, solution, one.kind)
        other = None if given.no_baseline else baseline(problem, one.kind, seconds, given.seed)
        print(
            f"{one.name:22} {one.best:8.0f} {value:8.0f} {gap(value, one.best):>7}"
            f" {100 * solution.gap:7.3f} {solution.proven[level]!s:6} {solution.seconds:4.1f}"
            f" {gap(other, one.best):>7}",
            flush=True,
        )


if __name__ == "__main__":
    main()
