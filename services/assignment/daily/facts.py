"""The facts of a problem that may stand against each other, one by one."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from services.assignment.problem import NOBODY, UNLIMITED, Problem


class Rule(IntEnum):
    """What a fact demands."""

    PLACED = 0
    """A case has a person."""
    ELIGIBLE = 1
    """Only those who are eligible for its class, and there, take a case."""
    EXCLUDED = 2
    """A person does not take a case."""
    PINNED = 3
    """A case stays with a person."""
    MOST_CASES = 4
    """A person has no more cases than agreed."""
    CAPACITY = 5
    """A person bears no more than a hard capacity."""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One demand: of a case, a person or both; `NOBODY` where it is of none."""

    rule: Rule
    case: int = NOBODY
    person: int = NOBODY


def facts_of(problem: Problem) -> list[Fact]:
    """Return all facts that could keep a case from being placed.

    Weeks and the number of moves are not among them: late work is possible, and shown.
    """
    numbers = range(len(problem.cases))
    facts = [Fact(Rule.PLACED, case) for case in numbers]
    facts += [Fact(Rule.ELIGIBLE, case) for case in numbers]
    facts += [
        Fact(Rule.EXCLUDED, case, person)
        for case, persons in sorted(problem.excluded.items())
        for person in sorted(persons)
    ]
    pinned = np.flatnonzero(problem.pinned != NOBODY).tolist()
    facts += [Fact(Rule.PINNED, case, int(problem.pinned[case])) for case in pinned]
    limited = np.flatnonzero(problem.most_cases != UNLIMITED).tolist()
    facts += [Fact(Rule.MOST_CASES, person=person) for person in limited]
    if problem.hard_capacity:
        facts += [Fact(Rule.CAPACITY, person=one) for one in range(len(problem.staff))]
    return facts
