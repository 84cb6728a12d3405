"""A question that is no service, and its answer, as editors of a region keep it in faq.yaml."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.records import Line, Localised, Record, Slug

LEAST_PHRASES = 10
"""German phrases of each question; fewer are seldom found."""
LANGUAGES = ("de", "en", "uk", "ru", "ar", "tr", "pl")
OFFICE = "{office}"
"""Stands in a phrase for every office that the guide has a word for."""
YEARLY = re.compile(r"(0[1-9]|1[0-2])-[0-3][0-9]")

ShortSlug = Annotated[Slug, StringConstraints(max_length=20)]
"""Stands in a button together with the id of an office, which leaves no more room."""


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    """With the words of the record."""
    HOURS = "hours"
    """With the opening hours of an office."""
    TODAY = "today"
    """With whether an office is open, now or on a day."""
    CONTACT = "contact"
    """With telephone, address and other ways to an office."""
    RESPONSIBLE = "responsible"
    """By asking back: the card of a service says who is responsible."""
    HOLIDAYS = "holidays"
    """With the public holidays to come."""
    MUNICIPALITIES = "municipalities"
    """With the county's towns and municipalities."""


def _is_day(value: str) -> str:
    try:
        if YEARLY.fullmatch(value):
            date.fromisoformat(f"2000-{value}")  # a leap year: 29 February may stand there
        else:
            date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("closing_day", "neither MM-DD nor YYYY-MM-DD") from None
    return value


class ClosingDay(Record):
    """A day on which the offices are closed though it is no public holiday."""

    on: Annotated[str, AfterValidator(_is_day)]
    name: Localised

    def is_on(self, day: date) -> bool:
        return self.on in {day.isoformat(), f"{day:%m-%d}"}


class OfficeWords(Record):
    """Everyday words for the office that has a task: "Zulassungsstelle", "KFZ-Stelle"."""

    task: Slug
    words: tuple[Annotated[str, StringConstraints(min_length=3, max_length=40)], ...] = Field(
        min_length=1
    )


class Guide(Record):
    """Whom a question about "you" means: the office of the county, the town halls."""

    county: Slug
    town_task: Slug
    words: tuple[OfficeWords, ...] = ()


class Faq(Record):
    """A question people ask, how they say it, and what is answered.

    `office` knows more, or is what the question is about; `task` names the office that has this
    task where the person lives.
    """

    id: ShortSlug
    name: Localised
    phrases: dict[str, tuple[Line, ...]]
    kind: Kind = Kind.TEXT
    answer: Localised | None = None
    office: Slug | None = None
    task: Slug | None = None
    services: tuple[Slug, ...] = Field(default=(), max_length=5)
    as_of: date
    review_by: date

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        unknown = sorted(self.phrases.keys() - set(LANGUAGES))
        if unknown:
            raise PydanticCustomError(
                "faq_language", "no such language", {"language": ", ".join(unknown)}
            )
        count = len(self.phrases.get("de", ()))
        if count < LEAST_PHRASES:
            raise PydanticCustomError(
                "faq_phrases", "too few phrases", {"count": count, "least": LEAST_PHRASES}
            )
        if self.kind is Kind.TEXT and self.answer is None:
            raise PydanticCustomError("faq_answer", "a text needs its answer")
        return self

    @property
    def all_phrases(self) -> tuple[str, ...]:
        return tuple(phrase for phrases in self.phrases.values() for phrase in phrases)

    def about(self, offices: Iterable[str]) -> Self:
        """Return the record in which "{office}" in a phrase has become one for each office."""
        names = tuple(offices)
        phrases = {
            language: tuple(one for phrase in written for one in _about(phrase, names))
            for language, written in self.phrases.items()
        }
        return self.model_copy(update={"phrases": phrases})


def _about(phrase: str, offices: Iterable[str]) -> Iterable[str]:
    if OFFICE not in phrase:
        return (phrase,)
    return dict.fromkeys(phrase.replace(OFFICE, name) for name in offices)
