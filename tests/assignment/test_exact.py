"""What is settled for small teams, beside every plan there is."""

from fractions import Fraction

import numpy as np
import pytest

from services.assignment.problem import Problem
from services.assignment.rules.cuts import pools_of
from services.assignment.rules.exact import Settled, settle
from services.assignment.rules.network import Network, network_of
from services.assignment.rules.targets import Targets, targets_of
from services.assignment.rules.watch import Watch
from services.assignment.scoring import cost, score
from tests.assignment import shipped
from tests.assignment.brute import STRICT, best, every_plan, scores
from tests.assignment.small import drawn


def settled(problem: Problem, seconds: float = 20) -> tuple[Network, Targets, Settled]:
    network = network_of(problem)
    targets = targets_of(network, pools_of(network), problem.unit_minutes)
    any_plan = network.counts(every_plan(problem)[0])
    return network, targets, settle(network, targets, any_plan, Watch(seconds), seed=1)


@pytest.mark.parametrize("block", range(6))
def test_the_best_of_all_plans_is_found_and_proven(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        problem = drawn(seed, cases=6)
        network, targets, found = settled(problem)
        plan = network.plan(problem, found.counts)
        value = score(problem, plan, targets.seconds)
        wanted = best(scores(problem, targets.seconds))
        reached = [round(getattr(value, name), 9) for name in STRICT]
        assert reached == wanted.tolist(), seed
        assert float(found.utilisation) == pytest.approx(value.max_utilisation)
        seconds = targets.deviation(network.loads(found.counts)).sum()
        assert found.deviation == seconds
        assert found.moves == network.moves @ found.counts
        assert found.cost == network.cost @ found.counts


def test_without_time_the_known_plan_and_true_bounds_remain() -> None:
    problem = drawn(3, cases=7)
    network, targets, found = settled(problem, seconds=0)
    wanted = best(scores(problem, targets.seconds))
    assert (found.counts >= 0).all()
    by_group = np.bincount(network.group, found.counts, len(network.count))
    assert by_group.tolist() == network.count.tolist()
    assert found.utilisation <= Fraction(wanted[STRICT.index("max_utilisation")] + 1e-9)


@shipped.needs_data
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_team_of_the_real_size_is_proven_level_by_level(seed: int) -> None:
    problem = shipped.problem(f"200x12-{seed}")
    network = network_of(problem)
    targets = targets_of(network, pools_of(network), problem.unit_minutes)
    first = np.zeros(len(network.group), np.int64)
    first[network.first[:-1]] = network.count
    found = settle(network, targets, first, Watch(60), seed=1)
    plan = network.plan(problem, found.counts)
    value = score(problem, plan, targets.seconds)
    assert float(found.utilisation) == pytest.approx(value.max_utilisation)
    assert found.deviation == targets.deviation(network.loads(found.counts)).sum()
    assert found.cost == cost(problem, plan)
