"""The figures of a month as a table: one line for each rule and severity, then the outages."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from markupsafe import Markup

from handlers.alarms.desk import AlarmDesk
from handlers.alarms.naming import rule_name, type_name
from services.alarms.monthly import Monthly
from services.alarms.rules.monthly import OfRule

COLUMNS = (
    "alarms.column-what",
    "alarms.column-severity",
    "alarms.column-number",
    "alarms.column-hours",
    "alarms.column-longest",
    "alarms.column-open",
    "alarms.column-withdrawn",
    "alarms.column-exercises",
    "alarms.column-in-time",
    "alarms.column-devices",
)
HOUR = timedelta(hours=1)


def table(desk: AlarmDesk, found: Monthly) -> bytes:
    """Return semicolons and a byte order mark, as a German spreadsheet opens it."""
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerow([desk.text(one).unescape() for one in COLUMNS])
    for one in found.figures.rules:
        writer.writerows(_of_rule(desk, found, one))
    for each in found.figures.unheard:
        name = desk.text("alarms.column-unheard", type=type_name(desk, each.type))
        row = [_safe(name), "", each.times, _hours(desk, each.lasted)]
        writer.writerow([*row, "", "", "", "", "", each.devices])
    return content.getvalue().encode("utf-8-sig")


def _of_rule(desk: AlarmDesk, found: Monthly, one: OfRule) -> Iterator[list[str | int]]:
    name = _safe(rule_name(desk, found, one))
    for tally in one.tallies:
        share = "" if tally.in_time is None else desk.text.number(100 * tally.in_time, 0)
        yield [
            name,
            _safe(desk.severity(tally.severity)),
            tally.number,
            _hours(desk, tally.lasted),
            _hours(desk, tally.longest),
            tally.open,
            tally.withdrawn,
            tally.exercises,
            share,
            "",
        ]


def _hours(desk: AlarmDesk, span: timedelta) -> str:
    return desk.text.number(span / HOUR, 2)


def _safe(words: str) -> str:
    """Return words that are no formula for a spreadsheet."""
    return Markup(words).unescape().lstrip("=+-@")  # noqa: S704 - not shown as HTML
