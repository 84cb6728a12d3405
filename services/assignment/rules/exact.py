"""The best plan of a department, proven level by level: utilisation, balance, moves, cost.

Made for a few hundred cases and a dozen or two of persons. Each level is kept while the next one
is settled. Granules (see there) give bounds that plans mostly reach, so that one plan proves them.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from services.assignment.problem import Ints
from services.assignment.rules.choosing import Effort
from services.assignment.rules.counting import A_HAIR, Program
from services.assignment.rules.fitting import fit
from services.assignment.rules.granules import Limits, Piles, ceilings, draft, piles_of
from services.assignment.rules.network import Network
from services.assignment.rules.targets import Targets
from services.assignment.rules.watch import Watch

GRANULE = 4
FINER: tuple[int | None, ...] = (4, 8, 16, None)
"""Granules with which the balance is bounded, until a plan reaches the bound."""
SLICE = 0.2
"""Of the time left, for one question."""
QUICK = 0.5
"""Seconds for HiGHS before CP-SAT is asked."""
GLANCE = 0.15
"""Seconds for what is good to know, but not necessary."""
WORKERS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A plan as cases of each arc of the network, and what no plan can beat.

    Attributes:
        counts: cases of each arc (a).
        utilisation: bound of the maximum utilisation.
        deviation: bound of the seconds all loads are from their targets, among plans of this
            maximum utilisation.
        moves: bound of the moves, among plans as good as this one before.
        cost: bound of the cost, among plans as good as this one before.
    """

    counts: Ints
    utilisation: Fraction
    deviation: int
    moves: int
    cost: int


def settle(network: Network, targets: Targets, known: Ints, watch: Watch, seed: int) -> Settled:
    """Return a plan at least as good as a known one, and how good any plan can be.

    Args:
        network: groups of cases and persons.
        targets: the fairest loads.
        known: cases of each arc of some plan (a).
        watch: when to end.
        seed: of the searches.
    """
    work = _Work(network, targets, watch, seed, piles_of(network, None))
    counts, ceiling, utilisation = work.utilisation(known)
    limits = Limits(network.base, ceilings(network, ceiling))
    counts, deviation = work.balance(limits, counts)
    limits = work.narrowed(replace(limits, deviation=work.away(counts)))
    counts, moves = work.least(limits, counts, network.moves)
    counts, cost = work.least(limits, counts, network.cost, most_moves=_sum(network.moves, counts))
    return Settled(counts, utilisation, deviation, moves, cost)


def _sum(price: Ints, counts: Ints) -> int:
    return int(price @ counts)


