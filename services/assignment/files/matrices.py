"""Efforts and costs by case and person, for problems whose effort depends on who does the work."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.assignment.files.columns import LARGEST, Persons, Table, flat_numbers, whole
from services.assignment.problem import Ints

ABSENT = -1


def read_matrix(field: str, data: object, cases: Table, persons: Persons) -> Ints:
    """Return a matrix (n, m) of whole numbers from 0, `ABSENT` where a cell is null.

    A row is a list with a cell for every person, or an object with cells by person's id.
    """
    shape = (len(cases.rows), persons.count)
    result = np.full(shape, ABSENT)
    if not isinstance(data, list):
        cases.mistakes.add(field, "assignment.mistake-not-list")
    elif len(data) != shape[0]:
        cases.mistakes.add(
            field, "assignment.mistake-length", found=len(data), wanted=shape[0], beside="cases"
        )
    else:
        for index, row in enumerate(data):
            _fill(result[index], row, f"{field}[{index}] ({cases.rows[index].get('id')})", persons)
    return result


def _fill(target: Ints, row: object, place: str, persons: Persons) -> None:
    cells = _by_person(row, place, persons) if isinstance(row, dict) else row
    if not isinstance(cells, list):
        persons.mistakes.add(place, "assignment.mistake-not-list")
    elif len(cells) != len(target):
        persons.mistakes.add(
            place,
            "assignment.mistake-length",
            found=len(cells),
            wanted=len(target),
            beside="staff",
        )
    else:
        target[:] = _numbers(cells, place, persons)


def _by_person(row: Mapping[str, object], place: str, persons: Persons) -> list[object]:
    cells: list[object] = [None] * persons.count
    for key, value in row.items():
        person = persons.one(key, lambda: place)
        if person >= 0:
            cells[person] = value
    return cells


def _numbers(cells: Sequence[object], place: str, persons: Persons) -> Sequence[int] | Ints:
    if None not in cells:
        numbers = flat_numbers([cells], LARGEST)
        if numbers is not None:
            return numbers
    return [
        ABSENT if cell is None else whole(cell, f"{place}[{index}]", persons.mistakes)
        for index, cell in enumerate(cells)
    ]
