"""What no plan can beat: proven lower bounds of the maximum utilisation and of the deviation.

Divisible cases give the first bound (`targets.Targets.utilisation`). Whole cases raise it: a load
is a sum of whole efforts, so at a utilisation u a person has room for the largest such sum up to
u * capacity, and the bound is the smallest u at which the divisible work fits into these rooms.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from math import ceil

import numpy as np

from services.assignment.rules.cuts import Pools, bottleneck
from services.assignment.rules.network import Network
from services.assignment.rules.targets import Targets


@dataclass(frozen=True, slots=True)
class Reachable:
    """The loads that sums of whole cases give a person: bit L is set when load L is one."""

    bits: int
    base: int

    def below(self, load: int) -> int:
        """Return the largest load up to this one, or the base if there is none."""
        within = self.bits & ((1 << max(load - self.base + 1, 0)) - 1)
        return self.base + max(within.bit_length() - 1, 0)

    def above(self, load: int) -> int | None:
        """Return the smallest load above this one, if there is one."""
        beyond = self.bits >> max(load - self.base + 1, 0)
        if not beyond:
            return None
        return max(load + 1, self.base) + (beyond & -beyond).bit_length() - 1


def reachable(network: Network) -> list[Reachable]:
    """Return for each person the loads that some choice of the cases open to him gives."""
    found = []
    order = np.argsort(network.person, kind="stable")
    ends = np.cumsum(np.bincount(network.person, minlength=len(network.base)))
    for person, arcs in enumerate(np.split(order, ends[:-1])):
        groups = network.group[arcs]
        efforts, place = np.unique(network.effort[groups], return_inverse=True)
        number = np.bincount(place, network.count[groups], len(efforts))
        bits = 1
        for effort, most in zip(efforts.tolist(), number.astype(int).tolist(), strict=True):
            bits = _with(bits, effort, most)
        found.append(Reachable(bits, int(network.base[person])))
    return found


def _with(bits: int, effort: int, most: int) -> int:
    """Add up to `most` cases of one effort to each sum: by 1, 2, 4 … of them, then the rest."""
    step = 1
    while most > 0:
        taken = min(step, most)
        bits |= bits << effort * taken
        most, step = most - taken, step * 2
    return bits


def utilisation_bound(
    network: Network, pools: Pools, targets: Targets, loads: list[Reachable]
) -> Fraction:
    """Return a utilisation that the fullest person reaches in every plan with all cases placed.

    At least the divisible bound; exact in rational numbers.
    """
    able = np.flatnonzero(network.capacity > 0)
    part = pools.of(np.ones(len(pools.units), np.bool_), network.capacity > 0)
    capacity = network.capacity[able].tolist()
    persons = [loads[one] for one in able]
    bound = targets.utilisation
    for _ in count():
        rooms = [
            one.below(bound.numerator * most // bound.denominator)
            for one, most in zip(persons, capacity, strict=True)
        ]
        cut = bottleneck(part, np.array(rooms, np.int64) - network.base[able])
        if cut is None:
            break
        inside = np.flatnonzero(cut.persons).tolist()
        needed = part.units[cut.pools].sum() + network.base[able][cut.persons].sum()
        bound = _raised(bound, [(persons[one], capacity[one]) for one in inside], int(needed))
    return bound


def _raised(bound: Fraction, inside: list[tuple[Reachable, int]], needed: int) -> Fraction:
    """Return the smallest utilisation at which these persons have room for what is needed."""
    rooms = [who.below(bound.numerator * most // bound.denominator) for who, most in inside]
    while sum(rooms) < needed:
        steps = []
        for place, (who, most) in enumerate(inside):
            following = who.above(rooms[place])
            if following is not None:
                steps.append((Fraction(following, most), place, following))
        bound, place, following = min(steps)
        rooms[place] = following
    return bound


def coarse(targets: Targets, loads: list[Reachable]) -> Targets:
    """Return the targets with the loads next to them that sums of whole cases give."""
    under, over = targets.under.copy(), targets.over.copy()
    for person, who in enumerate(loads):
        target = int(targets.seconds[person])
        under[person] = who.below(target // targets.second)
        following = under[person]
        if following * targets.second < target:
            following = who.above(int(under[person]))
        over[person] = under[person] if following is None else following
    return replace(targets, under=under, over=over)


def deviation_bound(targets: Targets, loads: list[Reachable], total: int) -> int:
    """Return seconds that the deviations add up to at least, in every plan.

    Each load is one of those just below and just above its target, or farther away; and all loads
    together are `total` units. The cheapest choice between below and above, with divisible
    choices, is a bound.
    """
    least, slack = Fraction(0), total
    steps: list[tuple[Fraction, int]] = []
    for who, target in zip(loads, targets.seconds.tolist(), strict=True):
        under = who.below(target // targets.second)
        over = who.above(under)
        low = abs(target - under * targets.second)
        least, slack = least + low, slack - under
        if over is not None and over > under:
            rise = abs(over * targets.second - target) - low
            steps.append((Fraction(rise, over - under), over - under))
    for rate, width in sorted(steps):
        taken = min(width, max(slack, 0))
        if taken == 0 and rate >= 0:
            break
        least, slack = least + rate * taken, slack - taken
    return ceil(least + max(slack, 0) * targets.second)