@dataclass(slots=True, eq=False)
class _Work:
    """One network; `whole` are its cases undivided, those of equal effort and persons together.

    `known` are the limits that a deviation leaves within the utilisation that was settled.
    """

    network: Network
    targets: Targets
    watch: Watch
    seed: int
    whole: Piles
    known: dict[int, Limits] = field(default_factory=dict)

    def utilisation(self, known: Ints) -> tuple[Ints, Fraction, Fraction]:
        """Return a plan of the smallest maximum utilisation found, this, and a bound of it."""
        steps = self._steps(known)
        possible, counts = len(steps) - 1, known
        surely = self._first_of_granules(steps)
        step, proven = surely, True
        while step < possible:
            limits = Limits(self.network.base, ceilings(self.network, steps[step]))
            taken, settled = self._fitted(limits)
            if taken is not None:
                possible, counts = step, self._spread(taken)
            elif settled:  # then all before it are impossible as well
                surely = step + 1
                proven = True
            step += 1
        return counts, steps[possible], steps[surely] if proven else steps[0]

    def _steps(self, known: Ints) -> list[Fraction]:
        """Return the utilisations a plan can have, from the bound to that of a known plan."""
        network = self.network
        loads = network.loads(known)
        able = np.flatnonzero(network.capacity)
        highest = max(Fraction(int(loads[one]), int(network.capacity[one])) for one in able)
        steps = {highest}
        for one in able:
            capacity = int(network.capacity[one])
            first = -(-self.targets.utilisation * capacity // 1)
            for load in range(int(first), int(highest * capacity) + 1):
                steps.add(Fraction(load, capacity))
        return sorted(steps)

    def _first_of_granules(self, steps: list[Fraction]) -> int:
        """Return the first step at which granules find their place; none before is possible."""
        piles = piles_of(self.network, GRANULE)
        low, high = 0, len(steps) - 1
        while low < high:
            middle = (low + high) // 2
            limits = Limits(self.network.base, ceilings(self.network, steps[middle]))
            program = draft(piles, self.network, self.targets, limits).program
            answer = program.minimised(self.watch.left * SLICE)
            if answer.settled and answer.values is None:
                low = middle + 1
            else:
                high = middle
        return low

    def balance(self, limits: Limits, counts: Ints) -> tuple[Ints, int]:
        """Return the most even plan found within the limits, and a bound of its deviation."""
        bound = 0
        for granule in FINER:
            if self.away(counts) <= bound or not self.watch.left:
                break
            piles = self.whole if granule is None else piles_of(self.network, granule)
            drafted = draft(piles, self.network, self.targets, limits)
            answer = drafted.program.minimised(self.watch.left * SLICE, (drafted.away, 1.0))
            bound = max(bound, _up(answer.bound))
            taken, settled = self._fitted(self.narrowed(replace(limits, deviation=bound)))
            if taken is not None:
                counts = self._spread(taken)
            elif settled:
                bound += 1
        return self._closer(limits, counts, bound), bound

    def _closer(self, limits: Limits, counts: Ints, bound: int) -> Ints:
        """Halve the way from the plan to the bound as long as plans are found."""
        low = bound
        while low < (high := self.away(counts)) and self.watch.left > self.watch.seconds / 2:
            wanted = (low + high) // 2
            taken, _ = self._fitted(replace(limits, deviation=wanted))
            if taken is None:
                low = wanted + 1
            else:
                counts = self._spread(taken)
        return counts

    def away(self, counts: Ints) -> int:
        """Return the seconds that all loads of a plan are from their targets."""
        return int(self.targets.deviation(self.network.loads(counts)).sum())

    def _fitted(self, limits: Limits) -> tuple[Ints | None, bool]:
        """Return cases of each arc of the piles within the limits, and whether that is settled.

        HiGHS is quick where the limits are narrow, CP-SAT where they are wide.
        """
        drafted = draft(self.whole, self.network, self.targets, limits)
        answer = drafted.program.minimised(min(self.watch.left * SLICE, QUICK))
        if answer.values is not None:
            return _whole(answer.values[drafted.taken]), True
        if answer.settled:
            return None, True
        effort = Effort(self.watch.left * SLICE, self.seed, WORKERS)
        found = fit(self.whole, self.network, self.targets, limits, effort)
        return found.taken, found.settled

    def _spread(self, taken: Ints) -> Ints:
        """Share the cases of the piles out among their groups, without moves, then cheaply."""
        network = self.network
        program = Program()
        counts = program.add(network.count[network.group])
        program.keep(network.count, network.count, (network.group, counts, 1.0))
        program.keep(taken, taken, (self.whole.of_arc, counts, 1.0))
        dear = float(network.cost.max(initial=0) + 1) * float(network.count.sum() + 1)
        price = network.cost + dear * network.moves
        values = program.minimised(np.inf, (counts, price)).values
        if values is None:
            raise AssertionError("cases of a pile are alike: any number of them can be shared out")
        return _whole(values)

    def narrowed(self, limits: Limits) -> Limits:
        """Return the loads that plans within the limits can give each person at all.

        What is known of one person narrows the others: those who are nearly settled come first.
        """
        if limits.deviation is None:
            return limits
        if limits.deviation not in self.known:
            self.known[limits.deviation] = self._narrower(limits)
        return self.known[limits.deviation]

    def _narrower(self, limits: Limits) -> Limits:
        piles = piles_of(self.network, GRANULE)
        limits = self._within_what_is_left(limits, piles)
        for person in np.argsort(limits.most - limits.least):
            if limits.least[person] < limits.most[person]:
                limits = self._between(limits, piles, int(person))
        return limits

    def _within_what_is_left(self, limits: Limits, piles: Piles) -> Limits:
        """Leave each person what the others need not be away from their targets in any case."""
        targets = self.targets
        drafted = draft(piles, self.network, targets, limits)
        away = np.full(len(limits.least), limits.deviation)
        for person in range(len(away)):
            others = np.delete(drafted.away, person)
            answer = drafted.program.minimised(min(GLANCE, self.watch.left), (others, 1.0))
            away[person] -= min(_up(answer.bound), limits.deviation or 0)
        least = -((away - targets.seconds) // targets.second)
        most = (targets.seconds + away) // targets.second
        least, most = np.maximum(limits.least, least), np.minimum(limits.most, most)
        return replace(limits, least=least, most=most)

    def _between(self, limits: Limits, piles: Piles, person: int) -> Limits:
        """Return the limits with the least and the greatest load this person can have."""
        drafted = draft(piles, self.network, self.targets, limits)
        mine, seconds = drafted.load[[person]], min(2 * GLANCE, self.watch.left)
        low = drafted.program.minimised(seconds, (mine, 1.0)).bound
        high = drafted.program.minimised(seconds, (mine, -1.0)).bound
        least, most = limits.least.copy(), limits.most.copy()
        least[person] = max(least[person], _up(low))
        most[person] = min(most[person], -_up(high)) if np.isfinite(high) else most[person]
        return replace(limits, least=least, most=most)

    def least(
        self, limits: Limits, counts: Ints, price: Ints, most_moves: int | None = None
    ) -> tuple[Ints, int]:
        """Return the plan of the least price found within the limits, and a bound of the price."""
        if not price.any():
            return counts, 0
        network = self.network
        arcs = np.arange(len(network.group))
        groups = Piles(network.effort, network.count, network.group, network.person, arcs)
        drafted = draft(groups, network, self.targets, limits)
        if most_moves is not None and network.moves.any():
            row = np.zeros(len(arcs), np.int64)
            drafted.program.keep(-np.inf, most_moves, (row, drafted.taken, network.moves))
        answer = drafted.program.minimised(self.watch.left, (drafted.taken, price))
        if answer.values is not None:
            found = _whole(answer.values[drafted.taken])
            counts = min(counts, found, key=lambda one: _sum(price, one))
        return counts, min(_up(answer.bound), _sum(price, counts))


def _up(bound: float) -> int:
    """Return the whole number that a bound means; 0 if there is none."""
    return int(np.ceil(bound - A_HAIR)) if np.isfinite(bound) else 0


def _whole(values: np.ndarray) -> Ints:
    rounded: Ints = np.rint(values).astype(np.int64)
    return rounded
