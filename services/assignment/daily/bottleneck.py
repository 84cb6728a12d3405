"""What keeps the highest utilisation up: persons who bear work that nobody else may take.

If cases were divisible, the highest utilisation could not be below that of a set of persons with
the work only they may take. The largest such set, and what its cases have in common (a language,
a qualification, a district), is what a team lead can change something about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.assignment.daily.flow import Flow
from services.assignment.daily.grouping import allowed
from services.assignment.problem import Flags, Ints, Problem

Labels = Mapping[str, Sequence[str | None]]
"""By name of an attribute ("language"), its value for each class (k), or None."""
MOST_OF_IT = 0.5
"""From this share of the bound work on, an attribute is told."""


@dataclass(frozen=True, slots=True)
class Shared:
    """An attribute of the bound work: its share there, and of all work (0 to 1, by effort)."""

    name: str
    value: str
    of_bound: float
    of_all: float


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The largest set that sets the bound.

    Attributes:
        utilisation: what the highest utilisation cannot be below.
        persons: numbers of those in the set; everybody if work could be spread evenly.
        classes: classes of cases that nobody else may take, or not all of them.
        shared: what most of that work has in common and not all work has, most common first.
    """

    utilisation: float
    persons: tuple[int, ...]
    classes: tuple[int, ...]
    shared: tuple[Shared, ...]


def find_bottleneck(problem: Problem, labels: Labels | None = None) -> Bottleneck:
    """Return the bottleneck of a problem, whatever the plan.

    A case counts with the least effort it costs anybody who may take it; cases that nobody may
    take do not count.
    """
    work = _Work(problem)
    share, flow = work.least_share()
    persons = flow.full_persons & work.there
    bound = flow.full_groups[work.group_of] & work.placeable
    classes = np.unique(problem.class_of[bound])
    shared = _shared(problem.class_of, work.effort * work.placeable, bound, labels or {})
    return Bottleneck(
        float(share),
        tuple(np.flatnonzero(persons).tolist()),
        tuple(classes.tolist()),
        shared,
    )


class _Work:
    def __init__(self, problem: Problem) -> None:
        groups = allowed(problem)
        self.may, self.group_of = groups.may, groups.group_of
        self.there: Flags = problem.capacity > 0
        self.capacity: Ints = np.where(self.there, problem.capacity, 0)
        self.load: Ints = np.where(self.there, problem.load, 0)
        most = np.iinfo(np.int64).max
        efforts = np.where(problem.eligible & self.there, problem.effort, most).min(axis=1)
        self.wanted: Flags = np.logical_or.reduce(self.may, axis=1)
        self.placeable: Flags = self.wanted[self.group_of]
        self.effort: Ints = np.where(self.placeable, efforts[problem.class_of], 0)
        units = np.bincount(self.group_of, self.effort, len(self.may))
        self.demand: Ints = units.astype(np.int64)

    def least_share(self) -> tuple[Fraction, Flow]:
        """Return the least possible highest utilisation, and the flow at it.

        A share that is too small leaves a cut: persons whose own work needs a larger one.
        """
        shares = zip(self.load.tolist(), self.capacity.tolist(), strict=True)
        share = max((Fraction(load, room) for load, room in shares if room), default=Fraction(0))
        groups, persons = self.wanted, self.there
        while True:
            share = max(share, self._share(groups, persons))
            flow = self._flow(share)
            if flow.fits:
                return share, flow
            groups, persons = flow.full_groups, flow.full_persons & self.there

    def _share(self, groups: Flags, persons: Flags) -> Fraction:
        room = int(self.capacity[persons].sum())
        work = int(self.demand[groups].sum() + self.load[persons].sum())
        return Fraction(work, room) if room else Fraction(0)

    def _flow(self, share: Fraction) -> Flow:
        above, below = share.numerator, share.denominator
        return Flow(self.demand * below, self.capacity * above - self.load * below, self.may)


def _shared(class_of: Ints, effort: Ints, bound: Flags, labels: Labels) -> tuple[Shared, ...]:
    whole, part = max(1, int(effort.sum())), max(1, int(effort[bound].sum()))
    found = []
    for name, values in labels.items():
        for value in sorted({one for one in values if one is not None}):
            has = np.array([one == value for one in values], np.bool_)[class_of]
            of_bound = int(effort[has & bound].sum()) / part
            of_all = int(effort[has].sum()) / whole
            if of_bound >= MOST_OF_IT and of_bound > of_all:
                found.append(Shared(name, value, of_bound, of_all))
    return tuple(sorted(found, key=lambda one: (-one.of_bound, one.of_all, one.name)))
