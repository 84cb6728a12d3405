"""What is written and drawn in a chart of readings, and the same in words below it."""

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_datetime
from babel.numbers import get_decimal_symbol
from markupsafe import Markup

from handlers.buttons.sensors import Period
from handlers.readings.drawing import Chart
from handlers.readings.periods import ticks
from handlers.readings.probes import probe_words
from handlers.readings.quantities import Shown, shown
from handlers.readings.series import LENGTHS, Row, Step, Table
from services.region.service import Region
from services.text import Text

MOST_DRAWN = 2000
"""Points; a phone shows fewer than half of them."""
TICKS = {Period.DAY: "HH:mm", Period.WEEK: "EEE\nd.M.", Period.MONTH: "d.M.", Period.YEAR: "LLL"}
"""CLDR patterns of the axis."""
DIGITS = 6


def chart_of(
    table: Table, text: Text, region: Region, *, county: str, guides: Sequence[float] = ()
) -> Chart:
    """Return what is to be drawn: numbers, and all words in the reader's language.

    `guides` are guide values in the quantity's unit.
    """
    how = shown(table.quantity)
    rows = _fewer(table.drawn)
    summed = table.step is not Step.VALUE and not how.yes
    return Chart(
        title=str(_plain(title(table, text))),
        subtitle=_plain(span(table, text)),
        unit=_plain(unit_sign(how, text)),
        footnote=_plain(
            text("readings.chart-foot", county=county, moment=text.moment(table.until))
        ),
        nothing=_plain(text("readings.chart-nothing")),
        decimal=get_decimal_symbol(text.language),
        since=table.since.timestamp(),
        until=table.until.timestamp(),
        gap=table.gap.total_seconds(),
        times=[_middle(row, table) for row in rows],
        values=[_scaled(row.value, how) for row in rows],
        lowest=[_scaled(row.lowest, how) for row in rows] if summed else [],
        highest=[_scaled(row.highest, how) for row in rows] if summed else [],
        ticks=_ticks(table, text, region),
        lines=[
            (_scaled(one, how), _plain(text("readings.guide", value=how.words(one, text))))
            for one in guides
        ],
        levels=[(0.0, _plain(text(how.no))), (1.0, _plain(text(how.yes)))] if how.yes else [],
        legend=_legend(table, text) if summed and rows else [],
    )


def caption_of(table: Table, text: Text) -> Markup:
    """Return the facts of a chart in words, for whoever does not see it."""
    how, rows = shown(table.quantity), table.drawn
    lines = [text("readings.heading", name=title(table, text)), span(table, text)]
    if not rows:
        return text.lines([*lines, text("readings.chart-nothing")])
    if how.yes:
        lines.append(text("readings.caption-last", last=how.words(rows[-1].last, text)))
    else:
        lines.append(
            text(
                "readings.caption",
                lowest=how.words(min(row.lowest for row in rows), text),
                highest=how.words(max(row.highest for row in rows), text),
                last=how.words(rows[-1].last, text),
            )
        )
    return text.lines([*lines, text("readings.unchecked")])


def title(table: Table, text: Text) -> str:
    """Return sensor and quantity."""
    name = probe_words(table.sensor, table.quantity, table.channel, text)
    return text("readings.chart-title", sensor=table.sensor.name, quantity=name)


def span(table: Table, text: Text) -> str:
    """Return from when to when."""
    since, until = text.moment(table.since), text.moment(table.until)
    return text("readings.chart-span", since=since, until=until)


def unit_sign(how: Shown, text: Text) -> str:
    """Return the unit alone, as the language writes it."""
    if how.yes:
        return ""
    digits = {*"0123456789"}
    return "".join(one for one in text.amount(1, how.unit, 0) if one not in digits).strip()


def _ticks(table: Table, text: Text, region: Region) -> list[tuple[float, str]]:
    def named(moment: datetime) -> str:
        pattern = TICKS[table.period]
        return format_datetime(moment, pattern, tzinfo=region.zone, locale=text.language)

    found = ticks(table.period, table.since, table.until, region.zone)
    return [(one.timestamp(), named(one)) for one in found]


def _legend(table: Table, text: Text) -> list[str]:
    mean = "readings.mean-hour" if table.step is Step.HOUR else "readings.mean-day"
    return [_plain(text(mean)), _plain(text("readings.band"))]


def _middle(row: Row, table: Table) -> float:
    """Return where a row is drawn: the mean of an hour stands in the middle of the hour."""
    return min(row.time + LENGTHS[table.step] / 2, table.until).timestamp()


def _scaled(value: float, how: Shown) -> float:
    return round(value * how.factor, DIGITS)


def _fewer(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return every n-th row, the newest among them."""
    step = -(-len(rows) // MOST_DRAWN) or 1
    return rows[::-1][::step][::-1]


def _plain(words: str) -> str:
    """Return words without what chats need: a picture has no tags to escape for."""
    return str(Markup(words).unescape())  # noqa: S704 - our own texts, not shown as HTML
