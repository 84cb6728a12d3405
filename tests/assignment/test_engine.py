"""The engine against all plans of small problems, and what must hold for any problem."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.assignment.problem import NOBODY, Ints, Problem
from services.assignment.rules import searches
from services.assignment.rules.engine import solve
from services.assignment.rules.records import Objective, Progress, Solution, UnsolvedError
from services.assignment.scoring import loads_of, score
from tests.assignment import shipped
from tests.assignment.brute import STRICT, best, scores
from tests.assignment.small import drawn

DRAWS, BLOCK = 500, 50
ALMOST_ALL = 0.96
FREE_OF_OTHERS = ("max_utilisation", "mean_deviation_minutes")
"""Levels whose bound holds for every plan; that of the others, for plans as good before."""


def solved(problem: Problem, **changes: Any) -> Solution:
    return solve(problem, time_limit=0.1, deterministic=True, **changes)


def team(*efforts: int, capacity: tuple[int, ...], **changes: object) -> Problem:
    """Return one class for each case; everybody may take everything and travel costs nothing."""
    n, m = len(efforts), len(capacity)
    problem = Problem(
        staff=tuple(f"s{one}" for one in range(m)),
        cases=tuple(f"c{one}" for one in range(n)),
        capacity=np.array(capacity),
        load=np.zeros(m, np.int64),
        class_of=np.arange(n),
        effort=np.broadcast_to(np.array(efforts, np.int64)[:, None], (n, m)),
        cost=np.zeros((n, m), np.int64),
        eligible=np.ones((n, m), np.bool_),
        previous=np.full(n, NOBODY),
    )
    return replace(problem, **changes)


@pytest.mark.parametrize("block", range(DRAWS // BLOCK))
def test_no_plan_is_below_the_bounds_and_the_best_is_found_almost_always(block: int) -> None:
    best_found = 0
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        problem = drawn(seed)
        found = solved(problem)
        levels = scores(problem, found.target_seconds)
        mine = np.array([found.objective[name] for name in STRICT])
        best_found += bool((best(levels) == mine.round(9)).all())
        for place, name in enumerate(STRICT):
            before = 1 if name in FREE_OF_OTHERS else place
            rivals = (levels[:, :before] <= mine[:before] + 1e-9).all(axis=1)
            assert found.bound[name] <= levels[rivals, place].min() + 1e-9, (seed, name)
            if found.proven[name]:
                assert mine[place] <= levels[rivals, place].min() + 1e-9, (seed, name)
    assert best_found >= ALMOST_ALL * BLOCK


def test_the_figures_are_those_of_the_plan() -> None:
    problem = drawn(7)
    found = solved(problem)
    assert found.objective == score(problem, found.plan, found.target_seconds).levels()


@pytest.mark.parametrize("seed", range(20))
def test_everybody_is_allowed_what_he_gets_and_pins_stay(seed: int) -> None:
    problem = drawn(seed, cases=40, staff=5)
    plan = solved(problem).plan
    for case, person in enumerate(plan.tolist()):
        if problem.pinned[case] != NOBODY:
            assert person == problem.pinned[case]
        elif person != NOBODY:
            assert problem.eligible[problem.class_of[case], person]
            assert person not in problem.excluded.get(case, ())


def shuffled(problem: Problem, cases: Ints, staff: Ints) -> Problem:
    """Return the same problem with cases and persons in another order, and other names."""
    to = np.append(np.argsort(staff), NOBODY)
    return replace(
        problem,
        staff=tuple(f"x{one}" for one in range(len(staff))),
        cases=tuple(f"y{one}" for one in range(len(cases))),
        capacity=problem.capacity[staff],
        load=problem.load[staff],
        class_of=problem.class_of[cases],
        effort=problem.effort[:, staff],
        cost=problem.cost[:, staff],
        eligible=problem.eligible[:, staff],
        previous=to[problem.previous[cases]],
        pinned=to[problem.pinned[cases]],
        holder=to[problem.holder[cases]],
        excluded={
            place: frozenset(int(to[one]) for one in problem.excluded[case])
            for place, case in enumerate(cases.tolist())
            if case in problem.excluded
        },
    )


@pytest.mark.parametrize("seed", range(20))
def test_order_and_names_change_no_bound_that_holds_for_all_plans(seed: int) -> None:
    problem, chance = drawn(seed, cases=25, staff=4), np.random.default_rng(seed)
    other = shuffled(problem, chance.permutation(25), chance.permutation(4))
    mine, theirs = solved(problem), solved(other)
    for name in ("unplaced", "sigma", *FREE_OF_OTHERS):
        assert mine.bound[name] == pytest.approx(theirs.bound[name])


def test_all_minutes_ten_times_as_many_are_the_same_problem() -> None:
    problem = drawn(3, cases=30, staff=4, extras=False)
    larger = replace(
        problem,
        capacity=problem.capacity * 10,
        load=problem.load * 10,
        effort=problem.effort * 10,
    )
    small, large = solved(problem), solved(larger)
    assert large.bound["max_utilisation"] == pytest.approx(small.bound["max_utilisation"])
    assert np.abs(large.target_seconds - small.target_seconds * 10).max() <= 10


def test_the_same_seed_gives_the_same_plan_again() -> None:
    problem = drawn(5, cases=80, staff=8)
    first, again = solved(problem, seed=4), solved(problem, seed=4)
    assert (first.plan == again.plan).all()


def test_two_persons_alike_differ_by_their_smallest_case_at_most() -> None:
    problem = team(*[3] * 7, *[5] * 6, 16, 24, capacity=(60, 60, 45))
    loads = loads_of(problem, solved(problem).plan)
    assert abs(int(loads[0] - loads[1])) <= 3


def test_a_case_that_nobody_may_take_is_unplaced_and_no_more() -> None:
    eligible = np.array([[True, True], [False, False], [True, False]])
    found = solved(team(4, 4, 4, capacity=(20, 20), eligible=eligible))
    assert found.plan.tolist() == [1, NOBODY, 0]
    assert found.objective["unplaced"] == found.bound["unplaced"] == 1
    assert found.proven["unplaced"]


def test_who_has_no_capacity_gets_nothing() -> None:
    found = solved(team(4, 4, capacity=(20, 0)))
    assert found.plan.tolist() == [0, 0]


def test_a_move_is_worse_than_any_way() -> None:
    cost = np.array([[0, 9], [0, 9]])
    problem = team(4, 4, capacity=(20, 20), cost=cost, holder=np.array([0, 1]))
    assert solved(problem).plan.tolist() == [0, 1]
    assert solved(replace(problem, holder=np.array([1, 0]))).plan.tolist() == [1, 0]


def test_without_cases_there_is_an_empty_plan() -> None:
    found = solved(team(capacity=(20, 20)))
    assert not len(found.plan)
    assert all(found.proven.values())


def test_without_time_there_is_a_complete_plan_all_the_same() -> None:
    problem = drawn(9, cases=60, staff=6)
    found = solve(problem, time_limit=0.0, seed=1)
    assert found.objective["unplaced"] == found.bound["unplaced"]


def test_who_waits_hears_of_the_best_plan_and_may_stop() -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> bool:
        told.append(progress)
        return False

    problem = drawn(9, cases=60, staff=6)
    found = solve(problem, time_limit=60.0, seed=1, progress=stop)
    assert found.seconds < 30
    assert told[0].objective >= told[0].bound
    assert found.objective["unplaced"] == found.bound["unplaced"]


def test_a_long_search_may_be_stopped_at_any_second() -> None:
    problem, told = drawn(9, cases=600, staff=30), []

    def stop(progress: Progress) -> bool:
        told.append(progress)
        return progress.seconds < 1.5

    found = solve(problem, time_limit=60.0, seed=1, progress=stop)
    assert found.seconds < 20
    assert len(told) >= 3


@pytest.mark.parametrize(
    "changes",
    [
        {"most_cases": np.array([1, 1])},
        {"holder": np.array([0, 0]), "most_moves": 0},
        {"hard_capacity": True},
        {"effort": np.array([[1, 2], [2, 1]])},
        {"capacity_until": np.array([[4], [4]]), "due": np.array([0, 0])},
    ],
)
def test_rules_that_the_network_does_not_hold_are_kept(changes: dict[str, object]) -> None:
    problem = team(4, 4, capacity=(20, 20), **changes)
    found = solved(problem)
    assert found.objective["unplaced"] == found.objective["late"] == 0
    if problem.most_moves == 0:
        assert found.plan.tolist() == [0, 0]
    else:
        assert sorted(found.plan.tolist()) == [0, 1]


def test_too_many_ways_for_a_rule_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_ARCS", 3)
    problem = team(4, 4, capacity=(20, 20), most_cases=np.array([1, 0]))
    with pytest.raises(UnsolvedError, match="4 ways"):
        solved(problem)


def test_the_least_cost_alone_fills_whoever_is_cheap() -> None:
    cost = np.array([[0, 9], [0, 9], [0, 9]])
    problem = team(4, 4, 4, capacity=(8, 20), cost=cost)
    found = solved(problem, objective=Objective.COST)
    assert sorted(found.plan.tolist()) == [0, 0, 1]
    assert found.objective["cost"] == found.bound["cost"] == 9
    assert found.gap == 0


def test_the_maximum_load_alone_where_anybody_may_take_anything() -> None:
    found = solved(team(8, 7, 6, 5, 4, capacity=(100, 100)), objective=Objective.MAKESPAN)
    assert found.objective["max_utilisation"] == found.bound["max_utilisation"] == 0.15


def test_efforts_too_large_to_be_added_are_refused() -> None:
    huge = 1 << 61
    with pytest.raises(OverflowError, match="larger unit"):
        solved(team(huge, huge, huge, capacity=(5, 7)))


@shipped.needs_data
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_shipped_teams_are_level(seed: int) -> None:
    problem = shipped.problem(f"2000x40-{seed}")
    found = solve(problem, time_limit=5.0, deterministic=True)
    assert found.objective["unplaced"] == 0
    assert found.gap <= 0.003
    assert found.objective["mean_deviation_minutes"] <= 20
