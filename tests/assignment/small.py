"""Small problems drawn by chance: some cases, three persons, everything the network knows."""

import numpy as np

from services.assignment.problem import NOBODY, Problem

EFFORTS = (1, 2, 3, 4, 6, 8, 12, 16, 24)


def drawn(seed: int, *, cases: int = 6, staff: int = 3, extras: bool = True) -> Problem:
    """Draw a problem; `extras`: exclusions, pins, previous persons and holders, too."""
    chance = np.random.default_rng(seed)
    classes = int(chance.integers(1, 5))
    eligible = chance.random((classes, staff)) < 0.7
    eligible[np.arange(classes), chance.integers(0, staff, classes)] = True
    effort = chance.choice(EFFORTS, classes)
    class_of = chance.integers(0, classes, cases)
    nobody = np.full(cases, NOBODY)
    anybody = chance.integers(0, staff, (3, cases))
    often = chance.random((4, cases)) < 0.2
    previous, holder, pinned = (
        np.where(often[row] & eligible[class_of, anybody[row]], anybody[row], nobody)
        if extras
        else nobody
        for row in range(3)
    )
    excluded = {
        case: frozenset({int(chance.integers(0, staff))})
        for case in np.flatnonzero(often[3] & (pinned == NOBODY)).tolist()
        if extras
    }
    return Problem(
        staff=tuple(f"s{one}" for one in range(staff)),
        cases=tuple(f"c{one}" for one in range(cases)),
        capacity=chance.integers(20, 60, staff),
        load=chance.integers(0, 15, staff),
        class_of=class_of,
        effort=np.broadcast_to(effort[:, None], (classes, staff)),
        cost=chance.integers(0, 9, (classes, staff)),
        eligible=eligible,
        previous=previous,
        continuity_cost=int(chance.integers(0, 9)),
        excluded=excluded,
        pinned=pinned,
        holder=holder,
    )
