"""The cheapest plan under hard capacities, beside the best of all plans."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.problem import NOBODY
from services.assignment.rules import cheapest as module
from services.assignment.rules.cheapest import cheapest
from services.assignment.rules.prices import prices_of
from services.assignment.rules.tableau import Tableau
from services.assignment.rules.watch import Watch


def drawn(seed: int, cases: int, persons: int, tightness: float = 0.8) -> Tableau:
    """Return a tableau whose persons have room for about `1 / tightness` of the work."""
    draw = np.random.default_rng(seed)
    effort = draw.integers(1, 10, (cases, persons))
    cost = draw.integers(1, 30, (cases, persons))
    room = np.full(persons, int(effort.mean() * cases / persons / tightness) + 1)
    allowed = (draw.random((cases, persons)) < 0.9) & (effort <= room)
    return Tableau(np.arange(cases), allowed, effort, cost, room)


def best_of_all(tableau: Tableau) -> tuple[int, int]:
    """Return the fewest rows left out, and the least cost with so many."""
    persons = range(-1, len(tableau.room))
    found = []
    for one in product(persons, repeat=len(tableau.cases)):
        plan = np.array(one)
        placed = np.flatnonzero(plan != NOBODY)
        if tableau.allowed[placed, plan[placed]].all() and tableau.fits(plan):
            found.append((len(plan) - len(placed), tableau.value(plan)))
    return min(found)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.9, 1.3]))
def test_small_problems_are_settled(seed: int, tightness: float) -> None:
    tableau = drawn(seed, 5, 3, tightness)
    found = cheapest(tableau, Watch(5), seed=1)
    left_out = int(np.count_nonzero(found.plan == NOBODY))
    best = best_of_all(tableau)
    assert (left_out, tableau.value(found.plan)) == best
    assert (found.unplaced, found.bound) == best


def test_large_search_keeps_the_rooms_and_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 0)
    tableau = drawn(7, 60, 5)
    found = cheapest(tableau, Watch(3), seed=1)
    assert tableau.fits(found.plan)
    assert tableau.allowed[np.arange(60), found.plan].all()
    value = tableau.value(found.plan)
    assert found.bound <= value <= found.bound * 1.02
    prices = prices_of(tableau)
    assert prices is not None
    assert prices.bound <= found.bound


def test_bound_of_divisible_cases_never_exceeds_the_best() -> None:
    for seed in range(30):
        tableau = drawn(seed, 5, 3, 0.6)
        prices = prices_of(tableau)
        left_out, value = best_of_all(tableau)
        if prices is None:
            continue
        if left_out == 0:
            assert prices.bound <= value + 1e-6


def test_stopped_from_outside_it_returns_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 0)
    tableau = drawn(3, 200, 8)
    asked = iter([True] * 12)
    watch = Watch(60, wanted=lambda: next(asked, False))
    found = cheapest(tableau, watch, seed=1)
    assert watch.passed < 20
    assert tableau.fits(found.plan)


def test_no_room_at_all_leaves_everybody_out() -> None:
    tableau = drawn(1, 4, 2)
    full = Tableau(
        tableau.cases,
        np.zeros_like(tableau.allowed),
        tableau.effort,
        tableau.cost,
        np.zeros_like(tableau.room),
    )
    found = cheapest(full, Watch(2), seed=1)
    assert (found.plan == NOBODY).all()
    assert found.unplaced == 4
