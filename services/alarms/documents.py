"""Stored documents read again: another version of the program, or a hand, may have written them.

What cannot be read is left out where it stands and named; it must not stop all the others.
"""

from typing import Any

from pydantic import ValidationError

from services.alarms.records import RuleRecord
from services.alarms.rules.matching import Matcher

MOST_NAMED = 3


def rule_in(document: Any) -> RuleRecord | None:
    """Return a stored rule; None when it cannot be read."""
    try:
        return RuleRecord.model_validate(document)
    except ValidationError:
        return None


def problems_in(document: Any) -> str:
    """Return which fields of a stored rule cannot be read ("levels.0.at, quantity"); "" none.

    Only their names: what stands in them may be anything.
    """
    try:
        RuleRecord.model_validate(document)
    except ValidationError as error:
        fields = [".".join(map(str, one["loc"])) for one in error.errors(include_input=False)]
        named = list(dict.fromkeys(one or "…" for one in fields))
        return ", ".join(named[:MOST_NAMED]) + (", …" if len(named) > MOST_NAMED else "")
    return ""


def matcher_in(document: Any) -> Matcher | None:
    """Return a stored choice of alarms; None when it cannot be read."""
    try:
        return Matcher.of(document)
    except (AttributeError, TypeError, ValueError):
        return None
