"""Whether indivisible cases fit below counts and capacities: an exact search for small teams."""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.flow import Flow
from services.assignment.daily.grouping import grouped
from services.assignment.problem import Flags, Ints

FREE = 1 << 40
"""A count or room that limits nobody."""
MOST_NODES = 20_000
MOST_SEARCHED = 300
"""Cases; more are not searched through."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Cases (c) that shall all be placed.

    Attributes:
        may: who may take each (c, m).
        effort: units each costs everybody (c, m).
        most: so many cases for everybody (m), or `FREE`.
        room: units left for everybody (m), or `FREE`; below 0 if there is an overload already.
    """

    may: Flags
    effort: Ints
    most: Ints
    room: Ints


def can_be_placed(question: Question) -> bool | None:
    """Return whether all cases fit; None if that was not found out."""
    may = question.may & (question.effort <= np.maximum(question.room, 0))
    if not may.any(axis=1).all():
        return False
    bound = ~(may & (question.most >= FREE) & (question.room >= FREE)).any(axis=1)
    may, effort = may[bound], question.effort[bound]
    if not len(may):
        return True
    ones = np.ones(len(may), np.int64)
    if not _fits_divided(may, ones, np.minimum(question.most, len(may))):
        return False
    most = np.iinfo(np.int64).max
    least = np.where(may, effort, most).min(axis=1)
    room = np.clip(question.room, 0, int(effort.sum()))
    if not _fits_divided(may, least, room):
        return False
    if (question.room >= FREE).all():
        return True
    return _Search(may, effort, question).found()


def _fits_divided(may: Flags, units: Ints, limits: Ints) -> bool:
    """Return whether divisible cases fit; for whole ones and counts that is exact."""
    groups = grouped(may)
    demand = np.bincount(groups.group_of, units, len(groups.may)).astype(np.int64)
    return Flow(demand, limits, groups.may).fits


class _Search:
    """Tries persons case by case, the hardest case first, and forgets no dead end."""

    def __init__(self, may: Flags, effort: Ints, question: Question) -> None:
        order = np.lexsort((-effort.max(axis=1), may.sum(axis=1)))
        self.who = [np.flatnonzero(row).tolist() for row in may[order]]
        self.effort: list[list[int]] = effort[order].tolist()
        self.most: list[int] = question.most.tolist()
        self.room: list[int] = question.room.tolist()
        self.dead: set[tuple[int, ...]] = set()
        self.nodes = MOST_NODES

    def found(self) -> bool | None:
        if len(self.who) > MOST_SEARCHED:
            return None
        found = self._from(0)
        return None if not found and self.nodes <= 0 else found

    def _from(self, case: int) -> bool:
        if case == len(self.who):
            return True
        state = (case, *self.room, *self.most)
        if state in self.dead or self.nodes <= 0:
            return False
        self.nodes -= 1
        for person in sorted(self.who[case], key=lambda one: -self.room[one]):
            effort = self.effort[case][person]
            if self.most[person] > 0 and effort <= max(self.room[person], 0):
                self._take(person, effort, 1)
                if self._from(case + 1):
                    return True
                self._take(person, -effort, -1)
        self.dead.add(state)
        return False

    def _take(self, person: int, effort: int, number: int) -> None:
        if self.room[person] < FREE // 2:
            self.room[person] -= effort
        if self.most[person] < FREE // 2:
            self.most[person] -= number
