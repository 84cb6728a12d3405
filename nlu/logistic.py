"""Ridge logistic regression: how likely something is true, learned from examples of both."""

import numpy as np
from numpy.typing import NDArray

STEPS = 50
ENOUGH = 1e-8
"""Newton's steps: at most so many, or until one is so small."""
FREE = 1e-6
"""The bias is as good as free, yet it stays finite where all examples are of one kind."""


def logistic(
    given: NDArray[np.float64], true: NDArray[np.bool_], *, restraint: float
) -> NDArray[np.float64]:
    """Return weights and, last, the bias (Newton's method).

    Args:
        given: features, one row an example.
        true: what is to be foretold, one an example.
        restraint: strength of the pull of all weights towards zero (ridge).
    """
    extended = np.column_stack([given, np.ones(len(given))])
    pull = np.full(extended.shape[1], restraint)
    pull[-1] = FREE
    weights = np.zeros(extended.shape[1])
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-(extended @ weights)))
        slope = extended.T @ (said - true) + pull * weights
        curve = (extended * (said * (1 - said))[:, None]).T @ extended + np.diag(pull)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < ENOUGH:
            break
    return weights
