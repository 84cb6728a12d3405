"""Public holidays of the German states, by law; the state is the first two digits of an ARS."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from services.records import Localised

EASTER_DAYS = {
    "good-friday": -2,
    "easter-sunday": 0,
    "easter-monday": 1,
    "ascension": 39,
    "whit-sunday": 49,
    "whit-monday": 50,
    "corpus-christi": 60,
}
"""Days from Easter Sunday."""
FIXED_DAYS = {
    "new-year": (1, 1),
    "epiphany": (1, 6),
    "womens-day": (3, 8),
    "labour-day": (5, 1),
    "assumption": (8, 15),
    "childrens-day": (9, 20),
    "unity-day": (10, 3),
    "reformation": (10, 31),
    "all-saints": (11, 1),
    "christmas": (12, 25),
    "boxing-day": (12, 26),
}
EVERYWHERE = (
    "new-year",
    "good-friday",
    "easter-monday",
    "labour-day",
    "ascension",
    "whit-monday",
    "unity-day",
    "christmas",
    "boxing-day",
)
IN_STATES: Mapping[str, tuple[str, ...]] = {
    "01": ("reformation",),
    "02": ("reformation",),
    "03": ("reformation",),
    "04": ("reformation",),
    "05": ("corpus-christi", "all-saints"),
    "06": ("corpus-christi",),
    "07": ("corpus-christi", "all-saints"),
    "08": ("epiphany", "corpus-christi", "all-saints"),
    "09": ("epiphany", "corpus-christi", "all-saints"),
    "10": ("corpus-christi", "assumption", "all-saints"),
    "11": ("womens-day",),
    "12": ("easter-sunday", "whit-sunday", "reformation"),
    "13": ("womens-day", "reformation"),
    "14": ("reformation", "repentance"),
    "15": ("epiphany", "reformation"),
    "16": ("childrens-day", "reformation"),
}
"""What the states add (their holiday laws as of 2026), without days of one place or one year.

A region that has such a day writes it under `closing_days`.
"""
NAMES: Mapping[str, Localised] = {
    "new-year": Localised(de="Neujahr", en="New Year's Day"),
    "epiphany": Localised(de="Heilige Drei Könige", en="Epiphany"),
    "womens-day": Localised(de="Internationaler Frauentag", en="International Women's Day"),
    "good-friday": Localised(de="Karfreitag", en="Good Friday"),
    "easter-sunday": Localised(de="Ostersonntag", en="Easter Sunday"),
    "easter-monday": Localised(de="Ostermontag", en="Easter Monday"),
    "labour-day": Localised(de="Tag der Arbeit", en="Labour Day"),
    "ascension": Localised(de="Christi Himmelfahrt", en="Ascension Day"),
    "whit-sunday": Localised(de="Pfingstsonntag", en="Whit Sunday"),
    "whit-monday": Localised(de="Pfingstmontag", en="Whit Monday"),
    "corpus-christi": Localised(de="Fronleichnam", en="Corpus Christi"),
    "assumption": Localised(de="Mariä Himmelfahrt", en="Assumption Day"),
    "childrens-day": Localised(de="Weltkindertag", en="World Children's Day"),
    "unity-day": Localised(de="Tag der Deutschen Einheit", en="German Unity Day"),
    "reformation": Localised(de="Reformationstag", en="Reformation Day"),
    "all-saints": Localised(de="Allerheiligen", en="All Saints' Day"),
    "repentance": Localised(de="Buß- und Bettag", en="Day of Repentance and Prayer"),
    "christmas": Localised(de="Erster Weihnachtstag", en="Christmas Day"),
    "boxing-day": Localised(de="Zweiter Weihnachtstag", en="Boxing Day"),
}
HALF_HOLIDAYS = frozenset({(12, 24), (12, 31)})
"""Christmas Eve and New Year's Eve: no public holidays, yet many offices are closed."""


@cache
def public_holidays(ars: str, year: int) -> Mapping[date, Localised]:
    """Return the public holidays of a year where an ARS lies, in their order."""
    easter = easter_sunday(year)
    days = {
        _day(key, year, easter): NAMES[key] for key in (*EVERYWHERE, *IN_STATES.get(ars[:2], ()))
    }
    return dict(sorted(days.items()))


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Gauss, with Lichtenberg's correction)."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    seed = (19 * cycle + moon) % 30
    shift = (seed + cycle // 11) // 29
    full_moon = 21 + seed - shift
    first_sunday = 7 - (year + year // 4 + sun) % 7
    distance = 7 - (full_moon - first_sunday) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + distance - 1)


def _day(key: str, year: int, easter: date) -> date:
    if key in EASTER_DAYS:
        return easter + timedelta(days=EASTER_DAYS[key])
    if key == "repentance":  # the Wednesday before 23 November
        last = date(year, 11, 22)
        return last - timedelta(days=(last.weekday() - 2) % 7)
    return date(year, *FIXED_DAYS[key])
