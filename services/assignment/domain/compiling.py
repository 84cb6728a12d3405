"""From a team on a day to an assignment problem in numbers, with the way back and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np

from services.assignment.domain.capacity import (
    capacity_by_week,
    due_week,
    free_by_week,
    load_of,
    most_cases,
)
from services.assignment.domain.cases import Case, Urgency
from services.assignment.domain.kinds import CaseType
from services.assignment.domain.reasons import (
    BARS,
    CAN_BE_OVERRULED,
    Codes,
    Obstacles,
    Reason,
    Reasons,
)
from services.assignment.domain.team import UNIT_MINUTES, Team
from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints, Problem

LATEST = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1}
"""Week by whose end a case is done, whatever its deadline."""


class Remark(StrEnum):
    """What was decided on the way that people should know."""

    INTERPRETER = "interpreter"
    """Nobody who may take the case speaks the language: any of them, with an interpreter."""
    RELEASED = "released"
    """Who has the case is not there or must not have it: it is placed anew."""
    OVERRULED = "overruled"
    """Who accepted the case would not be proposed for it, and keeps it."""
    OVERDUE = "overdue"
    """The deadline has passed."""


@dataclass(frozen=True)
class Compiled:
    """A problem whose persons and cases stand in the team's order.

    `remarks` has the number of a case and what people should know of it; `agreed` is false if the
    efforts are placeholders that nobody agreed on.
    """

    problem: Problem
    reasons: Reasons
    remarks: tuple[tuple[int, Remark], ...]
    weights_version: int
    agreed: bool

    def plan_by_id(self, plan: Ints) -> dict[str, str | None]:
        """Return a plan (n) as ids of cases and persons; None where a case is unplaced."""
        persons = (*self.problem.staff, None)  # NOBODY is -1, the last
        pairs = zip(self.problem.cases, plan.tolist(), strict=True)
        return {case: persons[person] for case, person in pairs}


Key = tuple[str, int, str | None, str | None, str | None, int]
"""Type, effort, district, more qualification, language, who overruled the rules: one class."""


@dataclass
class _Classes:
    """Classes as they are found: who may, what stands against the others, effort and travel."""

    numbers: dict[Key, int] = field(default_factory=dict)
    codes: list[Codes] = field(default_factory=list)

    def number(self, key: Key, codes: Codes) -> int:
        if key not in self.numbers:
            self.codes.append(codes)
        return self.numbers.setdefault(key, len(self.numbers))


def compile_team(team: Team, today: date) -> Compiled:
    """Return the problem of a checked team (see `check_team`) as it stands on a day."""
    return _Compiler(team, today).compiled()


class _Compiler:
    def __init__(self, team: Team, today: date) -> None:
        self.team, self.today = team, today
        self.types: dict[str, CaseType] = {one.id: one for one in team.types}
        self.person = {one.id: index for index, one in enumerate(team.staff)}
        self.until = np.array([capacity_by_week(one, team.policy, today) for one in team.staff])
        self.capacity: Ints = self.until[:, -1]
        self.classes = _Classes()
        self.excluded: dict[int, frozenset[int]] = {}
        self.of_case: dict[tuple[int, int], Reason] = {}
        self.remarks: list[tuple[int, Remark]] = []
        self.knows = self._who_knows()
        self.obstacles = Obstacles(self.types, team.staff, today, self.capacity > 0)

    def compiled(self) -> Compiled:
        cases = self.team.cases
        columns = [self._case(index, case) for index, case in enumerate(cases)]
        class_of, pinned, holder, previous, due = np.array(columns, np.int64).reshape(-1, 5).T
        codes = np.array(self.classes.codes, np.uint16).reshape(-1, len(self.person))
        problem = self._problem(class_of, pinned, holder, previous, due, codes == 0)
        reasons = Reasons(class_of, codes, self.of_case)
        weights = self.team.weights
        return Compiled(problem, reasons, tuple(self.remarks), weights.version, weights.agreed)

    def _problem(
        self, class_of: Ints, pinned: Ints, holder: Ints, previous: Ints, due: Ints, free: Flags
    ) -> Problem:
        team, keys = self.team, list(self.classes.numbers)
        load = np.array(
            [
                load_of(one, team.policy, int(room))
                for one, room in zip(team.staff, self.capacity, strict=True)
            ]
        )
        eligible = free.copy()
        for number, key in enumerate(keys):
            if key[5] != NOBODY:
                eligible[number] = np.arange(len(load)) == key[5]
        efforts = np.array([key[1] for key in keys], np.int64)
        return Problem(
            staff=tuple(self.person),
            cases=tuple(one.id for one in team.cases),
            capacity=self.capacity,
            load=load,
            class_of=class_of,
            effort=np.broadcast_to(efforts[:, None], eligible.shape),
            cost=np.where(eligible, self._travel(keys), 0),
            eligible=eligible,
            previous=previous,
            continuity_cost=team.policy.continuity_cost,
            excluded=self.excluded,
            pinned=pinned,
            holder=holder,
            most_moves=UNLIMITED if team.policy.most_moves is None else team.policy.most_moves,
            most_cases=self._most_cases(pinned, holder),
            due=due,
            capacity_until=self._weeks(due, load),
            unit_minutes=UNIT_MINUTES,
        )

    def _case(self, index: int, case: Case) -> tuple[int, int, int, int, int]:
        """Return class, pinned, holder, previous and due week of a case."""
        barred = self._bars(index, case)
        codes, interpreter = self.obstacles.of(case, barred)
        effort = case.effort or self.team.weights.efforts.get(
            case.type, self.types[case.type].effort.default
        )
        if interpreter:
            effort += self.team.weights.interpreter
            self.remarks.append((index, Remark.INTERPRETER))
        pinned, holder, overruled = self._holder(index, case, codes, barred)
        language = None if interpreter else case.language
        key = (case.type, effort, case.district, case.qualification, language, overruled)
        number = self.classes.number(key, codes)
        known = (
            one for one in self.knows.get(case.client, ()) if not codes[one] and one not in barred
        )
        previous = next(known, NOBODY)
        return number, pinned, holder, previous, self._due(index, case)

    def _bars(self, index: int, case: Case) -> frozenset[int]:
        for one in case.exclusions:
            place = index, self.person[one.person]
            self.of_case[place] = self.of_case.get(place, Reason(0)) | BARS[one.bar]
        barred = frozenset(self.person[one.person] for one in case.exclusions)
        if barred:
            self.excluded[index] = barred
        return barred

    def _holder(
        self, index: int, case: Case, codes: Codes, barred: frozenset[int]
    ) -> tuple[int, int, int]:
        """Return who keeps the case, who may lose it, and who keeps it against the rules."""
        named = case.accepted_by or case.proposed_to
        if named is None:
            return NOBODY, NOBODY, NOBODY
        person = self.person[named]
        accepted = case.accepted_by is not None
        harmless = CAN_BE_OVERRULED if accepted else Reason(0)
        if person in barred or Reason(int(codes[person])) & ~harmless:
            self.remarks.append((index, Remark.RELEASED))
            return NOBODY, NOBODY, NOBODY
        if not accepted:
            return NOBODY, person, NOBODY
        if codes[person]:
            self.remarks.append((index, Remark.OVERRULED))
            return person, NOBODY, person
        return person, NOBODY, NOBODY

    def _due(self, index: int, case: Case) -> int:
        deadline = case.deadline
        if deadline is None and case.since is not None:
            deadline = self.types[case.type].deadline.until(case.since)
        if deadline is not None and deadline < self.today:
            self.remarks.append((index, Remark.OVERDUE))
        week = due_week(deadline, self.today, self.team.policy.weeks)
        latest = min(LATEST.get(case.urgency, UNLIMITED), self.team.policy.weeks - 1)
        if latest == UNLIMITED:
            return week
        return latest if week == UNLIMITED else min(week, latest)

    def _who_knows(self) -> dict[str | None, list[int]]:
        """Return who knows each client: from earlier cases, or from one they have accepted."""
        known: dict[str | None, list[int]] = {}
        for index, person in enumerate(self.team.staff):
            for client in person.clients:
                known.setdefault(client, []).append(index)
        for case in self.team.cases:
            if case.client is not None and case.accepted_by is not None:
                known.setdefault(case.client, []).insert(0, self.person[case.accepted_by])
        return known

    def _travel(self, keys: Sequence[Key]) -> Ints:
        away = [
            [key[2] is not None and key[2] not in person.districts for person in self.team.staff]
            for key in keys
        ]
        shape = (len(keys), len(self.person))
        return np.array(away, np.int64).reshape(shape) * self.team.policy.travel

    def _most_cases(self, pinned: Ints, holder: Ints) -> Ints:
        count = len(self.person)
        fixed = np.bincount(pinned[pinned != NOBODY], minlength=count)
        held = fixed + np.bincount(holder[holder != NOBODY], minlength=count)
        return np.array(
            [
                most_cases(person, int(mine), int(kept))
                for person, mine, kept in zip(self.team.staff, held, fixed, strict=True)
            ]
        )

    def _weeks(self, due: Ints, load: Ints) -> Ints:
        """Return free units until each week (m, w); no weeks where nothing is due."""
        if not (due != UNLIMITED).any():
            return np.empty((len(load), 0), np.int64)
        return np.array([free_by_week(*one) for one in zip(self.until, load, strict=True)])
