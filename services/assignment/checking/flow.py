"""How much divisible work fits below given limits (maximum flow), by Dinic's method.

Groups of cases stand on the left, persons on the right; who may do a group's work is a row of
flags. Made for few groups and many persons: rows are numpy arrays, ways are followed in Python.
"""

import numpy as np
from numpy.typing import NDArray

from services.assignment.problem import Flags, Ints

Floats = NDArray[np.float64]
FAR = 1 << 30
TINY = 1e-12
"""Part of the whole work that counts as nothing."""


class Flow:
    """Work on its way: `sent` (g, m) in units of effort, below the persons' limits.

    Args:
        demand: work of each group (g), from 0.
        limits: what each person may bear (m), from 0.
        may: whether a person may do a group's work (g, m).
    """

    def __init__(self, demand: Floats, limits: Floats, may: Flags) -> None:
        self.may = may
        self.sent = np.zeros(may.shape)
        self.left = demand.astype(float)
        self.room = limits.astype(float)
        self.nothing = TINY * max(1.0, float(demand.sum()), float(limits.sum()))
        self._begin()
        while self._distances():
            self._improve()

    @property
    def shortage(self) -> float:
        """Return the work for which there is no room."""
        return float(self.left.sum()) if self.unserved.any() else 0.0

    @property
    def unserved(self) -> Flags:
        return self.left > self.nothing

    def tight(self) -> tuple[Flags, Flags]:
        """Return a smallest cut: groups and persons reached from work that found no room."""
        return self.group_distance < FAR, self.person_distance < FAR

    def _begin(self) -> None:
        """Fill each group in turn, those that few may do first, in proportion to the room."""
        for group in np.argsort(self.may.sum(axis=1), kind="stable"):
            room = np.where(self.may[group], self.room, 0.0)
            total = room.sum()
            if total > self.nothing:
                share = room * min(1.0, self.left[group] / total)
                self.sent[group] = share
                self.room -= share
                self.left[group] -= share.sum()
        np.maximum(self.room, 0.0, out=self.room)

    def _distances(self) -> bool:
        """Find how far each node is from unserved work; return whether there is room anywhere."""
        groups, persons = np.full(len(self.left), FAR), np.full(len(self.room), FAR)
        front, distance, found = self.unserved, 0, False
        groups[front] = 0
        while front.any() and not found:
            reached = self.may[front].any(axis=0) & (persons == FAR)
            persons[reached] = distance + 1
            found = bool((self.room[reached] > self.nothing).any())
            front = (self.sent[:, reached] > self.nothing).any(axis=1) & (groups == FAR)
            distance += 2
            groups[front] = distance
        self.group_distance, self.person_distance = groups, persons
        return found

    def _improve(self) -> None:
        """Send work along shortest ways until none is left (a blocking flow)."""
        self.onward: dict[tuple[bool, int], list[int]] = {}
        for group in np.flatnonzero(self.unserved).tolist():
            while self.left[group] > self.nothing and (way := self._way(group)):
                self._send(way)

    def _way(self, group: int) -> list[int]:
        """Return a way from a group to somebody with room: group, person, group, person ….

        Nothing is returned if there is none; dead ends are not tried again.
        """
        way, ahead = [group], [self._ahead(group, person=False)]
        while way:
            person = len(way) % 2 == 0
            if person and self.room[way[-1]] > self.nothing:
                return way
            if ahead[-1]:
                way.append(ahead[-1][-1])
                ahead.append(self._ahead(way[-1], person=not person))
                continue
            way.pop()
            ahead.pop()
            if ahead:
                ahead[-1].pop()
        return []

    def _ahead(self, node: int, *, person: bool) -> list[int]:
        """Return where work can go from a node, one step nearer to room; used up from the end."""
        ways = self.onward.get((person, node))
        if ways is None:
            if person:
                near = self.group_distance == self.person_distance[node] + 1
                ways = np.flatnonzero((self.sent[:, node] > self.nothing) & near).tolist()
            else:
                near = self.person_distance == self.group_distance[node] + 1
                ways = np.flatnonzero(self.may[node] & near).tolist()
            self.onward[person, node] = ways
        while person and ways and self.sent[ways[-1], node] <= self.nothing:
            ways.pop()
        return ways

    def _send(self, way: list[int]) -> None:
        """Send as much as possible along a way: each person on it gives work to the next one."""
        groups, persons = way[::2], way[1::2]
        amount = min(self.left[groups[0]], self.room[persons[-1]])
        given = list(zip(groups[1:], persons, strict=False))
        amount = min([amount, *(self.sent[pair] for pair in given)])
        for pair in zip(groups, persons, strict=True):
            self.sent[pair] += amount
        for pair in given:
            self.sent[pair] -= amount
        self.left[groups[0]] -= amount
        self.room[persons[-1]] -= amount


def shortage(demand: Ints, limits: Ints, may: Flags) -> float:
    """Return how much of some divisible work exceeds the persons' limits, at best."""
    return Flow(demand.astype(float), np.maximum(limits, 0).astype(float), may).shortage
