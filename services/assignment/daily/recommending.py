"""Who should take one new case: a short list with what each would mean, and why nobody else.

No other case changes its person. If the first proposal would set a new highest utilisation, one
case of that person may be offered to somebody else instead, as a proposal only.
"""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.changes import has_room, options, within_moves
from services.assignment.daily.explaining import Explanation, explain
from services.assignment.daily.incoming import Incoming
from services.assignment.daily.ranking import keys, ranked
from services.assignment.daily.standing import Standing

MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One person who could take the case.

    Attributes:
        person: number of the person.
        late: units that would be late in addition.
        highest: highest utilisation of the team afterwards.
        increase: of the sum of load²/capacity, in units.
        cost: travel and continuity.
    """

    person: int
    late: int
    highest: float
    increase: float
    cost: int


@dataclass(frozen=True, slots=True)
class Repair:
    """The first takes the new case and gives one of theirs away.

    Attributes:
        case: the case given away.
        taker: who would take it.
        highest: highest utilisation of the team after both.
        cost: of the new case, and what the other costs more than now.
    """

    case: int
    taker: int
    highest: float
    cost: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The best rows, first the best; what is to be said of everybody; perhaps a repair."""

    rows: tuple[Row, ...]
    explanation: Explanation
    repair: Repair | None


def recommend(standing: Standing, case: Incoming, *, most: int = MOST_ROWS) -> Recommendation:
    """Return who should take a case, at most so many; no rows if nobody can."""
    found, against = keys(standing, case), standing.against(case)
    order = ranked(found, against)[:most].tolist()
    columns = [column[order].tolist() for column in found.columns()]
    rows = tuple(Row(*row) for row in zip(order, *columns, strict=True))
    explanation = explain(standing, case, found, against)
    return Recommendation(rows, explanation, _repair(standing, case, rows[0]) if rows else None)


def _repair(standing: Standing, case: Incoming, first: Row) -> Repair | None:
    """Return the case whose leaving makes up most for the new one; None if that was no need."""
    if first.highest <= standing.highest:
        return None
    giver, ways = first.person, options(standing, first.person)
    loads = standing.loads.copy()
    loads[giver] += case.effort[giver]
    left = standing.share(giver, loads[giver] - ways.effort[:, giver])
    highest = np.maximum(standing.divided(loads + ways.effort), left[:, None])
    loads[giver] = 0
    highest = np.maximum(highest, standing.highest_of(loads))
    allowed = ways.may & has_room(standing, ways.effort) & within_moves(standing, ways.moves)
    highest[~allowed | (ways.late > 0)] = np.inf
    best = highest.min(initial=np.inf)
    if not best < first.highest:
        return None
    rows, takers = np.nonzero(highest == best)
    costs = ways.cost[rows, takers]
    chosen = int(costs.argmin())
    row, taker = int(rows[chosen]), int(takers[chosen])
    return Repair(int(ways.cases[row]), taker, float(best), first.cost + int(costs[chosen]))
