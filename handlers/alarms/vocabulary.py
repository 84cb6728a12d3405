"""The words in which people write times, in the language of the reply; weekdays in German, too."""

from datetime import timedelta

from babel.dates import get_day_names

from services.alarms.rules.spoken import ALL_DAYS, Vocabulary
from services.direction import BEGIN, END, MARK
from services.text import DEFAULT_LANGUAGE, Text

UNITS = {
    "alarms.words-seconds": timedelta(seconds=1),
    "alarms.words-minutes": timedelta(minutes=1),
    "alarms.words-hours": timedelta(hours=1),
    "alarms.words-days": timedelta(days=1),
    "alarms.words-weeks": timedelta(weeks=1),
}
DAYS = {"alarms.words-today": 0, "alarms.words-tomorrow": 1, "alarms.words-after-tomorrow": 2}
WITHOUT_MARKS = dict.fromkeys(map(ord, (BEGIN, END, MARK)))
"""What texts from right to left are set apart with."""
GROUPS = {"alarms.words-daily": ALL_DAYS, "alarms.words-weekend": frozenset({5, 6})}


def vocabulary(text: Text) -> Vocabulary:
    """Return the words of a language."""
    return Vocabulary(
        seconds={
            one: span.total_seconds() for key, span in UNITS.items() for one in words(text, key)
        },
        days={one: days for key, days in DAYS.items() for one in words(text, key)},
        weekdays={**_weekdays(DEFAULT_LANGUAGE), **_weekdays(text.language)},
        groups={one: days for key, days in GROUPS.items() for one in words(text, key)},
        values=words(text, "alarms.words-values"),
        until=words(text, "alarms.words-until"),
        filling=words(text, "alarms.words-filling"),
    )


def words(text: Text, key: str) -> frozenset[str]:
    """Return the words a text lists, in small letters."""
    return frozenset(text(key).unescape().translate(WITHOUT_MARKS).casefold().split())


def _weekdays(language: str) -> dict[str, int]:
    """Return every name of every weekday: "mo", "montag"."""
    return {
        str(name).casefold().rstrip("."): number
        for width in ("wide", "abbreviated", "short")
        for number, name in get_day_names(width, locale=language).items()
    }
