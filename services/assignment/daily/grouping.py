"""Cases that the same persons may take, as one group of work."""

from dataclasses import dataclass

import numpy as np

from services.assignment.problem import NOBODY, Flags, Ints, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Who may take the cases of a group (g, m), and the group of each case (n)."""

    may: Flags
    group_of: Ints


def grouped(rows: Flags) -> Groups:
    """Return groups of equal rows (n, m)."""
    packed = np.packbits(rows, axis=1)
    _, firsts, group_of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return Groups(rows[firsts], group_of.reshape(-1))


def allowed(problem: Problem) -> Groups:
    """Return who may take each case: eligible, there, not excluded, and the pinned one alone.

    Only classes and cases with a rule of their own are looked at one by one.
    """
    own = np.union1d(list(problem.excluded), np.flatnonzero(problem.pinned != NOBODY))
    own = own.astype(np.int64)
    by_class = problem.eligible & (problem.capacity > 0)
    rows = by_class[problem.class_of[own]]
    for row, case in enumerate(own.tolist()):
        rows[row, list(problem.excluded.get(case, ()))] = False
        if problem.pinned[case] != NOBODY:
            rows[row] &= np.arange(len(problem.staff)) == problem.pinned[case]
    groups = grouped(np.concatenate([by_class, rows]))
    group_of = groups.group_of[problem.class_of]
    group_of[own] = groups.group_of[len(by_class) :]
    return Groups(groups.may, group_of)
