"""Which part of a plan to solve anew: small, and such that something can be gained there.

What a plan costs above the bound is the regret of its cases and the worth of room left unused.
Persons are brought together who share such cases, and persons whom their cases would rather have.
"""

from dataclasses import dataclass

import numpy as np

from services.assignment.problem import Flags, Ints
from services.assignment.rules.counting import Floats
from services.assignment.rules.prices import Prices
from services.assignment.rules.tableau import Tableau

NEAR = 4
"""How many of a case's best persons may join it."""
WARMTH = 3.0
"""Regret at which a case's wish for a person counts a third, in units of the mean regret."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some rows of a tableau that some persons share out among themselves."""

    rows: Ints
    persons: Ints


def whole_persons(
    tableau: Tableau, prices: Prices, plan: Ints, number: int, draw: np.random.Generator
) -> Part:
    """Return all cases of a few persons who could help each other."""
    rows = np.arange(len(plan))
    regret = prices.regret[rows, plan]
    unused = prices.unit * (tableau.room - tableau.loads(plan))
    loss = np.bincount(plan, regret, len(unused)).astype(np.float64) + unused
    together = {int(draw.choice(len(loss), p=_shares(loss)))}
    mild = 1.0 + WARMTH * float(np.mean(regret))
    while len(together) < min(number, len(tableau.room)):
        theirs = np.flatnonzero(np.isin(plan, list(together)))
        wish = np.exp(-prices.regret[theirs] / mild).sum(axis=0) + unused / mild
        wish[list(together)] = 0.0
        together.add(int(draw.choice(len(wish), p=_shares(wish))))
    persons = np.array(sorted(together))
    return Part(np.flatnonzero(np.isin(plan, persons)), persons)


def regretted_cases(
    tableau: Tableau, prices: Prices, plan: Ints, number: int, draw: np.random.Generator
) -> Part:
    """Return cases of high regret and some of those with the persons they would rather have."""
    rows = np.arange(len(plan))
    regret = prices.regret[rows, plan]
    number = min(number, len(plan))
    worst = draw.choice(rows, number // 3, replace=False, p=_shares(regret))
    wanted = np.argsort(prices.regret[worst], axis=1)[:, :NEAR]
    near = np.isin(plan, wanted) & ~np.isin(rows, worst)
    others = np.flatnonzero(near)
    some = draw.permutation(others)[: number - len(worst)]
    return Part(np.sort(np.append(worst, some)), np.arange(len(tableau.room)))


def _shares(weight: Floats) -> Floats:
    """Return probabilities for weights; all have some."""
    some = weight + max(float(weight.mean()), 1e-9) * 0.1 + 1e-12
    shares: Floats = some / some.sum()
    return shares


def columns_of(prices: Prices, part: Part, plan: Ints, most: int) -> Flags:
    """Return the columns of a part: the best of each case, and the present one."""
    regret = prices.regret[np.ix_(part.rows, part.persons)]
    kept = min(most, len(part.persons))
    columns = np.zeros(regret.shape, np.bool_)
    best = np.argpartition(regret, kept - 1, axis=1)[:, :kept]
    np.put_along_axis(columns, best, True, axis=1)
    columns &= np.isfinite(regret)
    columns[np.arange(len(part.rows)), np.searchsorted(part.persons, plan[part.rows])] = True
    return columns
