"""Logistic regression: what it returns is where Newton's method must end."""

import numpy as np
import pytest

from nlu.logistic import logistic

RANDOM = np.random.default_rng(3)
GIVEN = RANDOM.normal(size=(300, 4))
TRUE = RANDOM.random(300) < 1 / (1 + np.exp(-2 * GIVEN[:, 0] + 0.5))


@pytest.mark.parametrize("restraint", [0.5, 3.0])
def test_nothing_is_left_to_gain(restraint: float):
    found = logistic(GIVEN, TRUE, restraint=restraint)
    wrong = 1 / (1 + np.exp(-(GIVEN @ found[:-1] + found[-1]))) - TRUE
    assert GIVEN.T @ wrong + restraint * found[:-1] == pytest.approx(0, abs=1e-6)
    assert wrong.sum() == pytest.approx(0, abs=1e-5), "the bias is as good as free"
    assert found[0] > 1
    assert found[-1] < 0


def test_a_stronger_restraint_makes_weights_smaller():
    strong, weak = (logistic(GIVEN, TRUE, restraint=one)[:-1] for one in (30.0, 0.5))
    assert np.linalg.norm(strong) < np.linalg.norm(weak)


@pytest.mark.parametrize("given", [True, False])
def test_examples_of_one_kind_alone_are_no_error(given: bool):
    found = logistic(GIVEN, np.full(len(GIVEN), given), restraint=0.5)
    assert np.isfinite(found).all()
    assert bool(found[-1] > 5) is given
