"""Which search a problem gets, and how searches follow each other.

A network of alike cases is balanced by flows and exchanges, whatever its size; a department's is
settled level by level afterwards. Rules that no flow holds may be kept by its plan by chance;
otherwise they are solved as whole cases. Costs and maximum loads alone have searches of their own.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem
from services.assignment.rules.balance import Balance
from services.assignment.rules.budget import Budget
from services.assignment.rules.cheapest import cheapest
from services.assignment.rules.cuts import pools_of
from services.assignment.rules.exact import Settled, settle
from services.assignment.rules.levelling import Shares, levelled
from services.assignment.rules.levels import Reached, least_cost, least_moves
from services.assignment.rules.network import network_of
from services.assignment.rules.records import Objective, UnsolvedError
from services.assignment.rules.sided import groups_of, sided
from services.assignment.rules.tableau import tableau_of
from services.assignment.rules.targets import targets_of
from services.assignment.scoring import cost, late, loads_of, moved, sigma

SMALL_CASES, SMALL_STAFF = 600, 25
"""A department: up to here a plan is settled, not only searched for."""
FIRST_SHARE = 0.25
"""Of the time, for the plan from which a department's is settled."""
MOST_ARCS = 300_000
"""Whole cases under rules of all kinds; more take too long to begin with."""
MOST_CELLS = 5_000_000
"""Cases by persons with efforts or costs of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A plan (n), the fair loads it is measured against (m), and what no plan is below.

    A level that `bound` does not name has no bound but 0.
    """

    plan: Ints
    target_seconds: Ints
    bound: dict[str, float]


def search(problem: Problem, objective: Objective, budget: Budget, seed: int) -> Found:
    """Return the best plan found within the budget."""
    if objective is Objective.COST:
        return _cheapest(problem, budget, seed)
    if objective is Objective.MAKESPAN and _is_free(problem):
        return _levelled(problem, budget, seed)
    if not problem.same_for_all:
        return _sided(problem, objective, budget, seed)
    ruled = _has_rules(problem)
    found = _balanced(problem, budget, seed, share=FIRST_SHARE if ruled else 1.0)
    if ruled and not _keeps_rules(problem, found.plan):
        return _sided(problem, objective, budget, seed)
    return found


def _is_free(problem: Problem) -> bool:
    """Whether anybody may take anything, for the same effort, and no rule is in the way."""
    return bool(
        problem.same_for_all
        and problem.eligible.all()
        and (problem.capacity > 0).all()
        and not problem.excluded
        and (problem.pinned == NOBODY).all()
        and not _has_rules(problem)
    )


def _has_rules(problem: Problem) -> bool:
    """Whether there are rules that no flow holds."""
    return bool(
        (problem.most_cases != UNLIMITED).any()
        or problem.capacity_until.shape[1]
        or problem.most_moves != UNLIMITED
        or problem.hard_capacity
    )


def _keeps_rules(problem: Problem, plan: Ints) -> bool:
    """Whether a plan that knows nothing of the rules keeps them all the same."""
    own = np.bincount(plan[plan != NOBODY], minlength=len(problem.staff))
    limited = problem.most_cases != UNLIMITED
    free = np.where(problem.pinned == NOBODY, plan, NOBODY)
    return bool(
        not (limited & (own > problem.most_cases)).any()
        and late(problem, plan) == 0
        and (problem.most_moves == UNLIMITED or moved(problem, free).sum() <= problem.most_moves)
        and (not problem.hard_capacity or (loads_of(problem, plan) <= problem.capacity).all())
    )


def _balanced(problem: Problem, budget: Budget, seed: int, share: float) -> Found:
    """Balance the network; settle it where it is small."""
    network = network_of(problem)
    small = len(problem.cases) <= SMALL_CASES and len(problem.staff) <= SMALL_STAFF
    first = FIRST_SHARE if small and not budget.deterministic else 1.0
    balance = Balance(network, problem.unit_minutes, seed, budget.part(first * share))
    if not len(network.effort):
        balance.counts = np.zeros(0, np.int64)
        return _of_network(problem, balance, None)
    balance.search()
    settled = None
    if small and not budget.deterministic and budget.left:
        settled = settle(network, balance.targets, balance.counts, budget.watch(), seed)
        balance.counts = settled.counts
    return _of_network(problem, balance, settled)


