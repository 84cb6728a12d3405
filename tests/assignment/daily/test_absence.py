"""Somebody is away: only their cases move, to those who may have them, and the rest is said."""

from dataclasses import replace

import numpy as np
import pytest

from services.assignment.daily.absence import take_over
from services.assignment.daily.barriers import BARRED, Barrier
from services.assignment.daily.incoming import of_problem
from services.assignment.daily.recommending import recommend
from services.assignment.daily.standing import Standing
from services.assignment.problem import NOBODY, Problem
from tests.assignment.daily.drawing import drawn, rules_broken, some_plan

SEEDS = range(120)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_cases_of_the_absent_move_and_all_rules_are_kept(seed: int) -> None:
    problem = drawn(seed, cases=12)
    plan, away = some_plan(problem, seed), seed % 4
    found = take_over(problem, plan, away)
    assert found.cases.tolist() == np.flatnonzero(plan == away).tolist()
    others = plan != away
    assert found.plan[others].tolist() == plan[others].tolist()
    assert away not in found.plan
    assert rules_broken(found.problem, found.plan) == []
    unplaced = [case for case, _ in found.unplaced]
    assert unplaced == [one for one in found.cases if found.plan[one] == NOBODY]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unplaced_case_has_a_reason_for_everybody(seed: int) -> None:
    problem = drawn(seed, cases=12)
    found = take_over(problem, some_plan(problem, seed), seed % 4)
    for case, codes in found.unplaced:
        assert all(Barrier(code) & BARRED for code in codes.tolist())
        again = recommend(Standing(found.problem, found.plan), of_problem(found.problem, case))
        assert again.rows == ()


def test_there_are_unplaced_cases_and_others_among_what_was_drawn() -> None:
    problems = [drawn(seed, cases=12) for seed in SEEDS]
    found = [take_over(one, some_plan(one, seed), seed % 4) for seed, one in enumerate(problems)]
    assert sum(len(one.unplaced) for one in found) > 20
    assert sum(len(one.cases) - len(one.unplaced) for one in found) > 100


def test_no_single_case_of_the_absent_would_be_better_elsewhere() -> None:
    for seed in SEEDS:
        problem = drawn(seed, cases=12)
        found = take_over(problem, some_plan(problem, seed), seed % 4)
        standing = Standing(found.problem, found.plan)
        for case in found.cases.tolist():
            person = int(standing.plan[case])
            if person == NOBODY:
                continue
            standing.remove(case)
            row, *_ = recommend(standing, of_problem(found.problem, case)).rows
            mine = recommend(standing, of_problem(found.problem, case), most=9).rows
            own = next(one for one in mine if one.person == person)
            assert replace(row, person=person) == own
            standing.place(case, person)


def test_what_was_pinned_to_the_absent_is_released_and_other_pins_stay() -> None:
    problem = drawn(2)
    pinned = np.array([0, 0, 1, 2, NOBODY, NOBODY, NOBODY, NOBODY])
    problem = replace(problem, pinned=pinned, eligible=np.ones_like(problem.eligible))
    found = take_over(problem, np.where(pinned == NOBODY, 3, pinned), 0)
    assert found.problem.pinned.tolist() == [NOBODY, NOBODY, 1, 2, *[NOBODY] * 4]


@pytest.mark.parametrize("person", [-1, 4])
def test_nobody_of_that_number(person: int) -> None:
    with pytest.raises(ValueError, match="numbered from 0"):
        take_over(drawn(1), some_plan(drawn(1), 1), person)


def test_an_early_case_may_still_make_room_for_a_later_one() -> None:
    """The first case goes to the first person; the second one only they should take."""
    problem = Problem(
        staff=tuple("abcde"),
        cases=("c0", "c1"),
        capacity=np.full(5, 40),
        load=np.array([0, 0, 20, 20, 0]),
        class_of=np.array([0, 1]),
        effort=np.full((2, 5), 5),
        cost=np.zeros((2, 5), np.int64),
        eligible=np.array([[1, 1, 0, 0, 1], [1, 0, 1, 1, 1]], np.bool_),
        previous=np.full(2, NOBODY),
    )
    assert take_over(problem, np.array([4, 4]), 4).plan.tolist() == [1, 0]
