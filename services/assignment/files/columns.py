"""From rows of JSON to columns of whole numbers, checked by the column and told by the row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from services.assignment.mistakes import Mistakes
from services.assignment.problem import NOBODY, UNLIMITED, Ints

LARGEST = 1_000_000_000
"""Sums of 100,000 such numbers are still exact, in integers and in floating point."""
Row = Mapping[str, Any]


def whole(
    value: object, place: str, mistakes: Mistakes, *, low: int = 0, high: int = LARGEST
) -> int:
    """Return a whole number between two limits; else note a mistake and return the lower one."""
    if type(value) is not int:
        mistakes.add(place, "assignment.mistake-not-whole", value=value)
    elif not low <= value <= high:
        mistakes.add(place, "assignment.mistake-range", value=value, low=low, high=high)
    else:
        return value
    return low


@dataclass(frozen=True)
class Table:
    """Rows of one list of the file, with the way to name a row."""

    name: str
    rows: Sequence[Row]
    mistakes: Mistakes

    def place(self, index: int, field: str = "") -> str:
        """Return where something stands: "cases[3] (c3).due"."""
        shown = self.rows[index].get("id")
        named = f"{self.name}[{index}]" + (f" ({shown})" if isinstance(shown, str) else "")
        return f"{named}.{field}" if field else named

    def has(self, field: str) -> bool:
        """Whether any row has the field."""
        return any(field in row for row in self.rows)

    def only(self, known: Sequence[str]) -> None:
        """Note every field that no row may have."""
        strange = set().union(*self.rows) - set(known) if self.rows else set()
        for index, row in enumerate(self.rows if strange else ()):
            for field in sorted(strange & row.keys()):
                self.mistakes.add(
                    self.place(index, field),
                    "assignment.mistake-unknown-field",
                    known=", ".join(known),
                )

    def ids(self) -> tuple[str, ...]:
        """Return the rows' ids; each is a text that no other row has."""
        found = [row.get("id") for row in self.rows]
        first: dict[str, int] = {}
        for index, one in enumerate(found):
            if not isinstance(one, str) or not one:
                self.mistakes.add(self.place(index, "id"), "assignment.mistake-no-id")
            elif first.setdefault(one, index) != index:
                self.mistakes.add(
                    self.place(index, "id"),
                    "assignment.mistake-double-id",
                    value=one,
                    first=self.place(first[one]),
                )
        return tuple(str(one) for one in found)

    def numbers(self, field: str, default: int | None = None, *, high: int = LARGEST) -> Ints:
        """Return a field of whole numbers from 0; `default` where it is left out or null.

        Without a default the field is needed in every row.
        """
        values = [row.get(field) for row in self.rows]
        if set(map(type, values)) <= {int}:
            try:
                numbers = np.array(values, np.int64)
            except OverflowError:
                pass
            else:
                if not ((numbers < 0) | (numbers > high)).any():
                    return numbers
        return self._one_by_one(field, values, default, high)

    def _one_by_one(
        self, field: str, values: Sequence[object], default: int | None, high: int
    ) -> Ints:
        result = np.zeros(len(values), np.int64)
        for index, value in enumerate(values):
            if value is None and default is not None:
                result[index] = default
            elif value is None:
                self.mistakes.add(self.place(index, field), "assignment.mistake-missing")
            else:
                result[index] = whole(value, self.place(index, field), self.mistakes, high=high)
        return result

    def limits(self, field: str) -> Ints:
        """Return a field of whole numbers that may be left out: then it is `UNLIMITED`."""
        return self.numbers(field, UNLIMITED)


@dataclass(frozen=True)
class Persons:
    """Finds the person somebody names by number or by id."""

    ids: Sequence[str]
    mistakes: Mistakes

    @property
    def count(self) -> int:
        return len(self.ids)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {one: index for index, one in enumerate(self.ids)}

    def one(self, value: object, place: Callable[[], str]) -> int:
        """Return a person's number; `NOBODY`, with a mistake noted, if there is none such."""
        if type(value) is int and 0 <= value < self.count:
            return value
        if isinstance(value, str) and value in self.numbers:
            return self.numbers[value]
        self.mistakes.add(
            place(), "assignment.mistake-unknown-person", value=value, last=self.count - 1
        )
        return NOBODY

    def several(self, value: object, place: Callable[[], str]) -> list[int]:
        """Return the persons of a list, each once."""
        if not isinstance(value, list):
            self.mistakes.add(place(), "assignment.mistake-not-list")
            return []
        found = [self.one(person, place) for person in value]
        if len(set(found) - {NOBODY}) + found.count(NOBODY) < len(found):
            self.mistakes.add(place(), "assignment.mistake-double-person")
        return [person for person in dict.fromkeys(found) if person != NOBODY]

    def column(self, table: Table, field: str) -> Ints:
        """Return the person each row names; `NOBODY` where the field is left out or null."""
        found = np.full(len(table.rows), NOBODY)
        for index, row in enumerate(table.rows if table.has(field) else ()):
            value = row.get(field)
            if value is not None:
                found[index] = self.one(value, lambda at=index: table.place(at, field))  # type: ignore[misc]
        return found


def flat_numbers(lists: Iterable[Sequence[object]], high: int) -> Ints | None:
    """Return the numbers of some lists one after the other; None unless all are 0 to `high`."""
    values = list(chain.from_iterable(lists))
    if not set(map(type, values)) <= {int}:
        return None
    try:
        numbers = np.array(values, np.int64)
    except OverflowError:
        return None
    return None if ((numbers < 0) | (numbers > high)).any() else numbers
