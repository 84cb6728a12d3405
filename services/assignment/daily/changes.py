"""Moving cases a plan has placed: which may go where, and what it would cost."""

from dataclasses import dataclass

import numpy as np

from services.assignment.daily.standing import Standing
from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Cases of one person (r), and what each would mean for everybody (r, m).

    Attributes:
        giver: who has them.
        cases: their numbers, alike ones only once.
        may: whether a person may have it instead; counts and capacities not looked at.
        moves: by how many the moves would grow (from -1 to 1).
        effort: units it costs.
        cost: what it costs more there than with the giver.
        late: units that would be late there in addition.
        relief: units that would no longer be late with the giver (r).
    """

    giver: int
    cases: Ints
    may: Flags
    moves: Ints
    effort: Ints
    cost: Ints
    late: Ints
    relief: Ints


def options(standing: Standing, giver: int, *, but: frozenset[int] = frozenset()) -> Options:
    """Return what a person could give away: nothing pinned, and none of the cases in `but`."""
    problem = standing.problem
    mine = np.flatnonzero((standing.plan == giver) & (problem.pinned == NOBODY))
    if but:
        mine = mine[~np.isin(mine, list(but))]
    cases = _different(standing, mine)
    classes = problem.class_of[cases]
    may = problem.eligible[classes] & (problem.capacity > 0)
    may[:, giver] = False
    for row, case in enumerate(cases.tolist()):
        may[row, list(problem.excluded.get(case, ()))] = False
    late, relief = _weeks(standing, giver, cases)
    cost = _more_cost(standing, giver, cases)
    moves = _more_moves(standing, giver, cases)
    return Options(giver, cases, may, moves, problem.effort[classes], cost, late, relief)


def has_room(standing: Standing, effort: Ints) -> Flags:
    """Return who may have one case more, of some effort for each (…, m)."""
    problem = standing.problem
    below = (problem.most_cases == UNLIMITED) | (standing.counts < problem.most_cases)
    if not problem.hard_capacity:
        return np.broadcast_to(below, effort.shape)
    after = standing.loads + effort
    room: Flags = below & ((after <= problem.capacity) | (after <= problem.load))
    return room


def within_moves(standing: Standing, more: Ints) -> Flags:
    """Return where so many moves more are not too many."""
    most = standing.problem.most_moves
    fits: Flags = (more <= 0) | (most == UNLIMITED) | (standing.moves + more <= most)
    return fits


def _different(standing: Standing, cases: Ints) -> Ints:
    """Return the cases without those that are like an earlier one in everything."""
    problem = standing.problem
    facts = (problem.class_of, problem.previous, problem.due, problem.holder)
    table = np.stack([fact[cases] for fact in facts], axis=1)
    own = np.isin(cases, list(problem.excluded)) if problem.excluded else np.False_
    table = np.column_stack([table, np.where(own, cases, NOBODY)])
    _, firsts = np.unique(table, axis=0, return_index=True)
    return cases[np.sort(firsts)]


def _more_moves(standing: Standing, giver: int, cases: Ints) -> Ints:
    holder = standing.problem.holder[cases][:, None]
    moved = (holder != NOBODY) & (holder != np.arange(len(standing.loads)))
    more: Ints = moved.astype(np.int64) - moved[:, [giver]]
    return more


def _more_cost(standing: Standing, giver: int, cases: Ints) -> Ints:
    problem = standing.problem
    cost = problem.cost[problem.class_of[cases]]
    previous = problem.previous[cases][:, None]
    strange = (previous != NOBODY) & (previous != np.arange(len(problem.staff)))
    whole: Ints = cost + problem.continuity_cost * strange
    return whole - whole[:, giver][:, None]


def _weeks(standing: Standing, giver: int, cases: Ints) -> tuple[Ints, Ints]:
    """Return what would be late in addition (r, m), and no longer with the giver (r)."""
    late = np.zeros((len(cases), len(standing.loads)), np.int64)
    relief = np.zeros(len(cases), np.int64)
    if standing.weeks:
        due = standing.problem.due[cases]
        for row in np.flatnonzero(due != UNLIMITED).tolist():
            effort = standing.problem.effort[standing.problem.class_of[cases[row]]]
            late[row] = standing.later(effort, int(due[row]))
            relief[row] = -standing.later(-effort, int(due[row]))[giver]
    return late, relief
