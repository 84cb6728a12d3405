"""Better plans by small exchanges: between two persons, along a chain of persons, around a circle.

Everything is weighed in one figure: the price of the arcs plus what the loads cost. Each step
makes it smaller, so the search ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.assignment.problem import Ints
from services.assignment.rules.transfers import NEVER, Transfers

Floats = NDArray[np.float64]
Weigh = Callable[[Ints], Floats]
"""From loads (…, m) to what they cost (…, m)."""
GAIN = 1e-6
PAIR = 2
MOST_ROUNDS = 30
"""After so many rounds what is left is little, and other ways find it faster."""
LONGEST = 5
"""So many exchanges at most in a chain or circle."""


@dataclass(frozen=True, slots=True)
class Step:
    """An exchange of a size (by its number) along persons; a circle ends where it began."""

    gain: float
    size: int
    persons: tuple[int, ...]


def polish(transfers: Transfers, weigh: Weigh, going: Callable[[], bool]) -> None:
    """Improve the plan until nothing is found, 30 times at most, and only while `going`."""
    for _ in range(MOST_ROUNDS if len(transfers.giver) else 0):
        if not going():
            return
        if not (_round(transfers, weigh, _pairs) or _round(transfers, weigh, _chains)):
            return


def _round(
    transfers: Transfers,
    weigh: Weigh,
    look: Callable[[Transfers, Floats, Floats], Iterator[Step]],
) -> bool:
    """Do the best steps that concern different persons; tell whether to look again."""
    loads, sizes = transfers.loads, transfers.ways.sizes[:, None]
    now = weigh(loads)
    give, take = (weigh(loads - sizes) - now).T, (weigh(loads + sizes) - now).T
    touched = np.zeros(len(loads), np.bool_)
    changed = False
    for step in look(transfers, give, take):
        if touched[list(step.persons)].any():
            continue
        if _do(transfers, weigh, step):
            touched[list(step.persons)] = changed = True
        elif len(step.persons) == PAIR:
            transfers.forbid(step.persons[0], step.persons[1], step.size)
            changed = True
    transfers.refresh(touched)
    return changed


def _do(transfers: Transfers, weigh: Weigh, step: Step) -> bool:
    """Do a step if all its cases are there and it is as good as it looked."""
    cases = []
    for giver, taker in zip(step.persons, step.persons[1:], strict=False):
        cases += transfers.way(giver, taker, step.size)
    who = np.array(sorted(set(step.persons)))
    before = float(weigh(transfers.loads)[who].sum())
    if not transfers.hand_over(cases):
        return False
    price = sum(int(transfers.price[goal] - transfers.price[source]) for source, goal in cases)
    after = float(weigh(transfers.loads)[who].sum())
    if after - before + price > -GAIN:
        transfers.hand_over([(goal, source) for source, goal in reversed(cases)])
        return False
    return True


def _pairs(transfers: Transfers, give: Floats, take: Floats) -> Iterator[Step]:
    """Yield the best exchange of each pair, the best first."""
    giver, taker = transfers.giver, transfers.taker
    change = transfers.cost + give[giver] + take[taker]
    size = change.argmin(axis=1)
    best = change[np.arange(len(giver)), size]
    for one in np.argsort(best, kind="stable"):
        if best[one] > -GAIN:
            return
        yield Step(float(best[one]), int(size[one]), (int(giver[one]), int(taker[one])))


def _chains(transfers: Transfers, give: Floats, take: Floats) -> Iterator[Step]:
    """Yield chains that bring one size from the first to the last person, and circles."""
    found = [*_ended(transfers, give, take), *_circles(transfers)]
    yield from sorted(found, key=lambda step: (step.gain, step.persons, step.size))


def _ended(transfers: Transfers, give: Floats, take: Floats) -> Iterator[Step]:
    """Yield for each last person and size the best chain of two to `LONGEST` exchanges."""
    labels = [give]
    parents: list[Ints] = []
    for _ in range(LONGEST):
        label, parent = _relaxed(transfers, labels[-1])
        labels.append(label)
        parents.append(parent)
    totals = np.stack(labels[1:]) + take
    length = totals.argmin(axis=0)
    best = totals.min(axis=0)
    for last, size in zip(*np.nonzero(best < -GAIN), strict=True):
        persons = [int(last)]
        for parent in parents[length[last, size] :: -1]:
            persons.append(int(transfers.giver[parent[persons[-1], size]]))
        if len(set(persons)) == len(persons):
            yield Step(float(best[last, size]), int(size), tuple(reversed(persons)))


def _relaxed(transfers: Transfers, label: Floats) -> tuple[Floats, Ints]:
    """Return for each person and size the cheapest way to get there, and the pair it comes by."""
    giver, taker = transfers.giver, transfers.taker
    reached = transfers.cost + label[giver]
    starts = np.flatnonzero(np.append(True, taker[1:] != taker[:-1]))
    least = np.full(label.shape, float(NEVER))
    least[taker[starts]] = np.minimum.reduceat(reached, starts, axis=0)
    hit = reached <= least[taker]
    parent = np.zeros(label.shape, np.int64)
    pair, size = np.nonzero(hit)
    parent[taker[pair], size] = pair
    return least, parent


def _circles(transfers: Transfers) -> Iterator[Step]:
    """Yield circles of exchanges of one size that cost less than nothing."""
    label = np.zeros((len(transfers.loads), len(transfers.ways.sizes)))
    came = np.full(label.shape, -1)
    for _ in range(LONGEST):
        reached, parent = _relaxed(transfers, label)
        better = reached < label - GAIN
        label = np.where(better, reached, label)
        came = np.where(better, transfers.giver[parent], came)
    for size in range(label.shape[1]):
        yield from _circles_of(came[:, size], size)


def _circles_of(came: Ints, size: int) -> Iterator[Step]:
    """Yield the circles among the predecessors of one size."""
    seen = np.full(len(came), -1)
    for start in range(len(came)):
        at, path = start, []
        while at >= 0 and seen[at] < 0:
            seen[at] = start
            path.append(at)
            at = int(came[at])
        if at >= 0 and seen[at] == start and at in path:
            circle = path[path.index(at) :]
            yield Step(-GAIN * 2, size, (*reversed(circle), circle[-1]))
