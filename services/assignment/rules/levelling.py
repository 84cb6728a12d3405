"""The smallest possible maximum load where anybody may take anything (P||Cmax and Q||Cmax).

Largest first, then two persons at a time share out their cases anew: every sum that a choice of
these cases can have is a bit of a long number, and the one that levels both best is taken. It
ends at a lower bound (proven), or when the time is over.
"""

from dataclasses import dataclass

import numpy as np

from services.assignment.problem import Ints
from services.assignment.rules.watch import Watch

IDLE = 400
"""So many vain pairs in a row are met by a shake: a few cases change places at random."""
SHAKEN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Cases that anybody may take.

    Attributes:
        effort: units of each case (n).
        load: units each person bears already (m).
        capacity: units each person can bear; only the ratio of load to it counts (m).
    """

    effort: Ints
    load: Ints
    capacity: Ints

    def loads(self, plan: Ints) -> Ints:
        """Return the load of each person (m)."""
        taken = np.bincount(plan, self.effort, len(self.load))
        loads: Ints = self.load + taken.astype(np.int64)
        return loads

    def highest(self, plan: Ints) -> float:
        """Return the largest load / capacity."""
        return float((self.loads(plan) / self.capacity).max())


def lower_bound(shares: Shares) -> float:
    """Return a maximum utilisation that no plan is below.

    All work at the mean, the largest case with the roomiest person, and for equal persons: of the
    m * q + 1 largest cases, somebody has q + 1, at least the smallest of them.
    """
    work, capacity = int(shares.effort.sum()), shares.capacity
    order = np.argsort(shares.load / capacity)
    mean, room, filled = 0.0, 0, work
    for person in order:  # those who bear more than the mean already are out of it
        if room and filled / room <= shares.load[person] / capacity[person]:
            break
        room, filled = room + int(capacity[person]), filled + int(shares.load[person])
        mean = filled / room
    steps = _least_step(mean, shares)
    bounds = [steps, float((shares.load / capacity).max())]
    if len(shares.effort):
        bounds.append(float(((shares.load + shares.effort.max()) / capacity).min()))
    if (capacity == capacity[0]).all() and not shares.load.any():
        bounds.append(_pigeonholes(shares) / float(capacity[0]))
    return max(bounds)


def _least_step(mean: float, shares: Shares) -> float:
    """Return the smallest whole load / capacity at or above the mean."""
    whole = np.ceil(mean * shares.capacity - 1e-9)
    return float((whole / shares.capacity).min())


def _pigeonholes(shares: Shares) -> int:
    sorted_down = np.sort(shares.effort)[::-1]
    persons = len(shares.load)
    most = 0
    for each in range(1, (len(sorted_down) - 1) // persons + 1):
        smallest = sorted_down[each * persons - each : each * persons + 1]
        most = max(most, int(smallest.sum()))
    return most


def largest_first(shares: Shares) -> Ints:
    """Return the plan that gives each case, largest first, to whom it fills least (LPT)."""
    plan = np.empty(len(shares.effort), np.int64)
    loads = shares.load.astype(float)
    for case in np.argsort(-shares.effort, kind="stable"):
        person = int(((loads + shares.effort[case]) / shares.capacity).argmin())
        plan[case] = person
        loads[person] += shares.effort[case]
    return plan


def levelled(shares: Shares, watch: Watch, seed: int) -> tuple[Ints, float]:
    """Return a plan whose largest utilisation is as small as found, and the proven bound."""
    bound = lower_bound(shares)
    plan = largest_first(shares)
    best, value = plan.copy(), shares.highest(plan)
    draw = np.random.default_rng(seed)
    idle = 0
    while value > bound + 1e-12 and watch.left and len(shares.load) > 1:
        utilisation = shares.loads(plan) / shares.capacity
        top = int(utilisation.argmax())
        partner = int(draw.integers(len(utilisation) - 1))
        partner += partner >= top
        idle = 0 if _shared_anew(shares, plan, top, partner) else idle + 1
        if shares.highest(plan) < value - 1e-12:
            best, value = plan.copy(), shares.highest(plan)
        if idle > IDLE:
            _shake(plan, draw)
            idle = 0
    return best, bound


def _shake(plan: Ints, draw: np.random.Generator) -> None:
    for _ in range(SHAKEN):
        one, other = draw.integers(len(plan), size=2)
        plan[one], plan[other] = plan[other], plan[one]


def _shared_anew(shares: Shares, plan: Ints, one: int, other: int) -> bool:
    """Level two persons as well as their cases allow; whether that lowered the higher one."""
    cases = np.flatnonzero((plan == one) | (plan == other))
    efforts = shares.effort[cases].tolist()
    total = sum(efforts)
    base = (int(shares.load[one]), int(shares.load[other]))
    room = (int(shares.capacity[one]), int(shares.capacity[other]))

    def highest(mine: int) -> float:
        sides = ((base[0] + mine) / room[0], (base[1] + total - mine) / room[1])
        return float(max(sides))

    present = int(shares.effort[cases][plan[cases] == one].sum())
    sums = [1]
    for effort in efforts:
        sums.append(sums[-1] | sums[-1] << effort)
    ideal = (room[0] * (base[1] + total) - room[1] * base[0]) // (room[0] + room[1])
    wanted = min(_nearest(sums[-1], min(max(ideal, 0), total)), key=highest)
    if highest(wanted) >= highest(present) - 1e-12:
        return False
    for case, effort, before in zip(cases[::-1], efforts[::-1], sums[-2::-1], strict=True):
        taken = effort <= wanted and not before >> wanted & 1
        plan[case] = one if taken else other
        wanted -= effort if taken else 0
    return True


def _nearest(bits: int, place: int) -> list[int]:
    """Return the nearest set bits at or below, and above, a place."""
    below = (bits & ((1 << (place + 1)) - 1)).bit_length() - 1
    beyond = bits >> (place + 1)
    above = [place + (beyond & -beyond).bit_length()] if beyond else []
    return [below, *above]
