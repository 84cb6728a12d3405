"""Declares where a table keeps something about a person; /auskunft and /loeschen go by it.

A table with a person's id that declares nothing fails an architecture test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table

from services.db import Base


class Erasure(StrEnum):
    """What /loeschen does with the rows of a person."""

    DELETE = "delete"
    UNLINK = "unlink"
    """The row stays (it proves what staff did), the person's id in it is removed."""


@dataclass(frozen=True)
class Personal:
    """What a table keeps about a chat.

    Attributes:
        owner: column with the chat's id.
        purpose_key: text key of what it is kept for, shown in /auskunft.
        shown: columns exported to the person.
        erasure: what /loeschen does.
    """

    owner: str
    purpose_key: str
    shown: tuple[str, ...]
    erasure: Erasure = Erasure.DELETE


def personal_tables() -> Iterator[tuple[Table, Personal]]:
    """Yield every table that keeps something about a person, dependants first."""
    declared = {
        mapper.class_.__tablename__: mapper.class_.personal
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "personal")
    }
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in declared:
            yield table, declared[table.name]
