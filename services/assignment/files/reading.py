"""Reads an assignment problem; every mistake names its place, several are told at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from services.assignment.files.classes import Classes, levelled, read_classes
from services.assignment.files.columns import Persons, Table, whole
from services.assignment.files.consistency import check_consistency
from services.assignment.files.matrices import ABSENT, read_matrix
from services.assignment.files.sources import parsed, read_bytes
from services.assignment.mistakes import Mistakes
from services.assignment.problem import UNLIMITED, Ints, Problem

TOP = (
    "unit_minutes",
    "continuity_cost",
    "hard_capacity",
    "most_moves",
    "staff",
    "classes",
    "cases",
    "effort",
    "cost",
)
STAFF = ("id", "capacity", "load", "most_cases", "capacity_until")
CASE = ("id", "class", "previous", "excluded", "pinned", "holder", "due")
DAY_MINUTES = 1440


def read_problem(path: Path) -> Problem:
    """Read a problem from a .json or .json.gz file; raise `MistakesError` with all mistakes."""
    mistakes = Mistakes(path.name)
    return problem_of(parsed(read_bytes(path, mistakes), mistakes), path.name)


def problem_of(data: Mapping[str, Any], name: str = "") -> Problem:
    """Return the problem of parsed JSON; raise `MistakesError`, whose source is `name`."""
    mistakes = Mistakes(name)
    for field in sorted(data.keys() - set(TOP)):
        mistakes.add(field, "assignment.mistake-unknown-field", known=", ".join(TOP))
    staff = _table("staff", data.get("staff"), mistakes)
    cases = _table("cases", data.get("cases"), mistakes)
    matrices = data.get("effort") is not None
    classes = _table("classes", data.get("classes", [] if matrices else None), mistakes)
    if not staff.rows:
        mistakes.add("staff", "assignment.mistake-nobody")
    mistakes.refuse_if_any()
    file = _File(data, staff, cases, classes, mistakes)
    problem = file.problem()
    mistakes.refuse_if_any()  # what follows needs numbers that fit
    check_consistency(problem, staff, cases)
    mistakes.refuse_if_any()
    return problem


def _table(name: str, rows: object, mistakes: Mistakes) -> Table:
    if not isinstance(rows, list):
        key = "assignment.mistake-missing" if rows is None else "assignment.mistake-not-list"
        mistakes.add(name, key)
        return Table(name, (), mistakes)
    if not set(map(type, rows)) <= {dict}:
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                mistakes.add(f"{name}[{index}]", "assignment.mistake-not-object")
        return Table(name, (), mistakes)
    return Table(name, rows, mistakes)


@dataclass(frozen=True)
class _File:
    data: Mapping[str, Any]
    staff: Table
    cases: Table
    classes: Table
    mistakes: Mistakes

    def problem(self) -> Problem:
        self.staff.only(STAFF)
        self.cases.only(CASE)
        ids = self.staff.ids()
        persons = Persons(ids, self.mistakes)
        class_of, kinds = self._kinds(persons)
        problem = Problem(
            staff=ids,
            cases=self.cases.ids(),
            capacity=self.staff.numbers("capacity"),
            load=self.staff.numbers("load", 0),
            class_of=class_of,
            effort=kinds.effort,
            cost=kinds.cost,
            eligible=kinds.eligible,
            previous=persons.column(self.cases, "previous"),
            continuity_cost=self._number("continuity_cost", 0),
            excluded=self._excluded(persons),
            pinned=persons.column(self.cases, "pinned"),
            holder=persons.column(self.cases, "holder"),
            most_cases=self.staff.limits("most_cases"),
            unit_minutes=self._number("unit_minutes", 15, low=1, high=DAY_MINUTES),
        )
        return replace(
            problem,
            most_moves=self._number("most_moves", UNLIMITED),
            due=self.cases.limits("due"),
            capacity_until=self._weeks(),
            hard_capacity=self._flag("hard_capacity"),
        )

    def _number(self, field: str, default: int, *, low: int = 0, high: int | None = None) -> int:
        value = self.data.get(field)
        if value is None:
            return default
        limits = {"low": low} | ({"high": high} if high else {})
        return whole(value, field, self.mistakes, **limits)

    def _flag(self, field: str) -> bool:
        value = self.data.get(field, False)
        if not isinstance(value, bool):
            self.mistakes.add(field, "assignment.mistake-not-flag", value=value)
        return value is True

    def _kinds(self, persons: Persons) -> tuple[Ints, Classes]:
        """Return each case's class and the classes; with matrices each case is its own class."""
        own, travel = self.data.get("effort"), self.data.get("cost")
        kinds = read_classes(self.classes, persons, needs_effort=own is None)
        n = len(self.cases.rows)
        if own is not None and not self.classes.rows:
            class_of = np.arange(n)
            nothing = np.zeros((n, persons.count), int)
            kinds = Classes(nothing, nothing, np.ones((n, persons.count), bool))
        else:
            class_of = self._class_of()
            if own is not None or travel is not None:
                kinds = Classes(
                    kinds.effort[class_of], kinds.cost[class_of], kinds.eligible[class_of]
                )
                class_of = np.arange(n)
        if own is not None:
            effort = read_matrix("effort", own, self.cases, persons)
            eligible = kinds.eligible & (effort != ABSENT)
            kinds = Classes(levelled(effort, eligible), kinds.cost, eligible)
        if travel is not None:
            cost = read_matrix("cost", travel, self.cases, persons)
            kinds = replace(kinds, cost=np.where(kinds.eligible, np.maximum(cost, 0), 0))
        return class_of, kinds

    def _class_of(self) -> Ints:
        last = len(self.classes.rows) - 1
        class_of = self.cases.numbers("class")
        for index in np.flatnonzero(class_of > last).tolist():
            self.mistakes.add(
                self.cases.place(index, "class"),
                "assignment.mistake-unknown-class",
                value=class_of[index],
                last=last,
            )
        return class_of if last >= 0 and class_of.max(initial=0) <= last else class_of * 0

    def _excluded(self, persons: Persons) -> dict[int, frozenset[int]]:
        found = {}
        for index, row in enumerate(self.cases.rows):
            if row.get("excluded") is not None:
                who = persons.several(
                    row["excluded"],
                    lambda at=index: self.cases.place(at, "excluded"),  # type: ignore[misc]
                )
                if who:
                    found[index] = frozenset(who)
        return found

    def _weeks(self) -> Ints:
        """Return what each person can work until the end of each week (m, w)."""
        rows = [row.get("capacity_until") or [] for row in self.staff.rows]
        most = max((len(row) for row in rows if isinstance(row, list)), default=0)
        result = np.zeros((len(rows), most), int)
        for index, row in enumerate(rows):
            place = self.staff.place(index, "capacity_until")
            if not isinstance(row, list):
                self.mistakes.add(place, "assignment.mistake-not-list")
            elif len(row) != most:
                self.mistakes.add(
                    place,
                    "assignment.mistake-length",
                    found=len(row),
                    wanted=most,
                    beside="staff[*].capacity_until",
                )
            else:
                result[index] = [whole(value, place, self.mistakes) for value in row]
        return result
