"""What no plan can beat in moves and cost, if it is as good as ours in the levels before them.

Such a plan's loads are nowhere above the utilisation that ours reached, and together no farther
from the targets than ours. A second away from the target is given a price: the cheapest flow at
this price, less the price of the seconds that ours is away, is below what any such plan costs
(Lagrange). So is the largest of these figures over all prices. Moves are a price likewise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.assignment.problem import Ints
from services.assignment.rules.flow import Prices, cheapest_flow, prices_of
from services.assignment.rules.heights import at
from services.assignment.rules.network import Network
from services.assignment.rules.targets import Targets

LOOKS = 5
"""So many prices of a second are tried, each half as far from the best as the one before."""
FIRST = 8
"""Price of a second that is tried first, in the figures of the flow."""


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What our plan reached in the levels that come first.

    Attributes:
        utilisation: the largest load / capacity.
        seconds: of all persons away from their targets.
        moves: cases that change hands.
    """

    utilisation: Fraction
    seconds: int
    moves: int


def least_moves(
    network: Network, targets: Targets, reached: Reached, going: Callable[[], bool]
) -> int:
    """Return moves that every plan as balanced as ours needs."""
    if not network.moves.any():
        return 0
    return _least(network, targets, reached, network.moves, going)


def least_cost(
    network: Network, targets: Targets, reached: Reached, going: Callable[[], bool]
) -> int:
    """Return the cost that every plan as balanced as ours, with no more moves, needs."""
    free = _least(network, targets, reached, network.cost, going)
    if not network.moves.any():
        return free
    weight = 1 + int(network.cost.max())
    priced = _least(network, targets, reached, network.cost + weight * network.moves, going)
    return max(free, priced - weight * reached.moves)


def _least(
    network: Network, targets: Targets, reached: Reached, arc: Ints, going: Callable[[], bool]
) -> int:
    prices = prices_of(network, targets, arc, 1.0)
    limit = at(reached.utilisation, network.capacity)

    def bound(second: float) -> float:
        asked: Prices = prices.at(second)
        flow = cheapest_flow(network, targets, asked, network.count, network.base, limit)
        return (flow.value - asked.second * reached.seconds) / asked.scale

    return int(np.ceil(max(0.0, _highest(bound, going)) - 1e-6))


def _highest(bound: Callable[[float], float], going: Callable[[], bool]) -> float:
    """Return the highest value found of a function that rises and then falls: each is valid."""
    second, factor = float(FIRST), 2.0
    best = bound(second)
    for _ in range(LOOKS):
        for other in (second * factor, second / factor):
            if not going():
                return best
            value = bound(other)
            if value > best:
                best, second = value, other
                break
        else:
            factor = factor**0.5
    return best
