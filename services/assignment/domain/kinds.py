"""Types of cases: what the law asks for, how long one takes by default, until when, who may do it.

Default efforts are placeholders until the county has measured its own and agreed on them.
"""

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.records import LawSource, Localised, Record, Slug

LAST_YEAR = MAXYEAR - 11
"""A deadline is at most ten years away; what would leave the calendar ends with it."""
MOST_UNITS = 4_000
"""1,000 hours: more than a case can take."""
Units = Annotated[int, Field(ge=1, le=MOST_UNITS)]


class DeadlineKind(StrEnum):
    """Who says until when a case must be done."""

    COURT = "court"
    """The court, for each case."""
    APPOINTMENT = "appointment"
    """An appointment, for each case."""
    STATUTORY = "statutory"
    """The law, so long after the case is complete."""
    SERVICE = "service"
    """A promise of the house, so long after the case came in."""
    NONE = "none"


class DeadlineRule(Record):
    """How the deadline of a case comes about; `months` or `days` for those that are computed."""

    kind: DeadlineKind
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        computed = self.kind in {DeadlineKind.STATUTORY, DeadlineKind.SERVICE}
        if computed != ((self.months is None) != (self.days is None)):
            raise PydanticCustomError("case_deadline", "months or days where it is computed")
        if not computed and (self.months or self.days):
            raise PydanticCustomError("case_deadline", "months or days where it is computed")
        return self

    def until(self, since: date) -> date | None:
        """Return the last day of a computed deadline; None where somebody sets it by hand.

        Months end on the day of the same number, or on the last of a shorter month (§ 188 BGB). A
        weekend at the end would prolong it; not to count on that is the safe side.
        """
        if since.year > LAST_YEAR:
            return date.max
        if self.days is not None:
            return since + timedelta(days=self.days)
        if self.months is None:
            return None
        years, month = divmod(since.month - 1 + self.months, 12)
        year, month = since.year + years, month + 1
        return date(year, month, min(since.day, monthrange(year, month)[1]))


class EffortRange(Record):
    """Units of 15 minutes a case of the type takes: default, and from when somebody asks back."""

    least: Units
    default: Units
    most: Units

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not self.least <= self.default <= self.most:
            raise PydanticCustomError("case_effort", "least <= default <= most")
        return self


class CaseType(Record):
    """A kind of work with its legal basis."""

    id: Slug
    name: Localised
    legal_basis: tuple[LawSource, ...] = ()
    effort: EffortRange
    deadline: DeadlineRule
    qualification: Slug | None = None
    """What somebody must have to take such a case (§ 3 BtOG asks for it)."""
    signature: bool = False
    """Whether only somebody with the right to sign may take it."""
