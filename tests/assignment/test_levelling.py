"""The smallest maximum load where anybody may take anything."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.rules.levelling import Shares, largest_first, levelled, lower_bound
from services.assignment.rules.watch import Watch

efforts = st.lists(st.integers(1, 40), min_size=1, max_size=6)
persons = st.lists(st.tuples(st.integers(0, 20), st.integers(10, 60)), min_size=1, max_size=3)


def shares_of(effort: list[int], staff: list[tuple[int, int]]) -> Shares:
    load, capacity = zip(*staff, strict=True)
    return Shares(np.array(effort), np.array(load), np.array(capacity))


@settings(max_examples=150, deadline=None)
@given(efforts, persons)
def test_bound_holds_and_plans_are_no_worse_than_largest_first(
    effort: list[int], staff: list[tuple[int, int]]
) -> None:
    shares = shares_of(effort, staff)
    best = min(
        shares.highest(np.array(plan)) for plan in product(range(len(staff)), repeat=len(effort))
    )
    plan, bound = levelled(shares, Watch(0.05), seed=1)
    assert bound == lower_bound(shares)
    assert bound <= best + 1e-9
    assert best - 1e-9 <= shares.highest(plan) <= shares.highest(largest_first(shares)) + 1e-9


def test_two_persons_are_levelled_exactly() -> None:
    shares = shares_of([8, 7, 6, 5, 4], [(0, 100), (0, 100)])
    assert shares.highest(largest_first(shares)) == 0.17  # 8 + 5 + 4, and 7 + 6
    plan, bound = levelled(shares, Watch(5), seed=1)
    assert shares.highest(plan) == bound == 0.15


def test_who_bears_too_much_already_gets_nothing_more() -> None:
    shares = shares_of([4, 4], [(90, 100), (0, 100)])
    plan, bound = levelled(shares, Watch(5), seed=1)
    assert plan.tolist() == [1, 1]
    assert bound == 0.9


def test_many_cases_meet_the_bound() -> None:
    draw = np.random.default_rng(5)
    shares = Shares(draw.integers(1, 100, 300), np.zeros(20, np.int64), np.full(20, 1))
    plan, bound = levelled(shares, Watch(5), seed=1)
    assert shares.highest(plan) == bound
