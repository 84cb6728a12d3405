"""The bottleneck: the largest set of persons whose own work sets the bound, by all subsets."""

from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest

from services.assignment.daily.bottleneck import find_bottleneck
from services.assignment.daily.flow import Flow
from services.assignment.problem import NOBODY, Problem
from tests.assignment.daily.drawing import allowed, drawn


def by_all_subsets(problem: Problem) -> tuple[Fraction, set[int], set[int]]:
    """Return the bound, the union of the sets that set it, and the classes bound to it."""
    there = np.flatnonzero(problem.capacity > 0).tolist()
    may = [set(np.flatnonzero(allowed(problem, case))) for case in range(len(problem.cases))]
    best, union, bound = Fraction(0), set[int](), set[int]()
    sizes = range(1, len(there) + 1)
    for subset in chain.from_iterable(combinations(there, size) for size in sizes):
        persons = set(subset)
        inside = [case for case, who in enumerate(may) if who and who <= persons]
        eligible = problem.eligible & (problem.capacity > 0)
        work = sum(int(problem.load[one]) for one in persons)
        for case in inside:
            class_ = problem.class_of[case]
            work += int(problem.effort[class_][eligible[class_]].min())
        share = Fraction(work, sum(int(problem.capacity[one]) for one in persons))
        if share > best:
            best, union, bound = share, set(), set()
        if share == best:
            union |= persons
            bound |= {int(problem.class_of[case]) for case in inside}
    return best, union, bound


@pytest.mark.parametrize("seed", range(150))
def test_bottleneck_is_the_largest_set_that_sets_the_bound(seed: int) -> None:
    problem = drawn(seed, cases=10, staff=5)
    found = find_bottleneck(problem)
    share, persons, classes = by_all_subsets(problem)
    assert found.utilisation == float(share)
    assert set(found.persons) == persons
    assert set(found.classes) == classes


def languages() -> Problem:
    """Two of four persons speak Arabic and have more of it than they should."""
    speakers, everybody = np.array([True, True, False, False]), np.ones(4, bool)
    return Problem(
        staff=tuple("abcd"),
        cases=tuple(f"c{one}" for one in range(6)),
        capacity=np.full(4, 10),
        load=np.zeros(4, np.int64),
        class_of=np.array([0, 0, 0, 1, 1, 2]),
        effort=np.array([[6], [2], [6]]) + np.zeros((1, 4), np.int64),
        cost=np.zeros((3, 4), np.int64),
        eligible=np.array([speakers, everybody, speakers]),
        previous=np.full(6, NOBODY),
    )


def test_what_the_bound_cases_share_is_told() -> None:
    labels = {"language": ["ar", None, "ar"], "district": ["1", "1", "2"], "type": ["x", "x", "x"]}
    found = find_bottleneck(languages(), labels)
    assert found.utilisation == 24 / 20
    assert found.persons == (0, 1)
    assert found.classes == (0, 2)
    assert [(one.name, one.value, one.of_bound) for one in found.shared] == [("language", "ar", 1)]
    assert found.shared[0].of_all == 24 / 28


def test_without_the_language_everybody_is_the_bottleneck_and_nothing_is_shared() -> None:
    problem = replace(languages(), eligible=np.ones((3, 4), np.bool_))
    found = find_bottleneck(problem, {"language": ["ar", None, "ar"]})
    assert found.persons == (0, 1, 2, 3)
    assert found.utilisation == 28 / 40
    assert found.shared == ()


def test_flow_finds_as_much_as_the_smallest_cut() -> None:
    chance = np.random.default_rng(1)
    ways = 0
    for _ in range(300):
        g, m = chance.integers(1, 6, 2)
        demand, limits = chance.integers(0, 9, g), chance.integers(0, 9, m)
        may = chance.random((g, m)) < 0.4
        flow = Flow(demand, limits, may)
        sets = chain.from_iterable(combinations(range(g), size) for size in range(g + 1))
        least = max(
            int(demand[list(one)].sum() - limits[may[list(one)].any(axis=0)].sum()) for one in sets
        )
        assert flow.left.sum() == least
        assert (flow.sent.sum(axis=1) + flow.left).tolist() == demand.tolist()
        assert (flow.sent.sum(axis=0) + flow.room).tolist() == limits.tolist()
        assert (flow.sent[~may] == 0).all()
        assert (flow.sent >= 0).all()
        assert (flow.room >= 0).all()
        ways += least > 0
    assert 30 < ways < 270
