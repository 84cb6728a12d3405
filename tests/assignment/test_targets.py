"""Fair divisible loads, and the bounds that follow from them and from whole cases."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from services.assignment.problem import Problem
from services.assignment.rules.bound import (
    Reachable,
    deviation_bound,
    reachable,
    utilisation_bound,
)
from services.assignment.rules.cuts import bottleneck, pools_of
from services.assignment.rules.network import network_of
from services.assignment.rules.targets import Targets, targets_of
from tests.assignment.small import drawn
from tests.assignment.test_engine import team

SECOND = 900


def targets(problem: Problem) -> Targets:
    network = network_of(problem)
    return targets_of(network, pools_of(network), problem.unit_minutes)


def least_utilisation(problem: Problem) -> Fraction:
    network = network_of(problem)
    pools = pools_of(network)
    found = targets_of(network, pools, problem.unit_minutes)
    return utilisation_bound(network, pools, found, reachable(network))


def test_all_may_take_all_the_utilisation_is_the_same() -> None:
    found = targets(team(6, 6, 6, capacity=(10, 20), load=np.array([3, 0])))
    assert found.seconds.tolist() == [7 * SECOND, 14 * SECOND]
    assert found.utilisation == Fraction(7, 10)
    assert found.level.tolist() == [0, 0]


def test_seconds_are_rounded_to_the_nearest() -> None:
    found = targets(team(1, capacity=(7, 4)))
    assert found.seconds.tolist() == [round(SECOND * 7 / 11), round(SECOND * 4 / 11)]


def test_a_bottleneck_stands_apart() -> None:
    eligible = np.array([[True, False, False], [True, True, True]])
    found = targets(team(18, 4, capacity=(20, 20, 20), eligible=eligible))
    assert found.seconds.tolist() == [18 * SECOND, 2 * SECOND, 2 * SECOND]
    assert found.level.tolist() == [1, 0, 0]
    assert found.utilisation == Fraction(9, 10)


def test_who_is_overloaded_already_gets_nothing() -> None:
    found = targets(team(10, capacity=(20, 20, 20), load=np.array([30, 2, 0])))
    assert found.seconds.tolist() == [30 * SECOND, 6 * SECOND, 6 * SECOND]


def test_who_has_no_capacity_keeps_what_he_has_and_is_no_bottleneck() -> None:
    found = targets(team(10, capacity=(20, 0), load=np.array([0, 5])))
    assert found.seconds.tolist() == [10 * SECOND, 5 * SECOND]
    assert found.utilisation == Fraction(1, 2)


@pytest.mark.parametrize("seed", range(100))
def test_fair_loads_are_possible_and_nobody_could_give_to_one_less_full(seed: int) -> None:
    """The two together characterise the least sum of load^2 / capacity."""
    network = network_of(drawn(seed, cases=20, staff=5))
    pools = pools_of(network)
    found = targets_of(network, pools, 15)
    slack = len(network.base)
    room = found.seconds - network.base * SECOND + slack
    scaled = replace(pools, units=pools.units * SECOND)
    assert bottleneck(scaled, room) is None
    for at_least in np.unique(found.level):
        high = found.level >= at_least
        inside = np.ones(len(pools.units), np.bool_)
        inside[pools.pool[~high[pools.person]]] = False
        forced = pools.units[inside].sum() + network.base[high].sum()
        assert found.seconds[high].sum() == pytest.approx(forced * SECOND, abs=slack)


@pytest.mark.parametrize("seed", range(30))
def test_order_changes_no_target(seed: int) -> None:
    problem = drawn(seed, cases=20, staff=5, extras=False)
    order = np.random.default_rng(seed).permutation(5)
    other = replace(
        problem,
        capacity=problem.capacity[order],
        load=problem.load[order],
        effort=problem.effort[:, order],
        cost=problem.cost[:, order],
        eligible=problem.eligible[:, order],
    )
    assert targets(other).seconds.tolist() == targets(problem).seconds[order].tolist()


@pytest.mark.parametrize("seed", range(30))
def test_another_person_who_may_take_a_class_never_raises_the_utilisation(seed: int) -> None:
    problem = drawn(seed, cases=25, staff=4, extras=False)
    before = least_utilisation(problem)
    for row, person in zip(*np.nonzero(~problem.eligible), strict=True):
        eligible = problem.eligible.copy()
        eligible[row, person] = True
        assert least_utilisation(replace(problem, eligible=eligible)) <= before


def test_whole_cases_raise_the_bound_of_the_utilisation() -> None:
    """Three cases of 10 for two persons: one of them gets two."""
    assert least_utilisation(team(10, 10, 10, capacity=(20, 20))) == 1
    assert least_utilisation(team(10, 10, 5, 5, capacity=(20, 20))) == Fraction(3, 4)


def test_whole_cases_away_from_the_target() -> None:
    problem = team(10, 10, 10, capacity=(20, 20))
    network = network_of(problem)
    found = deviation_bound(targets(problem), reachable(network), 30)
    assert found == 10 * SECOND
    even = team(10, 10, capacity=(20, 20))
    assert deviation_bound(targets(even), reachable(network_of(even)), 20) == 0


def test_sums_that_can_be_reached() -> None:
    who = Reachable(bits=0b1001001, base=10)
    assert [who.below(one) for one in (9, 10, 12, 13, 15, 16, 99)] == [10, 10, 10, 13, 13, 16, 16]
    assert [who.above(one) for one in (9, 10, 12, 13, 15, 16)] == [10, 13, 13, 16, 16, None]


def test_sums_are_those_of_the_cases_that_are_there() -> None:
    problem = team(3, 3, 3, 7, capacity=(20, 20), load=np.array([1, 0]))
    bits = reachable(network_of(problem))[0].bits
    sums = {3 * threes + 7 * sevens for threes in range(4) for sevens in range(2)}
    assert {place for place in range(bits.bit_length()) if bits >> place & 1} == sums
