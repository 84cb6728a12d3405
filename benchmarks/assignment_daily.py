"""How long a new case, an absence and a weekly re-balancing take, beside doing it all anew.

    python benchmarks/assignment_daily.py [--problems data/assignment/problems] [--new 300]

For each size: a case taken out of a plan comes back as a new one (the order of proposals, the
reasons of everybody and the repair together), a person is away, twenty cases change their person.
The baselines of the same run: for a new case, the loads of the whole plan counted anew for each
person; for an absence, a whole plan made anew, with how many cases of others that moves. Times are
of the processor, so that other work on the machine counts little.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from services.assignment.daily.absence import take_over, without
from services.assignment.daily.bottleneck import find_bottleneck
from services.assignment.daily.incoming import of_problem
from services.assignment.daily.ranking import best, keys
from services.assignment.daily.rebalancing import rebalance
from services.assignment.daily.recommending import recommend
from services.assignment.daily.standing import Standing
from services.assignment.files import read_problem
from services.assignment.problem import NOBODY, Ints, Problem

NAMES = ("200x12-1", "2000x40-1", "20000x200-1", "100000x500-1")
ANEW = 5
BUDGET = 20


def one_by_one(problem: Problem) -> Ints:
    """Return a plan (n): each case to the best for it, those few may take and large ones first."""
    standing = Standing(problem, np.full(len(problem.cases), NOBODY))
    few = problem.eligible.sum(axis=1)[problem.class_of]
    for case in np.lexsort((-problem.effort[problem.class_of, 0], few)).tolist():
        asking = of_problem(problem, case)
        person = best(keys(standing, asking), standing.against(asking))
        if person != NOBODY:
            standing.place(case, person)
    return standing.plan


def counted_anew(problem: Problem, plan: Ints, case: int) -> int:
    """Return the best person for a case, from the whole plan with each of them."""
    asking = of_problem(problem, case)
    highest = np.full(len(problem.staff), np.inf)
    for person in np.flatnonzero(asking.against == 0).tolist():
        after = plan.copy()
        after[case] = person
        highest[person] = Standing(problem, after).highest
    return int(highest.argmin())


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the milliseconds of the processor, and the result."""
    start = time.process_time()
    result = action()
    return 1000 * (time.process_time() - start), result


def new_cases(problem: Problem, plan: Ints, cases: list[int]) -> Iterator[tuple[float, bool]]:
    """Yield how long each case took as a new one, and whether a repair was offered."""
    standing = Standing(problem, plan)
    for case in cases:
        person = standing.remove(case)
        taken, found = timed(lambda case=case: recommend(standing, of_problem(problem, case)))
        standing.place(case, person)
        yield taken, found.repair is not None


def show(what: str, taken: list[float], more: str = "") -> None:
    """Print median, 99th percentile and maximum."""
    median, late, most = np.quantile(taken, [0.5, 0.99, 1])
    print(f"  {what:<28}{median:10.2f}{late:10.2f}{most:10.2f}  {more}")


def measure(problem: Problem, new: int) -> None:
    """Measure one size."""
    chance = np.random.default_rng(1)
    making, plan = timed(lambda: one_by_one(problem))
    placed = chance.choice(np.flatnonzero(plan != NOBODY), new).tolist()
    found = list(new_cases(problem, plan, placed))
    repairs = sum(repaired for _, repaired in found)
    show("new case", [one for one, _ in found], f"{repairs} repairs offered")
    anew = [timed(lambda one=one: counted_anew(problem, plan, one))[0] for one in placed[:ANEW]]
    show("  counted anew", anew)
    away = chance.permutation(len(problem.staff))[:40].tolist()
    gone = [timed(lambda one=one: take_over(problem, plan, one)) for one in away]
    sizes = [len(one.cases) for _, one in gone]
    left = sum(len(one.unplaced) for _, one in gone)
    note = f"{np.median(sizes):.0f} cases each (most {max(sizes)}), {left} unplaced"
    show("absence", [one for one, _ in gone], note)
    again = one_by_one(without(problem, away[0]))
    moved = int(((again != plan) & (plan != away[0])).sum())
    show("  planned anew", [making], f"{moved} cases of others move")
    loads = Standing(problem, plan).loads
    target = problem.capacity * (loads.sum() / problem.capacity.sum()) * problem.unit_minutes * 60
    fair = np.rint(target).astype(np.int64)
    taken, changed = timed(lambda: rebalance(problem, plan, fair, BUDGET))
    before, after = changed.before, changed.steps[-1].after if changed.steps else changed.before
    note = (
        f"highest {before.max_utilisation:.4f} -> {after.max_utilisation:.4f}, deviation "
        f"{before.mean_deviation_minutes:.0f} -> {after.mean_deviation_minutes:.0f} min"
    )
    show(f"{BUDGET} changes", [taken], note)
    taken, bound = timed(lambda: find_bottleneck(problem))
    show("bottleneck", [taken], f"{len(bound.persons)} persons, bound {bound.utilisation:.4f}")


def main() -> None:
    """Measure all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=Path, default=Path("data/assignment/problems"))
    parser.add_argument("--new", type=int, default=300, help="new cases for each size")
    chosen = parser.parse_args()
    print(f"  {'milliseconds':<28}{'median':>10}{'p99':>10}{'most':>10}")
    for name in NAMES:
        print(name.replace("-1", "").replace("x", " cases, ") + " persons")
        measure(read_problem(chosen.problems / f"{name}.json.gz"), chosen.new)


if __name__ == "__main__":
    main()
