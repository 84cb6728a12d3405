"""Staff as the assignment sees them: hours and rights; no cause of an absence, no speed."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.assignment.domain.cases import Language, PersonId, Token
from services.records import Record, Slug

Hours = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10_000)]
WEEKS_REMEMBERED = 26
RAMP_UP = (0.4, 0.6, 0.8, 1.0)
"""Part of the capacity in the first, second, third month, and from the fourth on."""


class Absence(Record):
    """Days on which somebody is not there, first and last included. Why is nobody's business."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("case_absence", "last is not before first")
        return self

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, other: "Absence") -> bool:
        """Whether two absences share a day."""
        return self.first <= other.last and other.first <= self.last


class Person(Record):
    """Somebody of the staff.

    Attributes:
        hours: agreed hours a week (part time: fewer).
        blocked_hours: hours a week that are no case work: duty desk, meetings, other offices.
        started_on: first day, if the first months count less (`ramp_up`).
        blocked_types: types of cases not taken during these months.
        open_cases: cases they have beside those to be placed.
        load: work of these, in units.
        balance: units above (or below) the fair share of each of the last weeks, oldest first.
        clients: tokens of clients they know.
        deputies: who stands in for them, first choice first.
        most_deputy_load: units they can bear for others at once.
    """

    id: PersonId
    hours: Hours
    blocked_hours: Hours = 0.0
    absences: tuple[Absence, ...] = Field(default=(), max_length=200)
    started_on: date | None = None
    ramp_up: tuple[Share, ...] = Field(default=RAMP_UP, min_length=1, max_length=12)
    blocked_types: frozenset[Slug] = frozenset()
    qualifications: frozenset[Slug] = frozenset()
    may_sign: bool = False
    districts: frozenset[Slug] = frozenset()
    languages: frozenset[Language] = frozenset()
    most_cases: Count | None = None
    most_new_per_week: Count | None = None
    open_cases: Count = 0
    load: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    balance: tuple[int, ...] = Field(default=(), max_length=WEEKS_REMEMBERED)
    clients: frozenset[Token] = frozenset()
    deputies: tuple[PersonId, ...] = Field(default=(), max_length=10)
    most_deputy_load: Annotated[int, Field(ge=0, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _blocks_fit(self) -> Self:
        if self.blocked_hours > self.hours:
            raise PydanticCustomError("case_blocks", "blocked_hours are not more than hours")
        return self

    def factor(self, day: date) -> float:
        """Return the part of their hours that counts on a day, by the month since they began."""
        if self.started_on is None:
            return 1.0
        began = self.started_on
        months = 12 * (day.year - began.year) + day.month - began.month - (day.day < began.day)
        return 0.0 if months < 0 else self.ramp_up[min(months, len(self.ramp_up) - 1)]

    def is_new(self, day: date) -> bool:
        """Whether the first months last still."""
        return self.factor(day) < 1.0

    def is_there(self, day: date) -> bool:
        return not any(absence.holds(day) for absence in self.absences)
