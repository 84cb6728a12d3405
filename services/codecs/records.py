"""Codecs as the people who look after them see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Listed:
    """A codec in the list.

    `state` as in the model; `uploaded_by` is a staff number, None the operator at the terminal.
    """

    id: int
    name: str
    style: str
    sha256: str
    state: str
    examples: int
    uploaded_by: int | None
    uploaded_at: datetime
    decided_at: datetime | None
    failures: int
    last_problem: str


@dataclass(frozen=True)
class Waiting:
    """Files that wait to be fetched and checked, by Telegram's numbers of them."""

    id: int
    name: str
    script_file: str
    examples_file: str


@dataclass(frozen=True)
class Report:
    """What was wrong with an upload."""

    name: str
    problems: tuple[Mapping[str, Any], ...]
