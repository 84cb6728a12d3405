"""From what stands in a decoded object to a number in the vocabulary's unit, and to a time."""

import math
import re
from datetime import UTC, datetime
from typing import Any

from lorawan.profiles.profile import Rule
from lorawan.vocabulary import Quantity

NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(.*?)\s*", re.DOTALL)
YES_NO = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "on": 1.0, "off": 0.0}
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
"""Before it there was no LoRaWAN: a device whose clock was never set says 1970 or 2000."""
LONGEST = 64
"""Characters of a text that may be a number or a word."""


class ValueProblemError(ValueError):
    """A value that is none; the message is a slug."""


def to_number(value: Any, quantity: Quantity, rule: Rule) -> float | None:
    """Return the value in the quantity's unit; None where the device says that there is none.

    Raises:
        ValueProblemError: "wrong-type", "unknown-word", "not-a-number", "not-finite".
    """
    if value is None:
        return None
    if rule.worded or isinstance(value, str):
        text = as_text(value)
        if text in rule.absent:
            return None
        word = rule.words.get(text) if rule.words else _word(text, quantity)
        if word is not None:
            return word
        if rule.words and isinstance(value, str):
            raise ValueProblemError("unknown-word")
    return _finite(_number(value, rule.suffix) * rule.factor + rule.offset)


def as_text(value: Any) -> str:
    """Return a value as profiles write it: lower case, whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 2**53 else str(value)
    if isinstance(value, str | int | float):
        return str(value)[:LONGEST].strip().casefold()
    return ""


def _word(text: str, quantity: Quantity) -> float | None:
    if text in quantity.words:
        return float(quantity.words.index(text))
    return YES_NO.get(text) if quantity.yes_no else None


def _number(value: Any, suffix: str) -> float:
    if isinstance(value, str):
        return _written(value, suffix)
    if isinstance(value, bool | int | float):
        try:
            return float(value)
        except OverflowError:
            raise ValueProblemError("not-finite") from None
    raise ValueProblemError("wrong-type")


def _written(text: str, suffix: str) -> float:
    matched = NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if matched is None or matched[2] not in ("", suffix):
        raise ValueProblemError("not-a-number")
    return float(matched[1])


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueProblemError("not-finite")
    return tidy(number)


def tidy(number: float) -> float:
    """Return the number without the noise of binary fractions: 3.9 for 3.9000000000000004.

    Twelve digits are more than any sensor has; so the same value is the same, whoever decoded it.
    """
    return float(f"{number:.12g}")


def to_time(value: Any, latest: datetime | None) -> datetime:
    """Return a measurement's own time, aware, in UTC.

    Args:
        value: RFC 3339 with an offset, or Unix seconds.
        latest: nothing can be measured after it was sent; None: unknown.

    Raises:
        ValueProblemError: "bad-time": unreadable, without offset, before LoRaWAN, in the future.
    """
    moment = _moment(value)
    if moment is None or moment < EARLIEST or (latest is not None and moment > latest):
        raise ValueProblemError("bad-time")
    return moment


def _moment(value: Any) -> datetime | None:
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