def _of_network(problem: Problem, balance: Balance, settled: Settled | None) -> Found:
    network, targets = balance.network, balance.targets
    plan = network.plan(problem, balance.counts)
    pinned = np.where(problem.pinned != NOBODY, plan, NOBODY)
    fixed_moves = int(moved(problem, pinned).sum())
    utilisation, seconds = balance.least_utilisation, balance.least_seconds
    if settled is not None:
        utilisation = max(utilisation, settled.utilisation)
        seconds = max(seconds, settled.deviation)
        moves, least = settled.moves, settled.cost
    else:
        moves, least = _least(balance, int(moved(problem, plan).sum()) - fixed_moves)
    bound = {
        "unplaced": float((plan == NOBODY).sum()),
        "max_utilisation": float(utilisation),
        "sigma": sigma(problem.capacity, targets.seconds / targets.second),
        "mean_deviation_minutes": seconds / 60 / max(1, len(problem.staff)),
        "moves": float(fixed_moves + moves),
        "cost": float(cost(problem, pinned) + least),
    }
    return Found(plan, targets.seconds, bound)


def _least(balance: Balance, moves: int) -> tuple[int, int]:
    """Return the moves and the cost of every plan as balanced as this one."""
    network, going = balance.network, balance.budget.going
    if not len(network.effort):
        return 0, 0
    reached = Reached(balance.utilisation, balance.seconds, moves)
    return (
        least_moves(network, balance.coarse, reached, going),
        least_cost(network, balance.coarse, reached, going),
    )


def _targets(problem: Problem) -> tuple[Ints, Fraction]:
    """Return the fair loads in seconds, and a utilisation that no plan is below.

    Where an effort depends on the person, equal utilisation at the mean effort is fair, and
    nothing is said of a bound.
    """
    if problem.same_for_all:
        network = network_of(problem)
        targets = targets_of(network, pools_of(network), problem.unit_minutes)
        return targets.seconds, targets.utilisation
    allowed = problem.eligible
    number = np.maximum(allowed.sum(axis=1), 1)
    mean = (problem.effort * allowed).sum(axis=1) / number
    work = float(problem.load.sum() + mean[problem.class_of].sum())
    share = work / max(int(problem.capacity.sum()), 1)
    fair: Ints = np.rint(problem.capacity * share * problem.unit_minutes * 60).astype(np.int64)
    return fair, Fraction(0)


def _sided(problem: Problem, objective: Objective, budget: Budget, seed: int) -> Found:
    arcs = len(groups_of(problem).group)
    if arcs > MOST_ARCS:
        raise UnsolvedError(
            f"{arcs} ways to place a case are too many for rules such as most_cases, "
            f"capacity_until, most_moves or efforts by person: at most {MOST_ARCS}; "
            "solve the departments one by one"
        )
    targets, least = _targets(problem)
    levels = ["unplaced", "late", "max_utilisation"]
    if objective is Objective.BALANCE:
        levels += ["seconds", "moves", "cost"]
    asked = [one for one in levels if one != "late" or problem.capacity_until.shape[1]]
    found = sided(problem, targets, asked, budget.watch(), seed)
    bound = dict(found.bound)
    bound["max_utilisation"] = max(bound["max_utilisation"], float(least))
    bound["mean_deviation_minutes"] = bound.pop("seconds", 0.0) / 60 / max(1, len(problem.staff))
    return Found(found.plan, targets, bound)


def _cheapest(problem: Problem, budget: Budget, seed: int) -> Found:
    cells = len(problem.cases) * len(problem.staff)
    if cells > MOST_CELLS:
        raise UnsolvedError(
            f"{cells} costs (cases by staff) are too many for the objective cost: "
            f"at most {MOST_CELLS}; the objective balance has no such limit"
        )
    if (problem.most_cases != UNLIMITED).any() or problem.most_moves != UNLIMITED:
        raise UnsolvedError("the objective cost knows neither most_cases nor most_moves")
    tableau = tableau_of(problem)
    found = cheapest(tableau, budget.watch(), seed)
    plan = problem.pinned.copy()
    plan[tableau.cases] = found.plan
    fixed = cost(problem, problem.pinned)
    bound = {"unplaced": float(found.unplaced), "cost": float(fixed + found.bound)}
    return Found(plan, _targets(problem)[0], bound)


def _levelled(problem: Problem, budget: Budget, seed: int) -> Found:
    effort = problem.effort[problem.class_of, 0].astype(np.int64)
    shares = Shares(effort, problem.load, problem.capacity)
    plan, bound = levelled(shares, budget.watch(), seed)
    return Found(plan, _targets(problem)[0], {"max_utilisation": bound})
