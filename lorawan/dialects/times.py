"""Times as network servers write them; an impossible one is unknown, never an error."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""What lies outside was written by a clock that was never set."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def read_time(text: Any) -> datetime | None:
    """Return a time as RFC 3339 writes it, in UTC, cut to microseconds.

    None when it is missing, of another form, without an offset, impossible (a 31st of February,
    "2020-0327T12:39:05Z") or absurd (before 2000, from 2100 on).
    """
    if not isinstance(text, str) or not RFC_3339.fullmatch(text):
        return None
    try:
        return _possible(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def from_milliseconds(value: Any) -> datetime | None:
    """Return the time so many milliseconds after the start of 1970; None like `read_time`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return _possible(EPOCH + timedelta(milliseconds=value))
    except (OverflowError, ValueError):
        return None


def from_seconds(seconds: int, nanoseconds: int) -> datetime | None:
    """Return the time of a protobuf timestamp; None like `read_time`."""
    try:
        return _possible(EPOCH + timedelta(seconds=seconds, microseconds=nanoseconds // 1000))
    except OverflowError:
        return None


def _possible(time: datetime) -> datetime | None:
    return time if EARLIEST <= time < LATEST else None
