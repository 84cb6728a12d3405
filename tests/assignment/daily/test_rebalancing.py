"""The weekly re-balancing: within its budget, each step a gain, and nothing left that helps."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from services.assignment.daily.rebalancing import Values, rebalance
from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem
from tests.assignment.daily.drawing import drawn, levels, rules_broken, some_plan

SEEDS = range(60)


def targets(problem: Problem) -> Ints:
    """Return loads that would be fair if everybody could take everything, in seconds."""
    work = problem.load.sum() + problem.effort.min(axis=1)[problem.class_of].sum()
    share = work / max(1, problem.capacity.sum())
    return np.rint(problem.capacity * share * problem.unit_minutes * 60).astype(np.int64)


def worth(problem: Problem, plan: Ints) -> tuple[int, float, int, int]:
    _, late, highest, away, _, cost = levels(problem, plan, targets(problem))
    return late, highest, away, cost


def as_values(problem: Problem, plan: Ints) -> Values:
    late, highest, away, cost = worth(problem, plan)
    return Values(late, highest, pytest.approx(away / 60 / len(problem.staff)), cost)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("budget", [0, 1, 2, 5])
def test_every_step_helps_keeps_the_rules_and_says_the_truth(seed: int, budget: int) -> None:
    problem = drawn(seed, cases=14)
    plan = some_plan(problem, seed)
    found = rebalance(problem, plan, targets(problem), budget)
    now = plan.copy()
    assert found.before == as_values(problem, now)
    for step in found.steps:
        before = worth(problem, now)
        for case, giver, taker in step.moves:
            assert now[case] == giver
            now[case] = taker
        assert worth(problem, now) < before
        assert step.after == as_values(problem, now)
        assert rules_broken(problem, now) == []
    assert now.tolist() == found.plan.tolist()
    changed = np.flatnonzero(now != plan)
    assert len(changed) == sum(len(step.moves) for step in found.steps) <= budget
    assert (problem.pinned[changed] == NOBODY).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_change_that_helps_is_left(seed: int) -> None:
    problem = drawn(seed, cases=9)
    if seed % 2:
        problem = replace(problem, due=np.full(9, UNLIMITED))
    plan = some_plan(problem, seed)
    found = rebalance(problem, plan, targets(problem), 50)
    end = worth(problem, found.plan)
    free = [
        case
        for case in range(9)
        if problem.pinned[case] == NOBODY and found.plan[case] == plan[case] != NOBODY
    ]
    for case, taker in product(free, np.flatnonzero(problem.capacity > 0)):
        other = found.plan.copy()
        other[case] = taker
        assert rules_broken(problem, other) or worth(problem, other) >= end
    for case, second in product(free, free):
        other = found.plan.copy()
        other[[case, second]] = other[[second, case]]
        dated = (problem.due[[case, second]] != UNLIMITED).any()
        usable = (problem.capacity[other[[case, second]]] > 0).all()
        assert dated or not usable or rules_broken(problem, other) or worth(problem, other) >= end


def test_much_was_changed_by_single_moves_and_by_exchanges() -> None:
    problems = [drawn(seed, cases=14) for seed in SEEDS]
    found = [
        rebalance(one, some_plan(one, seed), targets(one), 5) for seed, one in enumerate(problems)
    ]
    lengths = [len(step.moves) for one in found for step in one.steps]
    assert min(lengths.count(1), lengths.count(2)) >= 10


def test_a_large_team_is_seen_whole() -> None:
    """Nobody near the top may give anything: the one who can is far down, and is found."""
    m = 60
    problem = Problem(
        staff=tuple(f"s{one}" for one in range(m)),
        cases=("c0", "c1"),
        capacity=np.full(m, 100),
        load=np.where(np.arange(m) < 50, 90, 10),
        class_of=np.array([0, 0]),
        effort=np.full((1, m), 10),
        cost=np.zeros((1, m), np.int64),
        eligible=(np.arange(m) >= 50)[None],
        previous=np.full(2, NOBODY),
    )
    plan = np.array([55, 55])
    found = rebalance(problem, plan, np.full(m, 20 * 900), 9)
    assert len(found.steps) == 1
    assert found.steps[0].after.mean_deviation_minutes < found.before.mean_deviation_minutes


def test_a_negative_budget_and_targets_of_others_are_refused() -> None:
    problem = drawn(1)
    plan = some_plan(problem, 1)
    with pytest.raises(ValueError, match="budget"):
        rebalance(problem, plan, targets(problem), -1)
    with pytest.raises(ValueError, match="fair load"):
        rebalance(problem, plan, np.array([1]), 1)
