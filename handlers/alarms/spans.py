"""Spans of time said exactly: "1 Stunde 30 Minuten" is not "2 Stunden"."""

from datetime import timedelta

from babel.units import format_unit

from services.text import Text

UNITS = (
    ("duration-day", 86_400),
    ("duration-hour", 3600),
    ("duration-minute", 60),
    ("duration-second", 1),
)


def exactly(span: timedelta, text: Text) -> str:
    """Return a span in days, hours, minutes and seconds, those that are not zero."""
    rest, parts = round(span.total_seconds()), list[str]()
    for unit, seconds in UNITS:
        number, rest = divmod(rest, seconds)
        if number:
            parts.append(format_unit(number, unit, "long", locale=text.language))
    return " ".join(parts) or format_unit(0, "duration-minute", "long", locale=text.language)
