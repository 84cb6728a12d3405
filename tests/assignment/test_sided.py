"""Rules no flow can hold, beside every plan that keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem
from services.assignment.rules.sided import sided
from services.assignment.rules.watch import Watch
from services.assignment.scoring import loads_of, moved, score
from tests.assignment.small import drawn

LEVELS = ("unplaced", "late", "max_utilisation", "seconds", "moves", "cost")
STRICT = ("unplaced", "late", "max_utilisation", "mean_deviation_minutes", "moves", "cost")


def ruled(seed: int) -> Problem:
    """Draw a problem with some of the rules: weeks, numbers, moves, capacities, own efforts."""
    problem = drawn(seed, cases=4)
    chance = np.random.default_rng(seed)
    n, m = len(problem.cases), len(problem.staff)
    changes: dict[str, object] = {}
    if chance.random() < 0.5:
        weekly = chance.integers(0, 12, (m, 2))
        changes["capacity_until"] = np.cumsum(weekly, axis=1)
        changes["due"] = chance.choice([UNLIMITED, 0, 1], n)
    if chance.random() < 0.5:
        pins = np.bincount(problem.pinned[problem.pinned != NOBODY], minlength=m)
        changes["most_cases"] = pins + chance.integers(0, 3, m)
    if chance.random() < 0.5:
        forced = int(moved(problem, problem.pinned).sum())
        changes["most_moves"] = forced + int(chance.integers(0, 2))
    changes["hard_capacity"] = bool(chance.random() < 0.3)
    if chance.random() < 0.5:
        changes["effort"] = chance.integers(1, 20, problem.effort.shape)
    return replace(problem, **changes)


def kept(problem: Problem, plan: Ints) -> bool:
    """Whether a plan keeps the rules; what is pinned is never at fault."""
    own = np.bincount(plan[plan != NOBODY], minlength=len(problem.staff))
    if ((problem.most_cases != UNLIMITED) & (own > problem.most_cases)).any():
        return False
    free = np.where(problem.pinned == NOBODY, plan, NOBODY)
    if problem.most_moves != UNLIMITED and moved(problem, free).sum() > problem.most_moves:
        return False
    if problem.hard_capacity:
        pinned_only = loads_of(problem, problem.pinned)
        limit = np.maximum(problem.capacity, pinned_only)
        return bool((loads_of(problem, plan) <= limit).all())
    return True


def plans(problem: Problem) -> Iterator[Ints]:
    choices = []
    for case, pin in enumerate(problem.pinned.tolist()):
        able = problem.eligible[problem.class_of[case]] & (problem.capacity > 0)
        barred = problem.excluded.get(case, frozenset())
        may = [one for one in np.flatnonzero(able).tolist() if one not in barred]
        choices.append([pin] if pin != NOBODY else [NOBODY, *may])
    for one in product(*choices):
        plan = np.array(one, np.int64)
        if kept(problem, plan):
            yield plan


@pytest.mark.parametrize("block", range(6))
def test_the_best_of_all_plans_that_keep_the_rules(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        problem = ruled(seed)
        targets = np.full(len(problem.staff), 20_000)
        found = sided(problem, targets, LEVELS, Watch(30), seed=1)
        assert kept(problem, found.plan), seed
        table = [
            [round(getattr(score(problem, plan, targets), name), 6) for name in STRICT]
            for plan in plans(problem)
        ]
        value = score(problem, found.plan, targets)
        assert [round(getattr(value, name), 6) for name in STRICT] == min(table), seed
        assert found.bound["unplaced"] == value.unplaced
        assert found.bound["late"] == value.late
        assert found.bound["max_utilisation"] <= value.max_utilisation


def test_without_time_there_is_a_plan_that_keeps_the_rules() -> None:
    problem = replace(drawn(1), hard_capacity=True)
    found = sided(problem, np.zeros(3, np.int64), LEVELS, Watch(0), seed=1)
    assert kept(problem, found.plan)
    assert found.bound["unplaced"] <= (found.plan == NOBODY).sum()
