"""A public service (Leistung) and an office, as editors and feeds deliver them.

Every fee, deadline and legal basis carries the law and paragraph it stands in and the date of the
look; a record without them is refused. Unknown is an empty list or null, never a guess.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.records import (
    Area,
    HttpsUrl,
    LawSource,
    Line,
    Localised,
    LocalisedLines,
    Phone,
    Postcode,
    Record,
    Slug,
)

LeikaKey = Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")]
OzgId = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
Euro = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=2)]
Documents = Annotated[
    LocalisedLines, BeforeValidator(lambda given: {"de": (), "en": ()} if given == [] else given)
]
"""What to bring in both languages; [] for "nobody knows"."""
TOP_LEVEL = {"1.1": 4, "2.0": 7}
"""Highest maturity level of each model; the two are never converted into each other."""


class Address(Record):
    """Where an office is."""

    street: Line
    postcode: Postcode
    town: Line


class Office(Record):
    """An office and the tasks it is responsible for within its area."""

    id: Slug
    name: Localised
    area: Area
    level: Literal["municipality", "county", "third-party"]
    tasks: tuple[Slug, ...] = ()
    address: Address | None = None
    phone: Phone | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$")] | None = None
    url: HttpsUrl | None = None
    hours: tuple[Line, ...] = ()
    unverified: tuple[Literal["address", "phone", "email", "url", "hours"], ...] = ()


class Fee(Record):
    """What a service costs in euro: one amount, or a range."""

    what: Localised
    amount: Euro | None = None
    lowest: Annotated[Euro | None, Field(alias="from")] = None
    highest: Annotated[Euro | None, Field(alias="to")] = None
    source: LawSource

    @model_validator(mode="after")
    def _one_amount_or_range(self) -> Self:
        ranged = self.lowest is not None or self.highest is not None
        upside_down = (
            self.lowest is not None and self.highest is not None and self.lowest > self.highest
        )
        if ranged == (self.amount is not None) or upside_down:
            raise PydanticCustomError("fee_amount", "either amount or from/to, from below to")
        return self


class Deadline(Record):
    """By when a person must act."""

    what: Localised
    value: Annotated[int, Field(ge=1, le=1000, strict=True)]
    unit: Literal["day", "working_day", "week", "month", "year"]
    source: LawSource


class Maturity(Record):
    """How far a service is online (Reifegrad) in an area, and by which model; null is unknown."""

    area: Area
    model: Literal["1.1", "2.0"]
    level: Annotated[int, Field(ge=0, strict=True)] | None
    as_of: date
    evidence: Line

    @model_validator(mode="after")
    def _level_exists(self) -> Self:
        if self.level is not None and self.level > TOP_LEVEL[self.model]:
            raise PydanticCustomError("maturity_level", "no such level in this model")
        return self


class OnlineLink(Record):
    """Where a service can be used online in an area."""

    area: Area
    url: HttpsUrl
    status: Literal["ok", "broken", "unverified"]


class ResponsibleOffice(Record):
    """Which office answers for a service in an area."""

    area: Area
    office: Slug


class Service(Record):
    """A public service: what it is, who is responsible, what it takes."""

    id: Slug
    leika: tuple[LeikaKey, ...]
    official: Line
    ozg: OzgId | None
    name: Localised
    summary: Localised
    synonyms: tuple[Line, ...] = Field(min_length=3)
    situations: tuple[Slug, ...] = Field(min_length=1)
    task: Slug | None = None
    responsibility: tuple[ResponsibleOffice, ...] = ()
    documents: Documents = LocalisedLines(de=(), en=())
    processing: Localised | None = None
    fees: tuple[Fee, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    legal_basis: tuple[LawSource, ...] = ()
    maturity: tuple[Maturity, ...] = ()
    online: tuple[OnlineLink, ...] = ()
    hint: Localised | None = None
    review_by: date

    @model_validator(mode="after")
    def _somebody_is_responsible(self) -> Self:
        if (self.task is None) == (not self.responsibility):
            raise PydanticCustomError("responsibility", "give either task or responsibility")
        return self

    def documents_in(self, language: str) -> tuple[str, ...]:
        """Return what to bring; empty when nobody knows."""
        return self.documents.of(language)
