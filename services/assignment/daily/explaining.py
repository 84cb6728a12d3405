"""Why somebody is not proposed first, and how much less they would have to bear to be."""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.barriers import Barrier, Codes
from services.assignment.daily.incoming import Incoming
from services.assignment.daily.ranking import Keys, ahead, behind, best, keys
from services.assignment.daily.standing import Standing
from services.assignment.problem import NOBODY, Flags, Ints

NEVER = -1


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What is to be said of everybody, for one case (m each).

    Attributes:
        codes: `Barrier` flags; 0 for who is proposed first.
        minutes: by so much the load would have to be lower to be proposed first, all else as it
            is; 0 for who is, `NEVER` where no lower load is enough.
    """

    codes: Codes
    minutes: Ints


def explain(standing: Standing, case: Incoming, found: Keys, against: Codes) -> Explanation:
    """Explain a ranking by its keys and barriers (m)."""
    lowering = _Lowering(standing, case, found, against)
    codes = against
    if lowering.first != NOBODY:
        codes = np.where(against == 0, behind(found, lowering.first), against)
    units = lowering.units()
    minutes = np.where(units == NEVER, NEVER, units * standing.problem.unit_minutes)
    return Explanation(codes, minutes)


class _Lowering:
    """By how many units less load each person becomes the first proposal.

    Being first is monotone: with a lower load of somebody their own keys fall or stay, and the
    others' never fall below theirs. So halving an interval finds the least difference. Only who
    alone has the highest utilisation changes the others' keys at all; everybody else is compared
    with the first as it stands.
    """

    def __init__(self, standing: Standing, case: Incoming, found: Keys, against: Codes) -> None:
        self.standing, self.case, self.found, self.against = standing, case, found, against
        self.first = best(found, against)
        self.possible: Flags = (against & ~np.uint16(Barrier.CAPACITY)) == 0
        share = standing.utilisation(standing.loads)
        self.top = int(share.argmax())
        self.without_top = float(np.delete(share, self.top).max(initial=0.0))
        self.alone = self.without_top < share[self.top]

    def units(self) -> Ints:
        """Return the least difference of everybody (m), or `NEVER`."""
        least = np.full(len(self.against), NEVER)
        who = np.flatnonzero(self.possible)
        if self.alone and self.possible[self.top]:
            who = who[who != self.top]
            least[self.top] = self._of_top()
        least[who] = self._of(who)
        if self.first != NOBODY:
            least[self.first] = 0
        return least

    def _of(self, who: Ints) -> Ints:
        high = self.standing.loads[who]
        low = np.full(len(who), -1)
        enough = self._first_with(who, high)
        while (high - low > 1).any():
            middle = (low + high) // 2
            fits = self._first_with(who, middle)
            low, high = np.where(fits, low, middle), np.where(fits, middle, high)
        return np.where(enough, high, NEVER)

    def _first_with(self, who: Ints, less: Ints) -> Flags:
        """Return who would be ahead of the first with so much less load each, one at a time."""
        loads = self.standing.loads.copy()
        loads[who] -= less
        fits: Flags = ~self._overfilled(loads)[who]
        if self.first == NOBODY:
            return fits
        own = keys(self.standing, self.case, loads)
        mine = tuple(column[who] for column in own.columns())
        rival = tuple(column[self.first] for column in self.found.columns())
        return fits & ahead(mine, rival, who < self.first)

    def _of_top(self) -> int:
        high, low = int(self.standing.loads[self.top]), -1
        if not self._top_is_first(high):
            return NEVER
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._top_is_first(middle) else (middle, high)
        return high

    def _top_is_first(self, less: int) -> bool:
        loads = self.standing.loads.copy()
        loads[self.top] -= less
        highest = self.standing.highest_of(loads)
        against = self.against.copy()
        against[self.top] = np.uint16(Barrier.CAPACITY) if self._overfilled(loads)[self.top] else 0
        return best(keys(self.standing, self.case, loads, highest), against) == self.top

    def _overfilled(self, loads: Ints) -> Flags:
        if self.standing.problem.hard_capacity:
            return self.standing.overfilled(self.case, loads)
        return np.zeros(len(loads), np.bool_)
