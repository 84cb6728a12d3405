"""Building blocks of the records that editors write: strict, with plain values only."""

import re
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Postcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9][0-9 /-]{5,22}[0-9]$")]
Area = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{2}|[0-9]{3}|[0-9]{5}|[0-9]{9}|[0-9]{12})?$")
]
"""Prefix of an ARS: "" Germany, 2 digits state, 5 county, 12 municipality."""
PRINTABLE = re.compile(r"[^\s\x00-\x1f\x7f]+")


def _is_https(value: str) -> str:
    try:
        parts = urlsplit(value)
        plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
    except ValueError:  # brackets that are no IPv6 address
        plain = False
    if not plain or not value.startswith("https://") or not PRINTABLE.fullmatch(value):
        raise PydanticCustomError("not_https", "not an https address")
    return value


HttpsUrl = Annotated[str, StringConstraints(max_length=300), AfterValidator(_is_https)]


class Record(BaseModel):
    """A record that refuses unknown fields and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


CATALOGUE_LANGUAGES = ("de", "en")
"""What records are written in. Readers of all other languages see the German: that is what the
office reads, and they can show it there."""


class Localised(Record):
    """A text in German and English."""

    de: Line
    en: Line

    def of(self, language: str) -> str:
        """Return the English text for English readers, the German one for everybody else."""
        return self.en if language == "en" else self.de


class LocalisedLines(Record):
    """A list in German and English."""

    de: tuple[Line, ...]
    en: tuple[Line, ...]

    def of(self, language: str) -> tuple[str, ...]:
        return self.en if language == "en" else self.de


class LawSource(Record):
    """Where a fact stands: law, paragraph, and the day of the text or of the knowledge.

    `verified` is false for what somebody knew but did not read in the law's text; people are told.
    """

    law: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    paragraph: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    as_of: date
    verified: bool = True


def covers(area: str, ars: str) -> bool:
    """Whether an area contains the place; an area is a prefix of the ARS of all places in it."""
    return ars.startswith(area)
