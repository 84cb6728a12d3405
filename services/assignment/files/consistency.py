"""What contradicts itself in a problem whose single values are fine."""

import numpy as np

from services.assignment.files.columns import Table
from services.assignment.problem import NOBODY, UNLIMITED, Problem


def check_consistency(problem: Problem, staff: Table, cases: Table) -> None:
    """Note pins that cannot hold, persons without capacity, weeks that do not fit."""
    _check_pins(problem, cases)
    _check_pinned_numbers(problem, staff)
    _check_capacity(problem, staff)
    _check_weeks(problem, staff, cases)


def _check_pins(problem: Problem, cases: Table) -> None:
    for index in np.flatnonzero(problem.pinned != NOBODY).tolist():
        person, place = problem.pinned[index], cases.place(index, "pinned")
        name = problem.staff[person]
        if person in problem.excluded.get(index, ()):
            cases.mistakes.add(place, "assignment.mistake-pinned-excluded", person=name)
        elif not problem.eligible[problem.class_of[index], person]:
            cases.mistakes.add(place, "assignment.mistake-pinned-not-eligible", person=name)


def _check_pinned_numbers(problem: Problem, staff: Table) -> None:
    pinned = np.bincount(problem.pinned[problem.pinned != NOBODY], minlength=len(problem.staff))
    too_many = (problem.most_cases != UNLIMITED) & (pinned > problem.most_cases)
    for person in np.flatnonzero(too_many).tolist():
        staff.mistakes.add(
            staff.place(person, "most_cases"),
            "assignment.mistake-pinned-too-many",
            pinned=pinned[person],
            most=problem.most_cases[person],
        )


def _check_capacity(problem: Problem, staff: Table) -> None:
    """Work of somebody without capacity has no utilisation."""
    may = problem.eligible[np.unique(problem.class_of)].any(axis=0)
    without = (problem.capacity == 0) & (may | (problem.load > 0))
    for person in np.flatnonzero(without).tolist():
        staff.mistakes.add(staff.place(person, "capacity"), "assignment.mistake-no-capacity")


def _check_weeks(problem: Problem, staff: Table, cases: Table) -> None:
    weeks = problem.capacity_until.shape[1]
    falls = (np.diff(problem.capacity_until, axis=1) < 0).any(axis=1)
    for person in np.flatnonzero(falls).tolist():
        staff.mistakes.add(staff.place(person, "capacity_until"), "assignment.mistake-weeks-fall")
    for index in np.flatnonzero(problem.due >= weeks).tolist():
        cases.mistakes.add(
            cases.place(index, "due"),
            "assignment.mistake-week",
            value=problem.due[index],
            weeks=weeks,
        )
