"""Classes of a file as arrays: who may take a case of the class, at what effort and travel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.assignment.files.columns import LARGEST, Persons, Table, flat_numbers, whole
from services.assignment.problem import Flags, Ints

FIELDS = ("type", "effort", "district", "language", "eligible", "cost")


@dataclass(frozen=True)
class Classes:
    """What Problem needs of classes; shapes (k, m)."""

    effort: Ints
    cost: Ints
    eligible: Flags


def read_classes(table: Table, persons: Persons, *, needs_effort: bool) -> Classes:
    """Return the classes of a file; what is wrong is noted in `table.mistakes`.

    `effort` is a number, or a list beside `eligible`; without `needs_effort` it may be left out.
    """
    table.only(FIELDS)
    _check_labels(table)
    shape = (len(table.rows), persons.count)
    eligible, cost, effort = np.zeros(shape, bool), np.zeros(shape, int), np.zeros(shape, int)
    who = _eligible(table, persons)
    counts = np.array([len(one) for one in who], int)
    rows = np.repeat(np.arange(len(who)), counts)
    columns = np.array([person for one in who for person in one], int)
    eligible[rows, columns] = True
    cost[rows, columns] = _beside(table, "cost", who)
    if any(isinstance(row.get("effort"), list) for row in table.rows):
        effort[rows, columns] = _beside(table, "effort", who)
        effort = levelled(effort, eligible)
    elif needs_effort or table.has("effort"):
        numbers = table.numbers("effort", None if needs_effort else 0)
        effort = np.broadcast_to(numbers[:, None], shape)
    return Classes(effort, cost, eligible)


def levelled(effort: Ints, eligible: Flags) -> Ints:
    """Return the efforts with every row filled that is the same for all who may take the case.

    Who may not take it has no effort of their own; only so does a row count as the same for all.
    """
    if not effort.size:
        return effort
    most = np.where(eligible, effort, 0).max(axis=1)
    least = np.where(eligible, effort, most[:, None]).min(axis=1)
    return np.where((most == least)[:, None], most[:, None], np.where(eligible, effort, 0))


def _eligible(table: Table, persons: Persons) -> list[list[int]]:
    """Return who may take each class, in the order of the file."""
    lists = [row.get("eligible") for row in table.rows]
    if all(type(one) is list for one in lists):
        known: list[list[int]] = [one for one in lists if one is not None]
        numbers = flat_numbers(known, persons.count - 1)
        if numbers is not None and all(len(set(one)) == len(one) for one in known):
            return known
    return [
        persons.several(one, lambda at=index: table.place(at, "eligible"))  # type: ignore[misc]
        for index, one in enumerate(lists)
    ]


def _beside(table: Table, field: str, who: Sequence[Sequence[int]]) -> Ints:
    """Return a list beside `eligible`, all classes one after the other; left out it is 0.

    A single number stands for everybody.
    """
    lists = [
        _spread(row.get(field, 0), len(one)) for row, one in zip(table.rows, who, strict=True)
    ]
    fits = [
        type(one) is list and len(one) == len(row) for one, row in zip(lists, who, strict=True)
    ]
    numbers = (
        flat_numbers([one for one in lists if isinstance(one, list)], LARGEST)
        if all(fits)
        else None
    )
    if numbers is not None:
        return numbers
    result: list[int] = []
    for index, (one, row) in enumerate(zip(lists, who, strict=True)):
        place = table.place(index, field)
        if not isinstance(one, list):
            table.mistakes.add(place, "assignment.mistake-not-list")
        elif len(one) != len(row):
            table.mistakes.add(
                place,
                "assignment.mistake-length",
                found=len(one),
                wanted=len(row),
                beside="eligible",
            )
        else:
            result += [whole(value, place, table.mistakes) for value in one]
            continue
        result += [0] * len(row)
    return np.array(result, int)


def _spread(value: object, count: int) -> list[object] | object:
    return [value] * count if type(value) is int else value


def _check_labels(table: Table) -> None:
    """A class's name, district and language are for people; they may be left out."""
    for field in ("type", "district", "language"):
        if {type(row.get(field)) for row in table.rows} <= {str, int, type(None)}:
            continue
        for index, row in enumerate(table.rows):
            if not isinstance(row.get(field), (str, int, type(None))):
                table.mistakes.add(table.place(index, field), "assignment.mistake-not-text")
