"""What each person would bear if cases could be divided: the fairest loads there are.

They minimise the sum of load^2 / capacity, and with it, from the top down, every utilisation
(the lexicographically fairest vector). Found exactly by decomposition: if all work fits at the
mean utilisation, that is it; otherwise the bottleneck and the others are looked at apart, for
nobody outside can take the bottleneck's work, and it has no room for theirs.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.assignment.problem import Ints
from services.assignment.rules.cuts import Pools, bottleneck
from services.assignment.rules.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The fairest divisible loads.

    Attributes:
        seconds: load of each person, rounded to whole seconds (m).
        level: the persons by their utilisation in these loads, from 0 for the lowest; equal
            where it is equal (m).
        utilisation: the largest load / capacity: no plan is below it.
        second: seconds of one unit.
        under: the largest load up to the target that whole cases may give, as far as known (m).
        over: the smallest one from the target on (m).
    """

    seconds: Ints
    level: Ints
    utilisation: Fraction
    second: int
    under: Ints
    over: Ints

    def deviation(self, loads: Ints) -> Ints:
        """Return how far each load, in units, is from its target, in seconds (m)."""
        away: Ints = np.abs(loads * self.second - self.seconds)
        return away


def targets_of(network: Network, pools: Pools, unit_minutes: int) -> Targets:
    """Return the fairest loads; who has no capacity keeps what he bears and counts nowhere.

    Raises:
        OverflowError: Efforts or capacities are too large to be added.
    """
    second = unit_minutes * 60
    network.refuse_too_large(second)
    seconds = network.base * second
    means = [Fraction(0)] * len(seconds)
    able = network.capacity > 0
    waiting = [(pools.of(np.ones(len(pools.units), np.bool_), able), np.flatnonzero(able))]
    while waiting:
        part, who = waiting.pop()
        if not len(who):
            continue
        capacity, base = network.capacity[who], network.base[who]
        mean = Fraction(int(base.sum() + part.units.sum()), int(capacity.sum()))
        level, scale = mean.numerator, mean.denominator
        scaled = Pools(part.units * scale, part.pool, part.person)
        cut = bottleneck(scaled, level * capacity - scale * base)
        if cut is None:
            exact = [2 * level * int(one) * second + scale for one in capacity]
            seconds[who] = [one // (2 * scale) for one in exact]
            for one in who:
                means[one] = mean
        else:
            waiting.append((part.of(cut.pools, cut.persons), who[cut.persons]))
            waiting.append((part.of(~cut.pools, ~cut.persons), who[~cut.persons]))
    order = {mean: place for place, mean in enumerate(sorted(set(means)))}
    levels = np.array([order[mean] for mean in means], np.int64)
    under, over = seconds // second, -(-seconds // second)
    highest = max(order, default=Fraction(0))
    return Targets(seconds, levels, highest, second, under, over)
