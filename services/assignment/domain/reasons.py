"""Why somebody may not take a case, as codes that can be explained and never say more."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from services.assignment.domain.cases import Bar, Case
from services.assignment.domain.kinds import CaseType
from services.assignment.domain.staff import Person
from services.assignment.problem import Flags, Ints

Codes = NDArray[np.uint16]


class Reason(IntFlag):
    """What stands against a person for a case; several may."""

    QUALIFICATION = 1
    SIGNATURE = 2
    STILL_NEW = 4
    """Cases of the type are not given to somebody in their first months."""
    NOT_THERE = 8
    """No capacity in the weeks ahead."""
    LANGUAGE = 16
    """Somebody else speaks the client's language."""
    EXCLUDED_BY_LAW = 32
    EXCLUDED_BY_ORDER = 64


BARS = {Bar.LAW: Reason.EXCLUDED_BY_LAW, Bar.ORDERED: Reason.EXCLUDED_BY_ORDER}
CAN_BE_OVERRULED = Reason.QUALIFICATION | Reason.SIGNATURE | Reason.STILL_NEW | Reason.LANGUAGE
"""Somebody who accepted a case in spite of these keeps it: a human has decided that."""


@dataclass(frozen=True)
class Reasons:
    """Reason codes of every case and person: by class (k, m), and what is of one case alone.

    `Reasons.of(case, person)` takes numbers of the problem.
    """

    class_of: Ints
    by_class: Codes
    of_case: Mapping[tuple[int, int], Reason]

    def of(self, case: int, person: int) -> Reason:
        """Return everything that stands against a person for a case; 0 if nothing does."""
        of_class = Reason(int(self.by_class[self.class_of[case], person]))
        return of_class | self.of_case.get((case, person), Reason(0))


def against(case: Case, kind: CaseType, person: Person, *, is_new: bool, is_there: bool) -> Reason:
    """Return what stands against a person for all cases like this one, but for the language."""
    needed = {kind.qualification, case.qualification} - {None}
    found = Reason(0)
    if needed - person.qualifications:
        found |= Reason.QUALIFICATION
    if kind.signature and not person.may_sign:
        found |= Reason.SIGNATURE
    if is_new and case.type in person.blocked_types:
        found |= Reason.STILL_NEW
    if not is_there:
        found |= Reason.NOT_THERE
    return found


def silent(language: str | None, staff: tuple[Person, ...], free: Flags) -> Flags | None:
    """Return who must not take a case because others speak its language (m).

    `free` are those against whom nothing else stands. None if nobody of them speaks it: then an
    interpreter comes along.
    """
    if language is None:
        return np.zeros(len(staff), bool)
    speaks = np.array([language in person.languages for person in staff])
    return ~speaks if (speaks & free).any() else None
