"""Solves an assignment problem: which search it gets, and what is proven about the plan."""

import numpy as np
import ortools
import scipy

from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem
from services.assignment.rules.balance import Balance
from services.assignment.rules.budget import Budget
from services.assignment.rules.levels import Reached, least_cost, least_moves
from services.assignment.rules.network import Network, network_of
from services.assignment.rules.quiet import quiet
from services.assignment.rules.records import Objective, Report, Solution, UnsolvedError
from services.assignment.scoring import cost, moved, score, sigma

NEAR = 1e-9


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
        UnsolvedError: The problem has a rule that this solver does not know.
        OverflowError: Efforts, capacities or costs are too large to be added.
    """
    refuse_unsolved(problem, objective)
    budget = Budget(time_limit, deterministic=deterministic, report=progress)
    network = network_of(problem)
    if not len(network.effort):
        return _told(problem, _nothing_to_place(network, problem, seed, budget), problem.pinned)
    search = Balance(network, problem.unit_minutes, seed, budget)
    with quiet():
        search.search()
    return _told(problem, search, network.plan(problem, search.counts))


def refuse_unsolved(problem: Problem, objective: Objective) -> None:
    """Raise an error that names the rule which the network does not hold, if there is one."""
    reasons = {
        f"objective {objective}": objective != Objective.BALANCE,
        "effort that depends on the person": not problem.same_for_all,
        "most_cases": bool((problem.most_cases != UNLIMITED).any()),
        "capacity_until": problem.capacity_until.shape[1] > 0,
        "most_moves": problem.most_moves != UNLIMITED,
        "hard_capacity": problem.hard_capacity,
    }
    found = [name for name, there in reasons.items() if there]
    if found:
        raise UnsolvedError(f"not solved by the network: {', '.join(found)}; leave it out")


def _nothing_to_place(network: Network, problem: Problem, seed: int, budget: Budget) -> Balance:
    search = Balance(network, problem.unit_minutes, seed, budget)
    search.counts = np.zeros(0, np.int64)
    return search


def _told(problem: Problem, search: Balance, plan: Ints) -> Solution:
    """Return the solution with the figures of its plan and the bounds."""
    budget, targets = search.budget, search.targets
    budget.tell("cost", float(cost(problem, plan)), 0.0)
    value = score(problem, plan, targets.seconds).levels()
    bound = _bounds(problem, search, plan)
    proven = {name: value[name] <= bound[name] + NEAR for name in value}
    level = "max_utilisation"
    return Solution(
        plan=plan,
        objective=value,
        bound=bound,
        proven=proven,
        gap=(value[level] - bound[level]) / max(NEAR, abs(bound[level])),
        seconds=budget.seconds,
        seed=search.seed,
        first_plan_seconds=budget.first_plan or budget.seconds,
        target_seconds=targets.seconds,
        solver=f"ortools {ortools.__version__}, scipy {scipy.__version__}",
    )


def _bounds(problem: Problem, search: Balance, plan: Ints) -> dict[str, float]:
    """Return what no plan is below, by level."""
    network, targets = search.network, search.targets
    pinned = np.where(problem.pinned != NOBODY, plan, NOBODY)
    fixed_moves = int(moved(problem, pinned).sum())
    own = int(moved(problem, plan).sum()) - fixed_moves
    reached = Reached(search.utilisation, search.seconds, own)
    least = (0, 0)
    if len(network.effort):
        going = search.budget.going
        least = (
            least_moves(network, search.coarse, reached, going),
            least_cost(network, search.coarse, reached, going),
        )
    return {
        "unplaced": float((plan == NOBODY).sum()),
        "late": 0.0,
        "max_utilisation": float(search.least_utilisation),
        "sigma": sigma(problem.capacity, targets.seconds / targets.second),
        "mean_deviation_minutes": search.least_seconds / 60 / max(1, len(problem.staff)),
        "moves": float(fixed_moves + least[0]),
        "cost": float(cost(problem, pinned) + least[1]),
    }
