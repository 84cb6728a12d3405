"""Why somebody may not take a case, as codes that can be explained and never say more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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


class Obstacles:
    """What stands against each person of a team on a day, by kind of case."""

    def __init__(
        self, types: Mapping[str, CaseType], staff: tuple[Person, ...], today: date, there: Flags
    ) -> None:
        self.types, self.staff, self.there = types, staff, there
        self.new = [person.is_new(today) for person in staff]
        self.alike: dict[tuple[str, str | None], Codes] = {}
        self.speakers: dict[str, Flags] = {}

    def of(self, case: Case, barred: frozenset[int]) -> tuple[Codes, bool]:
        """Return the codes of everybody (m), and whether an interpreter is needed.

        `barred` must not take the case anyway: a speaker among them is of no use.
        """
        codes = self._but_for_language(case)
        if case.language is None:
            return codes, False
        speaks = self._speaks(case.language)
        able = speaks & (codes == 0)
        able[list(barred)] = False
        if not able.any():
            return codes, True
        return np.where(speaks, codes, codes | np.uint16(Reason.LANGUAGE)), False

    def _speaks(self, language: str) -> Flags:
        if language not in self.speakers:
            self.speakers[language] = np.array(
                [language in person.languages for person in self.staff]
            )
        return self.speakers[language]

    def _but_for_language(self, case: Case) -> Codes:
        key = (case.type, case.qualification)
        if key not in self.alike:
            found = [self._against(case, index) for index in range(len(self.staff))]
            self.alike[key] = np.array(found, np.uint16)
        return self.alike[key]

    def _against(self, case: Case, index: int) -> Reason:
        kind, person = self.types[case.type], self.staff[index]
        needed = {kind.qualification, case.qualification} - {None}
        found = Reason(0)
        if needed - person.qualifications:
            found |= Reason.QUALIFICATION
        if kind.signature and not person.may_sign:
            found |= Reason.SIGNATURE
        if self.new[index] and case.type in person.blocked_types:
            found |= Reason.STILL_NEW
        if not self.there[index]:
            found |= Reason.NOT_THERE
        return found
