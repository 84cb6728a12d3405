"""A case as the assignment sees it: a number, no name; flags, no reasons."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.assignment.domain.kinds import Units
from services.records import Line, Record, Slug

CaseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,39}$")]
"""A pseudonymous number; what has a blank or an umlaut may be a name and is refused."""
PersonId = CaseId
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class Urgency(StrEnum):
    """How soon a case must begin."""

    NORMAL = "normal"
    URGENT = "urgent"
    """Within the second week, whatever its deadline."""
    EMERGENCY = "emergency"
    """Hours to days: in the first week."""


class Bar(StrEnum):
    """Why somebody must not take a case; never more than this is stored."""

    LAW = "law"
    """Excluded by law (§ 16 SGB X, § 20 VwVfG); nobody can waive it."""
    ORDERED = "ordered"
    """Ordered by the head of the authority (§ 17 SGB X, § 21 VwVfG)."""


class Exclusion(Record):
    """Somebody who must not take a case. An order has its reference and day, the law has none."""

    person: PersonId
    bar: Bar
    order: Line | None = None
    ordered_on: date | None = None

    @model_validator(mode="after")
    def _has_its_order(self) -> Self:
        needed = self.bar is Bar.ORDERED
        if (self.order is not None, self.ordered_on is not None) != (needed, needed):
            raise PydanticCustomError(
                "case_exclusion", "order and ordered_on belong to an ordered exclusion alone"
            )
        return self


class Case(Record):
    """A case to be placed.

    Attributes:
        effort: units if they differ from the agreed weight of the type.
        qualification: needed beyond the type's own.
        since: day on which it came in, or was complete: from then a computed deadline counts.
        deadline: last day, if it is not computed from `since` by the rule of the type.
        client: token of the client or household; the same for all their cases.
        accepted_by: who has accepted the case and keeps it.
        proposed_to: who has it now but has not accepted it.
    """

    id: CaseId
    type: Slug
    effort: Units | None = None
    district: Slug | None = None
    qualification: Slug | None = None
    language: Language | None = None
    urgency: Urgency = Urgency.NORMAL
    since: date | None = None
    deadline: date | None = None
    client: Token | None = None
    exclusions: tuple[Exclusion, ...] = Field(default=(), max_length=50)
    accepted_by: PersonId | None = None
    proposed_to: PersonId | None = None

    @model_validator(mode="after")
    def _has_one_holder(self) -> Self:
        if self.accepted_by is not None and self.proposed_to is not None:
            raise PydanticCustomError("case_holder", "accepted_by or proposed_to, not both")
        return self
