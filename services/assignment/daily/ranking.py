"""In which order persons are proposed for a case: what the team looks like with each of them.

The order follows the levels of a plan: least late, then the smallest highest utilisation, then
the smallest increase of the sum of load²/capacity, then the lowest cost; then the list of staff.
All comparisons are exact: they are between whole numbers, or quotients of them.
"""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.barriers import Barrier, Codes
from services.assignment.daily.incoming import Incoming
from services.assignment.daily.standing import Floats, Standing
from services.assignment.problem import NOBODY, Flags, Ints

STEPS = (Barrier.TOO_LATE, Barrier.FULLER, Barrier.LESS_EVEN, Barrier.DEARER)
"""Why somebody stands behind another, by the first of the keys that differs."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """By what persons are ranked for a case (m each); less is better, in this order.

    Attributes:
        late: units that would be late in addition.
        highest: highest utilisation of the team afterwards.
        increase: of the sum of load²/capacity, in units.
        cost: travel and continuity.
    """

    late: Ints
    highest: Floats
    increase: Floats
    cost: Ints

    def columns(self) -> tuple[Ints, Floats, Floats, Ints]:
        """Return the keys in their order."""
        return self.late, self.highest, self.increase, self.cost


def keys(
    standing: Standing, case: Incoming, loads: Ints | None = None, highest: float | None = None
) -> Keys:
    """Return the keys of everybody for a case, whether they may take it or not.

    With `loads` (m), as if everybody bore these; with `highest`, as if that were the highest
    utilisation.
    """
    loads = standing.loads if loads is None else loads
    highest = standing.highest if highest is None else highest
    after = np.maximum(highest, standing.divided(loads + case.effort))
    increase = standing.divided(case.effort * (2 * loads + case.effort))
    return Keys(standing.later(case.effort, case.due), after, increase, case.cost)


def ranked(found: Keys, against: Codes) -> Ints:
    """Return those without a barrier, best first."""
    free = np.flatnonzero(against == 0)
    order = np.lexsort([column[free] for column in reversed(found.columns())])
    chosen: Ints = free[order]
    return chosen


def best(found: Keys, against: Codes) -> int:
    """Return the first of `ranked`, or `NOBODY`; quicker."""
    among = np.flatnonzero(against == 0)
    for column in found.columns():
        if len(among) <= 1:
            break
        values = column[among]
        among = among[values == values[values.argmin()]]
    return int(among[0]) if len(among) else NOBODY


def behind(found: Keys, first: int) -> Codes:
    """Return for everybody why they stand behind the first (m)."""
    codes = np.full(len(found.late), Barrier.EQUAL, np.uint16)
    for column, step in zip(reversed(found.columns()), reversed(STEPS), strict=True):
        codes = np.where(column == column[first], codes, np.uint16(step))
    codes[first] = 0
    return codes


def ahead(columns: tuple[Ints | Floats, ...], rival: tuple[float, ...], ties: Flags) -> Flags:
    """Return where keys are smaller than a rival's; `ties` says who is ahead if all are equal."""
    found = ties
    for column, value in zip(reversed(columns), reversed(rival), strict=True):
        found = (column < value) | ((column == value) & found)
    return found
