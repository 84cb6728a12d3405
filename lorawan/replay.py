"""Values from a file, written as The Things Stack would send them: for trials and exercises.

The Things Stack is the one network server that can mark a message as made by hand
(`simulated`), so replayed values are never taken for measured ones unless somebody wants that.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

TIME_COLUMNS = ("time", "timestamp", "date", "datetime", "zeit")
PROFILE = ("abibot", "vocabulary")
"""Brand and model: the values already have the vocabulary's names and units."""


class ReplayError(ValueError):
    """A file that cannot be replayed; `problem` is a slug, `line` counts from 1 (0: the whole)."""

    def __init__(self, problem: str, line: int = 0, detail: str = "") -> None:
        super().__init__(problem, line, detail)
        self.problem = problem
        self.line = line
        self.detail = detail


@dataclass(frozen=True)
class Column:
    """A column and what it means: value * factor is in the vocabulary's unit."""

    name: str
    quantity: str
    factor: float = 1.0

    @classmethod
    def parse(cls, words: str, quantities: Iterable[str]) -> "Column":
        """Read "w_cm=water.level*0.01"; raise `ReplayError` for anything else."""
        name, equals, meaning = words.partition("=")
        quantity, _, factor = meaning.partition("*")
        if not (name and equals and quantity):
            raise ReplayError("column", detail=words)
        if quantity not in set(quantities):
            raise ReplayError("quantity", detail=quantity)
        return cls(name, quantity, _number(factor, 0) if factor else 1.0)


@dataclass(frozen=True)
class Moment:
    """Values of one time; `time` is aware, UTC."""

    time: datetime
    values: Mapping[str, float]


def read_csv(lines: Iterable[str], columns: Sequence[Column], zone: tzinfo) -> Iterator[Moment]:
    """Yield the rows of a CSV file with a header, in its order; empty cells are left out.

    Times without an offset are taken in `zone`. Raises `ReplayError` at the row that is wrong.
    """
    rows = csv.reader(lines)
    header = [name.strip().lstrip("\ufeff") for name in next(rows, [])]
    when = next((name for name in header if name.lower() in TIME_COLUMNS), None)
    if when is None:
        raise ReplayError("no-time-column", 1, ", ".join(header))
    missing = [column.name for column in columns if column.name not in header]
    if missing or not columns:
        raise ReplayError("no-column", 1, ", ".join(missing))
    for cells in rows:
        if not cells:
            continue
        if len(cells) != len(header):
            raise ReplayError("cells", rows.line_num, f"{len(cells)}/{len(header)}")
        row = dict(zip(header, cells, strict=True))
        values = {
            column.quantity: _number(cell, rows.line_num) * column.factor
            for column in columns
            if (cell := row.get(column.name, "").strip())
        }
        if values:
            yield Moment(_time(row.get(when, ""), zone, rows.line_num), values)


def message(
    *,
    dev_eui: str,
    name: str,
    session: str,
    f_cnt: int,
    moment: Moment,
    simulated: bool = True,
) -> dict[str, Any]:
    """Return the body of a message of The Things Stack with these values.

    Raises no error; `dev_eui` has 16 hexadecimal digits. Equal arguments give equal bodies, so
    a repeated replay is recognised as a repetition.
    """
    brand, model = PROFILE
    time = moment.time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "end_device_ids": {
            "device_id": name,
            "application_ids": {"application_id": "replay"},
            "dev_eui": dev_eui.upper(),
        },
        "received_at": time,
        **({"simulated": True} if simulated else {}),
        "uplink_message": {
            "session_key_id": session,
            "f_port": 1,
            "f_cnt": f_cnt,
            "decoded_payload": dict(moment.values),
            "version_ids": {"brand_id": brand, "model_id": model},
            "received_at": time,
        },
    }


def _number(words: str, line: int) -> float:
    try:
        return float(words)
    except ValueError:
        raise ReplayError("number", line, words) from None


def _time(words: str, zone: tzinfo, line: int) -> datetime:
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        raise ReplayError("time", line, words) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
