"""How severities, spans of time and distances are written in a rule."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from services.alarms.rules.records import Severity

SEVERITIES = {one.name.lower(): one for one in Severity}
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
SPAN = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,3})?) ?(s|min|h|d)")
PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%")
LONGEST = timedelta(days=31)


def _severity(given: Any) -> Any:
    if isinstance(given, str):
        if given not in SEVERITIES:
            raise PydanticCustomError("alarm_severity", "no such severity")
        return SEVERITIES[given]
    return given


def _span(given: Any) -> Any:
    """Read "30 min" or "2 h"; a plain number would leave open what it counts."""
    if isinstance(given, timedelta):
        return _bounded(given)
    found = SPAN.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise PydanticCustomError("alarm_span", "not a number with s, min, h or d")
    return _bounded(timedelta(seconds=float(found[1]) * UNITS[found[2]]))


def _bounded(span: timedelta) -> timedelta:
    if span > LONGEST:
        raise PydanticCustomError("alarm_span", "longer than 31 days")
    return span


def span_text(span: timedelta) -> str:
    """Return a span as `_span` reads it: "90 min"."""
    seconds = span.total_seconds()
    unit = next(
        (one for one in ("d", "h", "min") if seconds >= UNITS[one] and not seconds % UNITS[one]),
        "s",
    )
    number = f"{seconds / UNITS[unit]:.3f}".rstrip("0").rstrip(".")
    return f"{number} {unit}"


def _distance(given: Any) -> Any:
    """Take a number as a distance in the quantity's unit."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return str(given)
    return given


GivenSeverity = Annotated[
    Severity,
    BeforeValidator(_severity),
    PlainSerializer(lambda one: one.name.lower(), return_type=str),
]
Span = Annotated[timedelta, BeforeValidator(_span), PlainSerializer(span_text, return_type=str)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Distance = Annotated[str, BeforeValidator(_distance)]
"""In the quantity's unit ("0.1") or of the threshold ("5 %")."""
