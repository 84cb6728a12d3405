"""How much work fits if it were divisible: a maximum flow in whole numbers, with its cut.

Groups of work stand on the left, persons on the right. Work that finds no room is led over
persons who can give other work away, along shortest ways, until there is none.
"""

import numpy as np

from services.assignment.problem import NOBODY, Flags, Ints


class Flow:
    """The most work that fits.

    Args:
        demand: units of each group (g), from 0.
        limits: units each person may get (m), from 0.
        may: who may get work of a group (g, m).

    Attributes:
        sent: units of each group with each person (g, m).
        left: units that found no room (g).
        room: units each person could still get (m).
        full_groups: groups whose work cannot be led to anybody with room (g).
        full_persons: persons whose work cannot be led to anybody with room (m).
    """

    def __init__(self, demand: Ints, limits: Ints, may: Flags) -> None:
        self.may = may
        self.sent: Ints = np.zeros(may.shape, np.int64)
        self.left, self.room = demand.astype(np.int64), limits.astype(np.int64)
        for group in np.argsort(may.sum(axis=1), kind="stable").tolist():
            self._fill(group)
        while self.left.any() and self._improve():
            pass
        self.full_groups, self.full_persons = self._full()

    @property
    def fits(self) -> bool:
        return not self.left.any()

    def _fill(self, group: int) -> None:
        """Spread a group over its persons in proportion to their room."""
        room = np.where(self.may[group], self.room, 0)
        total, left = int(room.sum()), int(self.left[group])
        if not total or not left:
            return
        share = np.floor(room * (min(1.0, left / total) * (1 - 1e-9))).astype(np.int64)
        rest = min(left, total) - int(share.sum())
        share += np.diff(np.minimum(np.cumsum(room - share), rest), prepend=0)
        self.sent[group] += share
        self.room -= share
        self.left[group] -= int(share.sum())

    def _improve(self) -> bool:
        """Lead work along the shortest ways to persons with room; return whether any went."""
        group_from = np.full(len(self.left), NOBODY)
        person_from = np.full(len(self.room), NOBODY)
        seen, front = self.left > 0, np.flatnonzero(self.left)
        while len(front):
            reached = self.may[front].any(axis=0) & (person_from == NOBODY)
            person_from[reached] = front[self.may[front][:, reached].argmax(axis=0)]
            found = np.flatnonzero(reached & (self.room > 0))
            if len(found):
                return sum(self._lead(one, group_from, person_from) for one in found.tolist()) > 0
            near = np.flatnonzero(reached)
            over = self.sent[:, near] > 0
            front = np.flatnonzero(over.any(axis=1) & ~seen)
            group_from[front] = near[over[front].argmax(axis=1)] if len(near) else NOBODY
            seen[front] = True
        return False

    def _lead(self, person: int, group_from: Ints, person_from: Ints) -> int:
        """Lead as much as possible along one way that ends at a person; return how much."""
        way, amount = [], int(self.room[person])
        while person != NOBODY:
            group = int(person_from[person])
            before = int(group_from[group])
            way.append((group, person, before))
            available = self.left[group] if before == NOBODY else self.sent[group, before]
            amount, person = min(amount, int(available)), before
        for group, taker, giver in way:
            self.sent[group, taker] += amount
            if giver == NOBODY:
                self.left[group] -= amount
            else:
                self.sent[group, giver] -= amount
        self.room[way[0][1]] -= amount
        return amount

    def _full(self) -> tuple[Flags, Flags]:
        persons: Flags = self.room <= 0
        while True:
            groups: Flags = ~np.logical_or.reduce(self.may & ~persons, axis=1)
            led = ((self.sent > 0) & ~groups[:, None]).any(axis=0)
            if not (persons & led).any():
                return groups, persons
            persons = persons & ~led
