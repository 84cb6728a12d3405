"""Why not all cases can be placed: a smallest set of facts, and what is the least to change.

The set is found by leaving facts out as long as the rest still cannot hold together; a fact stays
only if without it everything could. So nothing in it is beside the point.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from services.assignment.daily.facts import Fact, Rule, facts_of
from services.assignment.daily.possible import Oracle, hold_together
from services.assignment.problem import Problem

ORDER = (Rule.MOST_CASES, Rule.CAPACITY, Rule.PINNED, Rule.PLACED)
"""What is rather changed, first; nobody is asked to lift an exclusion or a qualification."""
LIMITS = {Rule.MOST_CASES, Rule.CAPACITY}
MOST_WORK = 2_000_000
"""So many facts are looked at, over all questions; what is left then may not be smallest."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change of one fact that ends a conflict.

    Attributes:
        fact: what is changed: a limit raised, a pin lifted, a case left unplaced.
        amount: cases or minutes more; 0 where there is nothing to count.
        enough: whether all cases can be placed then. If not, or if that was not found out, the
            amount ends this conflict, and others are left.
    """

    fact: Fact
    amount: int
    enough: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that cannot hold together.

    Attributes:
        facts: they; without any one of them the others can.
        smallest: False if a fact may be beside the point, because a search gave up.
        relaxations: the nearest ways out, best first.
    """

    facts: tuple[Fact, ...]
    smallest: bool
    relaxations: tuple[Relaxation, ...]


class Holds(Protocol):
    """Says whether facts hold together, with limits raised by so much; None if not known."""

    def __call__(
        self, some: Sequence[Fact], more: Mapping[Fact, int] | None = None, /
    ) -> bool | None: ...


def find_conflict(problem: Problem, oracle: Oracle | None = None) -> Conflict | None:
    """Return why not all cases can be placed, or None if nothing is known against it.

    Exact without hard capacities, and with them for small teams; `oracle` is asked where the own
    search gives up.
    """
    facts = facts_of(problem)

    def holds(some: Sequence[Fact], more: Mapping[Fact, int] | None = None) -> bool | None:
        return hold_together(problem, some, oracle, more)

    if holds(facts) is not False:
        return None
    left, smallest = _shrunk(facts, holds)
    enough = len(facts) * int(problem.effort.max(initial=1)) + int(problem.load.sum())
    found = [_way_out(facts, left, fact, enough, holds) for fact in left if fact.rule in ORDER]
    ways = [_in_minutes(way, problem.unit_minutes) for way in found if way is not None]
    ways.sort(key=lambda way: (not way.enough, ORDER.index(way.fact.rule), way.amount, way.fact))
    return Conflict(tuple(left), smallest, tuple(ways))


def _shrunk(facts: list[Fact], holds: Holds) -> tuple[list[Fact], bool]:
    """Leave out facts in ever smaller blocks; return the rest, and whether all answers came."""
    sure, size, work = True, max(1, len(facts) // 2), MOST_WORK
    while True:
        start = 0
        while start < len(facts):
            rest = facts[:start] + facts[start + size :]
            answer, work = (holds(rest), work - len(rest)) if work > 0 else (None, 0)
            if answer is False:
                facts = rest
            else:
                sure &= answer is not None or size > 1
                start += size
        if size == 1:
            return facts, sure
        size //= 2


def _way_out(
    facts: list[Fact], conflict: list[Fact], fact: Fact, enough: int, holds: Holds
) -> Relaxation | None:
    """Return by how much a fact must give way: for everything, else for this conflict alone."""
    if fact.rule not in LIMITS:
        return Relaxation(fact, 0, holds([one for one in facts if one != fact]) is True)
    for whole, among in ((True, facts), (False, conflict)):
        amount = _least(fact, among, enough, holds)
        if amount is not None:
            return Relaxation(fact, amount, whole)
    return None


def _least(fact: Fact, among: list[Fact], enough: int, holds: Holds) -> int | None:
    """Return the least amount more with which facts hold together, at most `enough`."""
    low, high = 0, enough
    if holds(among, {fact: high}) is not True:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        fits = holds(among, {fact: middle}) is True
        low, high = (low, middle) if fits else (middle, high)
    return high


def _in_minutes(way: Relaxation, unit_minutes: int) -> Relaxation:
    if way.fact.rule is Rule.CAPACITY:
        return replace(way, amount=way.amount * unit_minutes)
    return way
