"""Solves an assignment problem: which search it gets, and what is proven about the plan."""

from importlib.metadata import version

from services.assignment.problem import Problem
from services.assignment.rules.budget import Budget
from services.assignment.rules.quiet import quiet
from services.assignment.rules.records import Objective, Report, Solution
from services.assignment.rules.searches import Found, search
from services.assignment.scoring import cost, score

NEAR = 1e-9
GAP_OF = {
    Objective.BALANCE: "max_utilisation",
    Objective.MAKESPAN: "max_utilisation",
    Objective.COST: "cost",
}
"""The level whose gap is told."""


def solve(
    problem: Problem,
    *,
    objective: Objective = Objective.BALANCE,
    time_limit: float = 30.0,
    seed: int = 1,
    deterministic: bool = False,
    progress: Report | None = None,
) -> Solution:
    """Return the best plan that is found within `time_limit` seconds.

    Args:
        problem: Cases and persons.
        objective: What the plan is to be good for.
        time_limit: Seconds; the first plan is finished even if it takes longer.
        seed: Of all choices by chance.
        deterministic: The same plan on every machine: one thread, and the time limit is
            translated into steps.
        progress: Is told how far we are, and may stop the search.

    Raises:
        UnsolvedError: The problem is too large for the rules it has.
        OverflowError: Efforts, capacities or costs are too large to be added.
    """
    budget = Budget(time_limit, deterministic=deterministic, report=progress)
    with quiet():
        found = search(problem, objective, budget, seed)
    budget.tell("cost", float(cost(problem, found.plan)), 0.0)
    return _told(problem, found, GAP_OF[objective], budget, seed)


def _told(problem: Problem, found: Found, level: str, budget: Budget, seed: int) -> Solution:
    """Return the solution with the figures of its plan; a bound is never above them."""
    value = score(problem, found.plan, found.target_seconds).levels()
    bound = {name: min(found.bound.get(name, 0.0), one) for name, one in value.items()}
    return Solution(
        plan=found.plan,
        objective=value,
        bound=bound,
        proven={name: one <= bound[name] + NEAR for name, one in value.items()},
        gap=(value[level] - bound[level]) / max(NEAR, abs(bound[level])),
        seconds=budget.seconds,
        seed=seed,
        first_plan_seconds=budget.first_plan or budget.seconds,
        target_seconds=found.target_seconds,
        solver=f"ortools {version('ortools')}, scipy {version('scipy')}",
    )
