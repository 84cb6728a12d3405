"""The levels of a plan, counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from services.assignment.problem import NOBODY, UNLIMITED
from services.assignment.scoring import score
from tests.assignment.test_engine import team

PLAIN = team(4, 6, 10, capacity=(20, 40), load=np.array([2, 0]))
TARGETS = np.array([10 * 900, 12 * 900])


def test_a_plan_by_hand() -> None:
    found = score(PLAIN, np.array([0, 1, 1]), TARGETS)
    assert found.unplaced == found.late == found.moves == found.cost == 0
    assert found.max_utilisation == 0.4
    assert found.mean_deviation_minutes == (4 + 4) * 15 / 2
    mean = 22 / 60
    spread = (20 * (6 / 20 - mean) ** 2 + 40 * (16 / 40 - mean) ** 2) / 60
    assert found.sigma == pytest.approx(100 * spread**0.5)


def test_what_nobody_has_weighs_nothing() -> None:
    found = score(PLAIN, np.array([0, 1, NOBODY]), TARGETS)
    assert found.unplaced == 1
    assert found.max_utilisation == 0.3


def test_strangers_cost_and_moves_are_counted() -> None:
    problem = replace(
        PLAIN,
        cost=np.array([[1, 2], [3, 4], [5, 6]]),
        previous=np.array([0, 0, NOBODY]),
        continuity_cost=8,
        holder=np.array([NOBODY, 0, 1]),
    )
    found = score(problem, np.array([0, 1, 1]), TARGETS)
    assert found.cost == 1 + 4 + 6 + 8
    assert found.moves == 1


def test_late_is_the_worst_week_of_each_person() -> None:
    problem = replace(
        PLAIN,
        due=np.array([0, 1, 1]),
        capacity_until=np.array([[3, 20], [0, 5]]),
    )
    assert score(problem, np.array([0, 1, 1]), TARGETS).late == 1 + 11
    undated = replace(problem, due=np.array([UNLIMITED, UNLIMITED, UNLIMITED]))
    assert score(undated, np.array([0, 1, 1]), TARGETS).late == 0
