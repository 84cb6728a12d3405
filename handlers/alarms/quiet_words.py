"""What is left in peace, in words: which alarms, on which days, and why."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from babel.dates import get_day_names

from handlers.alarms.desk import AlarmDesk
from handlers.alarms.subscribing import KINDS
from services.alarms.model import AlarmMaintenance
from services.alarms.peace import LONGEST_REASON, NoPeaceError
from services.alarms.rules.matching import Matcher
from services.devices.lookups import Sensor

REASONS = {
    "work": "alarms.reason-work",
    "false": "alarms.reason-false",
    "known": "alarms.reason-known",
    "test": "alarms.reason-test",
}
SOME = 3
"""From so many days in a row only the first and the last are named."""


def matcher_of(desk: AlarmDesk, about: str) -> Matcher:
    """Return what a button means: "d12" a device, "tgauge" a type, "rmulde" a rule, "a15" an area.

    Raises `NoPeaceError` for anything else.
    """
    kind, name = about[:1], about[1:]
    if kind == "d" and name.isdigit():
        return Matcher(device=int(name))
    if kind == "t" and name in KINDS:
        return Matcher(type=name)
    if kind == "r" and name:
        return Matcher(rule=name)
    if kind == "a" and desk.region.knows_area(name):
        return Matcher(area=name)
    raise NoPeaceError


def what(desk: AlarmDesk, matcher: Matcher, sensors: Sequence[Sensor]) -> str:
    """Return what a matcher means, in words."""
    text, names = desk.text, {one.id: one.name for one in sensors}
    parts: list[str] = []
    if matcher.device is not None:
        parts.append(names.get(matcher.device) or text("alarms.device", number=matcher.device))
    if matcher.type is not None:
        parts.append(text(KINDS[matcher.type]) if matcher.type in KINDS else matcher.type)
    if matcher.rule is not None:
        parts.append(text("alarms.rule", rule=matcher.rule))
    if matcher.area:
        parts.append(desk.region.area_name(matcher.area))
    return ", ".join(parts) or text("alarms.all-types")


def when(desk: AlarmDesk, one: AlarmMaintenance) -> str:
    """Return when a window recurs."""
    days = days_in_words(desk, one.weekdays)
    return desk.text("alarms.window-when", days=days, start=one.start, end=one.end)


def days_in_words(desk: AlarmDesk, digits: Iterable[str]) -> str:
    """Return weekdays (0 is Monday) in words: "Mo. – Fr.", "Mo., Mi., Fr."."""
    names = get_day_names("abbreviated", locale=desk.text.language)
    days = sorted(int(digit) for digit in digits)
    found = [str(names[day]) for day in days]
    in_a_row = all(after == before + 1 for before, after in pairwise(days))
    is_range = in_a_row and (len(days) >= SOME or days == [5, 6])
    return f"{found[0]} – {found[-1]}" if is_range else ", ".join(found)


def reason_of(said: str) -> str:
    """Return a reason in somebody's own words, or raise `NoPeaceError`."""
    line = " ".join(said.split())
    if not line or len(line) > LONGEST_REASON:
        raise NoPeaceError("alarms.bad-reason", most=LONGEST_REASON)
    return line
