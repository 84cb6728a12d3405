"""The best single change of a plan: one case given away, or two persons' cases exchanged."""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.changes import Options, has_room, within_moves
from services.assignment.daily.standing import Floats, Standing
from services.assignment.problem import UNLIMITED, Flags, Ints

Gain = tuple[float, float, float, float]
"""By how much late units, highest utilisation, seconds from the fair loads and cost grow for each
case that moves: less is better, in this order."""
NOTHING: Gain = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Change:
    """Cases with from whom and to whom; by how many units and how much cost the plan grows."""

    moves: tuple[tuple[int, int, int], ...]
    gain: Gain
    late: int
    cost: int


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Possible changes: what to name them by (two columns) and how the levels grow with each."""

    names: tuple[Ints, Ints]
    late: Ints
    highest: Floats
    away: Ints
    cost: Ints

    def best(self, moves: int) -> tuple[int, Gain] | None:
        """Return which of them helps most, and how much; None if none helps."""
        if not len(self.cost):
            return None
        among = np.arange(len(self.cost))
        columns = (self.late, self.highest, self.away, self.cost)
        for column in columns:
            values = column[among]
            among = among[values == values[values.argmin()]]
        late, highest, away, cost = (float(column[among[0]]) / moves for column in columns)
        gain = late, highest, away, cost
        return (int(among[0]), gain) if gain < NOTHING else None


def give(standing: Standing, target: Ints, ways: Options) -> Change | None:
    """Return the best way to give one of a person's cases to somebody else, if one helps.

    `target` has the fair loads in seconds (m).
    """
    allowed = ways.may & has_room(standing, ways.effort) & within_moves(standing, ways.moves)
    rows, takers = np.nonzero(allowed)
    less, more = ways.effort[rows, ways.giver], ways.effort[rows, takers]
    growth = _Growth(standing, target)
    highest, away = growth.of(ways.giver, -less, takers, more)
    late = ways.late[rows, takers] - ways.relief[rows]
    found = _Found((rows, takers), late, highest, away, ways.cost[rows, takers])
    if (best := found.best(1)) is None:
        return None
    chosen, gain = best
    move = int(ways.cases[rows[chosen]]), ways.giver, int(takers[chosen])
    return Change((move,), gain, int(late[chosen]), int(found.cost[chosen]))


def exchange(standing: Standing, target: Ints, ways: Options, theirs: Options) -> Change | None:
    """Return the best exchange of two persons' cases without a week, if one helps."""
    mine = _exchangeable(standing, ways, theirs.giver)
    other = _exchangeable(standing, theirs, ways.giver)
    lines, columns = np.meshgrid(mine, other, indexing="ij")
    moves = ways.moves[lines, theirs.giver] + theirs.moves[columns, ways.giver]
    change = theirs.effort[columns, ways.giver] - ways.effort[lines, ways.giver]
    back = ways.effort[lines, theirs.giver] - theirs.effort[columns, theirs.giver]
    allowed = within_moves(standing, moves)
    allowed &= _bearable(standing, ways.giver, change) & _bearable(standing, theirs.giver, back)
    rows, others = lines[allowed], columns[allowed]
    growth = _Growth(standing, target)
    takers = np.full(len(rows), theirs.giver)
    highest, away = growth.of(ways.giver, change[allowed], takers, back[allowed])
    cost = ways.cost[rows, theirs.giver] + theirs.cost[others, ways.giver]
    found = _Found((rows, others), np.zeros(len(rows), np.int64), highest, away, cost)
    if (best := found.best(2)) is None:
        return None
    chosen, gain = best
    there = int(ways.cases[rows[chosen]]), ways.giver, theirs.giver
    here = int(theirs.cases[others[chosen]]), theirs.giver, ways.giver
    return Change((there, here), gain, 0, int(cost[chosen]))


def _exchangeable(standing: Standing, ways: Options, taker: int) -> Ints:
    undated = standing.problem.due[ways.cases] == UNLIMITED
    return np.flatnonzero(ways.may[:, taker] & (undated | (standing.weeks == 0)))


def _bearable(standing: Standing, person: int, change: Ints) -> Flags:
    """Return where a person stays within a hard capacity, or comes nearer to it."""
    after = standing.loads[person] + change
    fits: Flags = (after <= standing.problem.capacity[person]) | (change <= 0)
    return fits | (not standing.problem.hard_capacity)


class _Growth:
    """How highest utilisation and distance from the fair loads grow when two loads change."""

    def __init__(self, standing: Standing, target: Ints) -> None:
        self.standing, self.target = standing, target
        self.seconds = standing.problem.unit_minutes * 60

    def of(self, giver: int, change: Ints, takers: Ints, more: Ints) -> tuple[Floats, Ints]:
        """Return both for changes of the giver's load and, beside each, of a taker's (…)."""
        loads = self.standing.loads
        left, after = loads[giver] + change, loads[takers] + more
        highest = np.maximum(self._rest(giver, takers), self.standing.share(giver, left))
        shares = after / np.maximum(self.standing.problem.capacity[takers], 1)
        highest = np.maximum(highest, shares)
        away = self._away(left, giver) - self._away(loads[giver], giver)
        away = away + self._away(after, takers) - self._away(loads[takers], takers)
        grown: Floats = highest - self.standing.highest
        return grown, away

    def _rest(self, giver: int, takers: Ints) -> Floats:
        """Return the highest utilisation of all but the giver and each taker."""
        share = self.standing.utilisation(self.standing.loads)
        share[giver] = 0.0
        first = int(share.argmax())
        highest = share[first]
        share[first] = 0.0
        rest: Floats = np.where(takers == first, share.max(initial=0.0), highest)
        return rest

    def _away(self, loads: Ints, who: Ints | int) -> Ints:
        away: Ints = np.abs(loads * self.seconds - self.target[who])
        return away
