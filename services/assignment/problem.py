"""An assignment problem in numbers: who may take which case, for how much effort and at what cost.

Efforts, capacities and loads are whole units of `unit_minutes` (15 minutes). Cases that are alike
share a class, so that 100,000 cases are a few thousand classes. Persons and cases are numbered
from 0 in the order of `staff` and `cases`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOBODY = -1
UNLIMITED = -1
LEFT_OUT: Ints = np.empty(0, np.int64)
NO_EXCLUSIONS: Mapping[int, frozenset[int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Cases to be placed with persons; shapes: n cases, k classes, m persons, w weeks.

    Attributes:
        staff: ids of the persons (m).
        cases: ids of the cases (n).
        capacity: what a person can bear, in units (m).
        load: what a person bears already, in units (m); not movable here.
        class_of: class of each case (n).
        effort: units that a case of the class costs a person (k, m); may be a broadcast view.
        cost: travel of a person to a case of the class (k, m).
        eligible: whether a person may take a case of the class at all (k, m).
        previous: who knew the client before (n); `NOBODY` if none.
        continuity_cost: added when somebody else than `previous` takes a case.
        excluded: by case, persons who must not take it.
        pinned: who has the case and keeps it (n); `NOBODY` if free.
        holder: who has the case now and may lose it (n); `NOBODY` if new. Giving it to somebody
            else is a move.
        most_moves: so many moves at most; `UNLIMITED` if any number.
        most_cases: so many cases of this problem at most for a person (m); `UNLIMITED` entries.
        due: week by whose end a case must be done (n), from 0; `UNLIMITED` if none.
        capacity_until: units a person can work until the end of each week (m, w); w may be 0.
        hard_capacity: a load above the capacity is forbidden; a case that would need one is left
            unplaced. Otherwise an overload is possible, and shown.
        unit_minutes: minutes of one unit.
    """

    staff: tuple[str, ...]
    cases: tuple[str, ...]
    capacity: Ints
    load: Ints
    class_of: Ints
    effort: Ints
    cost: Ints
    eligible: Flags
    previous: Ints
    continuity_cost: int = 0
    excluded: Mapping[int, frozenset[int]] = field(default_factory=lambda: NO_EXCLUSIONS)
    pinned: Ints = field(default_factory=lambda: LEFT_OUT)
    holder: Ints = field(default_factory=lambda: LEFT_OUT)
    most_moves: int = UNLIMITED
    most_cases: Ints = field(default_factory=lambda: LEFT_OUT)
    due: Ints = field(default_factory=lambda: LEFT_OUT)
    capacity_until: Ints = field(default_factory=lambda: LEFT_OUT)
    hard_capacity: bool = False
    unit_minutes: int = 15

    def __post_init__(self) -> None:
        """Fill what was left out: nobody is pinned, nothing is due, no number is limited."""
        n, m = len(self.cases), len(self.staff)
        blanks = {
            "pinned": np.full(n, NOBODY),
            "holder": np.full(n, NOBODY),
            "most_cases": np.full(m, UNLIMITED),
            "due": np.full(n, UNLIMITED),
            "capacity_until": np.empty((m, 0), np.int64),
        }
        for name, blank in blanks.items():
            if getattr(self, name) is LEFT_OUT:
                object.__setattr__(self, name, blank)

    @property
    def same_for_all(self) -> bool:
        """Whether the effort of each class is the same for every person (a pure network)."""
        return bool((self.effort == self.effort[:, :1]).all())
