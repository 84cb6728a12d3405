"""What a unit of each person's room is worth, and with it a proven lower bound of the cost.

The linear relaxation is solved over few columns, to which the cheapest missing ones are added
until none is missing (column generation). At any multipliers of the capacities the cheapest
person for each case, each for himself, gives a bound (Lagrange); the best one is kept.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity

from services.assignment.problem import Flags, Ints
from services.assignment.rules.counting import Floats
from services.assignment.rules.tableau import Tableau

ROUNDS = 60
FIRST_COLUMNS = 4
"""Of each case: the cheapest, those of least effort, and those of both."""
NEW_COLUMNS = 2
TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Prices of the linear relaxation.

    Attributes:
        bound: no plan that places every case costs less.
        unit: price of one unit of each person's room (m).
        regret: what a person costs a case more than its best one, prices included (j, m);
            infinite where he may not take it.
    """

    bound: float
    unit: Floats
    regret: Floats


def prices_of(tableau: Tableau) -> Prices | None:
    """Return the prices of a tableau; None if not even divisible cases can all be placed."""
    if not tableau.allowed.any(axis=1).all():
        return None
    columns = _first_columns(tableau)
    unit, bound = np.zeros(len(tableau.room)), -np.inf
    unplaced = np.inf
    for _ in range(ROUNDS):
        value, capacity, case, unplaced = _relaxed(tableau, columns)
        found = _lagrange(tableau, capacity)
        if found > bound:
            unit, bound = capacity, found
        missing = _missing(tableau, columns, capacity, case)
        if not missing.any() or value - bound <= TOLERANCE * abs(value):
            break
        columns |= missing
    if unplaced > TOLERANCE:
        return None
    priced = _priced(tableau, unit)
    return Prices(bound, unit, priced - priced.min(axis=1, keepdims=True))


def _first_columns(tableau: Tableau) -> Flags:
    cost, effort = tableau.cost / tableau.cost.mean(), tableau.effort / tableau.effort.mean()
    columns = np.zeros(tableau.allowed.shape, np.bool_)
    for key in (cost, effort, cost + effort):
        columns |= _best(np.where(tableau.allowed, key, np.inf), FIRST_COLUMNS)
    return columns


def _best(key: Floats, number: int) -> Flags:
    """Return the smallest finite entries of each row."""
    number = min(number, key.shape[1])
    best = np.zeros(key.shape, np.bool_)
    np.put_along_axis(best, np.argpartition(key, number - 1, axis=1)[:, :number], True, axis=1)
    return best & np.isfinite(key)


def _relaxed(tableau: Tableau, columns: Flags) -> tuple[float, Floats, Floats, float]:
    """Solve the relaxation over some columns: value, prices of units and cases, cases left out."""
    case, person = np.nonzero(columns)
    cases, chosen = len(columns), len(case)
    place = csr_matrix((np.ones(chosen), (case, np.arange(chosen))), (cases, chosen))
    use = csr_matrix(
        (tableau.effort[case, person].astype(float), (person, np.arange(chosen))),
        (len(tableau.room), chosen),
    )
    dear = 20.0 * (tableau.cost.max() + 1)  # left out only where nothing else is possible
    solved = linprog(
        np.append(tableau.cost[case, person], np.full(cases, dear)),
        A_ub=hstack([use, csr_matrix((len(tableau.room), cases))], format="csr"),
        b_ub=tableau.room,
        A_eq=hstack([place, identity(cases)], format="csr"),
        b_eq=np.ones(cases),
        method="highs",
    )
    left_out = float(solved.x[chosen:].sum())
    return solved.fun, -solved.ineqlin.marginals, solved.eqlin.marginals, left_out


def _priced(tableau: Tableau, unit: Floats) -> Floats:
    return np.where(tableau.allowed, tableau.cost + unit * tableau.effort, np.inf)


def _lagrange(tableau: Tableau, unit: Floats) -> float:
    return float(_priced(tableau, unit).min(axis=1).sum() - unit @ tableau.room)


def _missing(tableau: Tableau, columns: Flags, unit: Floats, case: Floats) -> Flags:
    """Return columns that would lower the value, the best of each case."""
    reduced = _priced(tableau, unit) - case[:, None]
    wanted = np.where(columns | (reduced >= -TOLERANCE), np.inf, reduced)
    return _best(wanted, NEW_COLUMNS)


def cheap_columns(prices: Prices, share: float, beside: Ints | None = None) -> Flags:
    """Return the columns of least regret, `share` for each case, and those of a plan."""
    cases = len(prices.regret)
    rank = min(int(share * cases), prices.regret.size - 1)
    limit = np.partition(prices.regret, rank, axis=None)[rank]
    columns: Flags = (prices.regret <= limit) & np.isfinite(prices.regret)
    if beside is not None:
        columns[np.arange(cases), beside] = True
    return columns
