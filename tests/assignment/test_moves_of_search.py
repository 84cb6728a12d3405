"""What each part of the search promises: it keeps all cases, and makes nothing worse."""

from dataclasses import replace

import numpy as np
import pytest

from services.assignment.problem import NOBODY, Ints, Problem
from services.assignment.rules.area import area_of, divided, worth
from services.assignment.rules.bound import coarse, reachable
from services.assignment.rules.cuts import pools_of
from services.assignment.rules.dive import rounded
from services.assignment.rules.flow import cheapest_flow, prices_of
from services.assignment.rules.heights import Heights, at
from services.assignment.rules.network import Network, network_of
from services.assignment.rules.polish import polish
from services.assignment.rules.regroup import regrouped
from services.assignment.rules.targets import Targets, targets_of
from services.assignment.rules.transfers import Transfers, ways_of
from tests.assignment.small import drawn

SEEDS = range(15)


def open_to_all(seed: int) -> Problem:
    """Return a problem in which everybody may take nearly everything."""
    problem = drawn(seed, cases=60, staff=6)
    return replace(problem, eligible=np.ones_like(problem.eligible))


def given(seed: int) -> tuple[Network, Targets, Ints]:
    """Return a network, its targets and a plan by chance."""
    network = network_of(open_to_all(seed))
    found = targets_of(network, pools_of(network), 15)
    counts = np.zeros(len(network.group), np.int64)
    chance = np.random.default_rng(seed)
    for group, cases in enumerate(network.count.tolist()):
        arcs = np.arange(network.first[group], network.first[group + 1])
        np.add.at(counts, chance.choice(arcs, cases), 1)
    return network, found, counts


def complete(network: Network, counts: Ints) -> bool:
    placed = np.add.reduceat(counts, network.first[:-1])
    return bool((placed == network.count).all() and (counts >= 0).all())


def height(network: Network, targets: Targets) -> Heights:
    nowhere = at(targets.utilisation + 9, network.capacity)
    return Heights(targets, at(targets.utilisation, network.capacity), nowhere, 30.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_and_plan_tell_the_same(seed: int) -> None:
    problem = open_to_all(seed)
    network, _, counts = given(seed)
    assert (network.counts(network.plan(problem, counts)) == counts).all()


def test_a_plan_with_an_open_case_has_no_counts() -> None:
    problem = open_to_all(1)
    network, _, counts = given(1)
    plan = network.plan(problem, counts)
    plan[np.flatnonzero(network.of_case >= 0)[0]] = NOBODY
    with pytest.raises(ValueError, match="nobody"):
        network.counts(plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_flow_places_all_and_no_plan_is_below_it(seed: int) -> None:
    network, targets, counts = given(seed)
    prices = prices_of(network, targets, network.cost, 5.0)
    limit = at(targets.utilisation + 9, network.capacity)
    flow = cheapest_flow(network, targets, prices, network.count, network.base, limit)
    placed = np.add.reduceat(flow.units, network.first[:-1])
    assert (placed == network.count * network.effort).all()
    away = targets.deviation(network.loads(counts)).sum() * prices.second
    assert flow.value <= counts @ network.cost * prices.scale + away


@pytest.mark.parametrize("seed", SEEDS)
def test_loads_that_whole_cases_give_raise_the_flow_but_not_above_a_plan(seed: int) -> None:
    network, targets, counts = given(seed)
    prices = prices_of(network, targets, network.cost, 5.0)
    limit = at(targets.utilisation + 9, network.capacity)
    nearer = coarse(targets, reachable(network))
    assert (nearer.under <= targets.under).all()

    def value(asked: Targets) -> int:
        return cheapest_flow(network, asked, prices, network.count, network.base, limit).value

    away = targets.deviation(network.loads(counts)).sum() * prices.second
    assert value(targets) <= value(nearer) <= counts @ network.cost * prices.scale + away


@pytest.mark.parametrize("seed", SEEDS)
def test_rounding_keeps_every_case(seed: int) -> None:
    network, targets, _ = given(seed)
    prices = prices_of(network, targets, network.cost, 5.0)
    limit = at(targets.utilisation + 9, network.capacity)
    units = cheapest_flow(network, targets, prices, network.count, network.base, limit).units
    counts = rounded(network, units, network.effort > 0)
    assert complete(network, counts)
    assert (np.abs(counts * network.arc_effort - units) <= network.arc_effort).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_exchanges_make_a_plan_better_and_keep_every_case(seed: int) -> None:
    network, targets, counts = given(seed)
    weigh = height(network, targets)
    before = weigh(network.loads(counts)).sum() + counts @ network.cost
    transfers = Transfers(network, network.cost, counts, ways_of(network))
    polish(transfers, weigh, lambda: True)
    assert complete(network, transfers.counts)
    assert (transfers.loads == network.loads(transfers.counts)).all()
    after = weigh(transfers.loads).sum() + transfers.counts @ network.cost
    assert after < before


def test_regrouping_keeps_all_loads_and_is_the_cheapest_to_do_so() -> None:
    saved = 0
    for seed in SEEDS:
        network, _, counts = given(seed)
        found = regrouped(network, network.cost, counts)
        assert complete(network, found)
        assert (network.loads(found) == network.loads(counts)).all()
        again = regrouped(network, network.cost, found)
        assert again @ network.cost == found @ network.cost <= counts @ network.cost
        saved += int((counts - found) @ network.cost)
    assert saved > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_an_area_is_divided_better_and_keeps_every_case(seed: int) -> None:
    network, targets, counts = given(seed)
    weigh = height(network, targets)
    persons = np.array([0, 2, 3])
    arcs = np.flatnonzero(np.isin(network.person, persons))
    area = area_of(network, network.cost, counts, network.loads(counts), persons, arcs)
    kinds = divided(area, weigh, timed=False)
    assert kinds is not None
    changed, amounts = area.changes(kinds)
    after = counts.copy()
    after[changed] = amounts
    assert complete(network, after)
    others = ~np.isin(network.person, persons)
    assert (after[others] == counts[others]).all()
    saved = worth(area, weigh, area.now) - worth(area, weigh, kinds)

    def whole(plan: Ints) -> float:
        return float(weigh(network.loads(plan)).sum() + plan @ network.cost)

    assert whole(counts) - whole(after) == pytest.approx(saved)
    assert saved > 0
