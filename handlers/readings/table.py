"""Readings as a table for a spreadsheet: one click in Excel, whatever the country.

Where numbers are written with a comma the fields are parted by semicolons, as Excel expects there.
The file begins with a byte order mark: without it Excel takes UTF-8 for something else. Only
times, numbers and our own words stand in it, so no field can be a formula.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

from babel.numbers import get_decimal_symbol

from handlers.readings.charts import unit_sign
from handlers.readings.quantities import Shown, shown
from handlers.readings.series import Row, Step, Table
from lorawan.measurement import Mark
from nlu.words import fold
from services.text import Text

MOST_ROWS = 5000
"""The newest; a value a minute for three days and a half."""
DECIMALS = 2
"""More than is shown in chats."""
MARKS = {
    Mark.OUT_OF_RANGE: "readings.mark-range",
    Mark.SIMULATED: "readings.mark-simulated",
    Mark.LATE: "readings.mark-late",
    Mark.DERIVED: "readings.mark-derived",
}


def csv_of(table: Table, text: Text, zone: ZoneInfo) -> bytes:
    """Return the newest rows as CSV (UTF-8 with byte order mark, CRLF)."""
    decimal = get_decimal_symbol(text.language)
    separator = ";" if decimal == "," else ","
    heading = separator.join(map(_safe, _columns(table, text)))
    lines = (separator.join(row) for row in _rows(table, text, zone, decimal))
    return "\r\n".join([heading, *lines, ""]).encode("utf-8-sig")


def file_name(table: Table) -> str:
    """Return a name of plain letters: sensor, quantity, day."""
    named = unicodedata.normalize("NFKD", fold(f"{table.sensor.name} {table.quantity}"))
    slug = "-".join(re.findall(r"[a-z0-9]+", named.encode("ascii", "ignore").decode()))
    return f"{slug}-{table.until.date().isoformat()}.csv"


def _columns(table: Table, text: Text) -> list[str]:
    if table.step is Step.VALUE:
        values = [text("readings.column-value")]
    else:
        values = [
            text("readings.column-mean"),
            text("readings.column-lowest"),
            text("readings.column-highest"),
        ]
    times = [text("readings.column-local"), "UTC"]
    return [*times, *values, text("readings.column-unit"), text("readings.column-marks")]


def _rows(table: Table, text: Text, zone: ZoneInfo, decimal: str) -> Iterator[list[str]]:
    how = shown(table.quantity)
    unit = _safe(unit_sign(how, text))
    words = {mark: _safe(text(key)) for mark, key in MARKS.items()}
    for row in table.rows[-MOST_ROWS:]:
        values = (row.value,) if table.step is Step.VALUE else (row.value, row.lowest, row.highest)
        yield [
            row.time.astimezone(zone).isoformat(timespec="seconds"),
            row.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            *(_number(value, how, decimal) for value in values),
            unit,
            _marked(row, words),
        ]


def _number(value: float, how: Shown, decimal: str) -> str:
    return f"{round(value * how.factor, DECIMALS) + 0.0:.{DECIMALS}f}".replace(".", decimal)


def _marked(row: Row, words: dict[Mark, str]) -> str:
    if not row.marks:
        return ""
    return " + ".join(word for mark, word in words.items() if row.marks & mark)


def _safe(words: str) -> str:
    """Return our own words so that they end no field; today's hold no separators anyway."""
    return re.sub(r"[;,\"\r\n\t]", " ", words)
