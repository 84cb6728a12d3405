"""The fairest loads if cases were divisible, and with them the least possible maximum.

The minimiser of the sum of load²/capacity is found by splitting: give everybody of a set the set's
mean utilisation. If the work fits, that is fairest. If not, the smallest cut parts those who must
bear more from those who then bear less, and each part is looked at alone (Fujishige's
decomposition; every cut is one maximum flow).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.assignment.checking.flow import Floats, Flow
from services.assignment.checking.work import Work
from services.assignment.problem import Flags, Ints

SECONDS = 60


@dataclass(frozen=True)
class Fairest:
    """Loads of the divisible optimum (m), in units, and its maximum utilisation.

    `highest` is a proof: a set of work that only these persons may do, over their capacity,
    computed in whole numbers.
    """

    loads: Floats
    highest: float
    bottleneck: Flags
    """The persons of the highest set (m)."""


def fairest(work: Work, capacity: Ints, load: Ints) -> Fairest:
    """Return the fairest loads for groups of divisible work and what persons bear already."""
    m = len(capacity)
    own = np.eye(m, dtype=bool)[load > 0]  # what somebody bears already is work only they may do
    demand = np.concatenate([work.demand, load[load > 0]])
    may = np.concatenate([work.may, own]) if len(work.may) else own
    loads, highest, bottleneck = np.zeros(m), 0.0, np.zeros(m, bool)
    for groups, persons in _levels(demand, may, capacity):
        ratio = int(demand[groups].sum()) / int(capacity[persons].sum())
        loads[persons] = ratio * capacity[persons]
        if ratio > highest:
            highest, bottleneck = ratio, persons
    return Fairest(loads, highest, bottleneck)


def _levels(demand: Ints, may: Flags, capacity: Ints) -> Iterator[tuple[Flags, Flags]]:
    """Yield sets of groups and persons that share one utilisation in the fairest loads."""
    waiting = [(np.ones(len(demand), bool), capacity > 0)]
    while waiting:
        groups, persons = waiting.pop()
        if not persons.any():
            continue
        split = _split(demand, may, capacity, groups, persons)
        if split is None:
            yield groups, persons
        else:
            high_groups, high_persons = split
            waiting.append((groups & ~high_groups, persons & ~high_persons))
            waiting.append(split)


def _split(
    demand: Ints, may: Flags, capacity: Ints, groups: Flags, persons: Flags
) -> tuple[Flags, Flags] | None:
    """Return the part of a set that must bear more than its mean; None if nobody must."""
    work, room = int(demand[groups].sum()), int(capacity[persons].sum())
    inside = may[np.ix_(groups, persons)]
    limits: Floats = capacity[persons] * np.float64(work / room)
    flow = Flow(demand[groups].astype(float), limits, inside)
    if not flow.unserved.any():
        return None
    tight_groups, tight_persons = flow.tight()
    high_groups, high_persons = groups.copy(), persons.copy()
    high_groups[groups] = tight_groups
    high_persons[persons] = tight_persons
    more, narrow = int(demand[high_groups].sum()), int(capacity[high_persons].sum())
    if high_persons.sum() == persons.sum() or more * room <= work * narrow:
        return None  # rounding alone
    return high_groups, high_persons


def in_seconds(loads: Floats, unit_minutes: int) -> Floats:
    """Return loads in whole seconds, as targets are compared."""
    return np.rint(loads * (unit_minutes * SECONDS))
