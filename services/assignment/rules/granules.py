"""Cases divided into granules: a relaxation that is nearly as strict as whole cases, and small.

Efforts are mostly multiples of four units, so a person's load can hardly be any number. A case of
effort 24 counts as six granules of four here, one of effort 6 as three of two: each granule may
be with another person. Whatever no such division can reach, no plan of whole cases can reach.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.assignment.problem import Flags, Ints
from services.assignment.rules.counting import Program
from services.assignment.rules.network import Network
from services.assignment.rules.targets import Targets


@dataclass(frozen=True, slots=True, eq=False)
class Piles:
    """Granules of one size that the same persons may take (p), and arcs to these persons (a).

    Attributes:
        size: units of one granule of the pile (p).
        number: granules of the pile (p).
        pile: pile of each arc (a).
        person: person of each arc (a).
        of_arc: arc of the piles for each arc of the network.
    """

    size: Ints
    number: Ints
    pile: Ints
    person: Ints
    of_arc: Ints


def piles_of(network: Network, granule: int | None) -> Piles:
    """Return the groups whose granules and persons are the same as one pile.

    Args:
        network: groups of cases.
        granule: the largest granule, a power of two; None for whole cases.
    """
    effort = network.effort
    size = effort if granule is None else np.gcd(effort, granule)
    allowed = _allowed(network)
    key = np.column_stack([size, np.packbits(allowed, axis=1)])
    _, sample, pile_of = np.unique(key, axis=0, return_index=True, return_inverse=True)
    amount = np.bincount(pile_of, network.count * (effort // size)).astype(np.int64)
    pile, person = np.nonzero(allowed[sample])
    keys = pile * allowed.shape[1] + person
    wanted = pile_of[network.group] * allowed.shape[1] + network.person
    return Piles(size[sample], amount, pile, person, np.searchsorted(keys, wanted))


def _allowed(network: Network) -> Flags:
    allowed = np.zeros((len(network.effort), len(network.base)), np.bool_)
    allowed[network.group, network.person] = True
    return allowed


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What loads may be: within bounds, and so far from the targets in all.

    Attributes:
        least: units (m).
        most: units (m).
        deviation: seconds in all; None if any.
    """

    least: Ints
    most: Ints
    deviation: int | None = None


def ceilings(network: Network, utilisation: Fraction) -> Ints:
    """Return the most units that each person bears at a utilisation (m)."""
    n, d = utilisation.numerator, utilisation.denominator
    return np.array([n * int(one) // d for one in network.capacity], np.int64)


@dataclass(slots=True, eq=False)
class Draft:
    """A program of granules: its variables by name, to set what is minimised.

    Attributes:
        taken: granules of each arc of the piles.
        load: units of each person.
        away: seconds each load is from its target.
    """

    program: Program
    taken: Ints
    load: Ints
    away: Ints


def draft(piles: Piles, network: Network, targets: Targets, limits: Limits) -> Draft:
    """Return the program: every granule with somebody, loads within the limits."""
    program = Program()
    persons = len(network.base)
    taken = program.add(piles.number[piles.pile])
    load = program.add(limits.most, least=limits.least, whole=False)
    away = program.add(np.full(persons, np.inf), whole=False)
    everyone = np.arange(persons)
    program.keep(piles.number, piles.number, (piles.pile, taken, 1.0))
    program.keep(
        -network.base,
        -network.base,
        (piles.person, taken, piles.size[piles.pile]),
        (everyone, load, -1.0),
    )
    second = targets.second
    program.keep(-targets.seconds, np.inf, (everyone, away, 1.0), (everyone, load, -second))
    program.keep(targets.seconds, np.inf, (everyone, away, 1.0), (everyone, load, second))
    if limits.deviation is not None:
        program.keep(-np.inf, limits.deviation, (np.zeros(persons, np.int64), away, 1.0))
    return Draft(program, taken, load, away)
