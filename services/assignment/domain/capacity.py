"""How much somebody can work in the weeks ahead (capacity), and what they bear already (load)."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import floor

import numpy as np

from services.assignment.domain.staff import Person
from services.assignment.domain.team import UNIT_MINUTES, Policy
from services.assignment.problem import UNLIMITED, Ints

WORKDAYS = 5
MINUTES = 60
EXACT = 1e-9
"""So much a sum of fractions may miss a whole unit."""


def capacity_by_week(person: Person, policy: Policy, today: date) -> Ints:
    """Return the units somebody can work until the end of each week (w), from today on.

    Hours of a week are spread evenly over Monday to Friday. Fixed blocks, absences and closed days
    are taken off, the first months count less, and the reserve for emergencies is left aside.
    """
    minutes, until = 0.0, []
    daily = (person.hours - person.blocked_hours) / WORKDAYS * MINUTES
    for week in range(policy.weeks):
        for number in range(7):
            day = today + timedelta(weeks=week, days=number)
            if day.weekday() < WORKDAYS and day not in policy.closed and person.is_there(day):
                minutes += daily * person.factor(day)
        until.append(floor(minutes * (1 - policy.reserve) / UNIT_MINUTES + EXACT))
    return np.array(until, np.int64)


def carried(person: Person, policy: Policy, capacity: int) -> int:
    """Return the debit (above 0) or credit of the last weeks, as far as it may count."""
    most = floor(policy.carried * capacity)
    return max(-most, min(most, sum(person.balance)))


def load_of(person: Person, policy: Policy, capacity: int) -> int:
    """Return what counts as somebody's load before anything is placed, from 0."""
    return max(0, person.load + carried(person, policy, capacity)) if capacity else 0


def free_by_week(until: Ints, load: int) -> Ints:
    """Return the units free for new work until the end of each week (w).

    What somebody bears already is spread evenly. Time that a later week lacks is not free before.
    """
    weeks = len(until)
    free = until - np.ceil(load * np.arange(1, weeks + 1) / weeks).astype(np.int64)
    later: Ints = np.minimum.accumulate(np.maximum(free, 0)[::-1])[::-1]
    return later


def due_week(deadline: date | None, today: date, weeks: int) -> int:
    """Return the week by whose end a case must be done; what is overdue is due at once.

    It is the last week that ends no later than the deadline; `UNLIMITED` beyond the weeks.
    """
    if deadline is None:
        return UNLIMITED
    week = max(0, ((deadline - today).days + 1) // 7 - 1)
    return week if week < weeks else UNLIMITED


def most_cases(person: Person, held: int, pinned: int) -> int:
    """Return how many cases of a run somebody may have; `UNLIMITED` if any number.

    `held` and `pinned` count those of the run that they have already; what they have accepted
    stays with them whatever the limits say.
    """
    limits: Sequence[int] = [
        *([] if person.most_cases is None else [person.most_cases - person.open_cases]),
        *([] if person.most_new_per_week is None else [held + person.most_new_per_week]),
    ]
    return max(pinned, min(limits)) if limits else UNLIMITED
