"""How many alarms a month had, by rule and severity: text and a table, nothing about persons."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.wording import KINDS, SEVERITIES
from handlers.buttons.alarms import BoardView, ShowBoard
from handlers.messages import Row, button
from services.alarms.model import Kind
from services.alarms.rules.records import Severity
from services.alarms.situation import Figure

FIRST_YEAR, LAST_YEAR = 2000, 2100
DECEMBER = 12


def month_of(desk: AlarmDesk, wanted: int) -> tuple[datetime, datetime, int]:
    """Return begin and end of a month of the county's calendar, and its number as 202611."""
    today = desk.now.astimezone(desk.region.zone)
    year, month = divmod(wanted, 100)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= DECEMBER):
        year, month = today.year, today.month
    after = (year + 1, 1) if month == DECEMBER else (year, month + 1)
    zone = desk.region.zone
    begin, end = datetime(year, month, 1, tzinfo=zone), datetime(*after, 1, tzinfo=zone)
    return begin, end, year * 100 + month


async def month_card(desk: AlarmDesk, wanted: int) -> Card:
    """Return the figures of a month, with buttons to others and to the table."""
    text = desk.text
    begin, end, number = month_of(desk, wanted)
    figures = await desk.situation.figures(desk.actor, begin, end)
    lines: list[str] = [text("alarms.month", month=f"{number % 100:02}/{number // 100}")]
    if not figures:
        lines.append(text("alarms.month-nothing"))
    for one in figures:
        lines.append(text("alarms.month-line", name=_name(desk, one), number=one.total))
        lines += [
            text("alarms.month-severity", severity=desk.severity(severity), number=count)
            for severity, count in one.by_severity.items()
        ]
        if one.withdrawn:
            lines.append(text("alarms.month-withdrawn", number=one.withdrawn))
        if one.exercises:
            lines.append(text("alarms.month-exercises", number=one.exercises))
    rows: list[Row] = [
        [
            button("◀", ShowBoard(view=BoardView.MONTH, month=_other(number, -1))),
            button(text("alarms.button-table"), ShowBoard(view=BoardView.TABLE, month=number)),
            button("▶", ShowBoard(view=BoardView.MONTH, month=_other(number, 1))),
        ],
        [button(text("alarms.button-board"), ShowBoard())],
    ]
    return text.lines(lines), rows


async def send_month(desk: AlarmDesk, wanted: int) -> SendDocument:
    """Send the figures of a month as a file for spreadsheets."""
    begin, end, number = month_of(desk, wanted)
    figures = await desk.situation.figures(desk.actor, begin, end)
    file = BufferedInputFile(_table(desk, figures), f"alarme-{number}.csv")
    caption = desk.text("alarms.month", month=f"{number % 100:02}/{number // 100}")
    return SendDocument(
        chat_id=desk.chat.telegram_id, document=file, caption=caption, parse_mode="HTML"
    )


def _table(desk: AlarmDesk, figures: Sequence[Figure]) -> bytes:
    """Return semicolons and a byte order mark, as a German spreadsheet opens it."""
    text = desk.text
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    head = [text("alarms.column-rule"), *(text(SEVERITIES[one]) for one in Severity)]
    head += [
        text("alarms.column-total"),
        text("alarms.column-withdrawn"),
        text("alarms.column-exercises"),
    ]
    writer.writerow([one.unescape() for one in head])
    for one in figures:
        counts = [one.by_severity.get(severity, 0) for severity in Severity]
        writer.writerow([_name(desk, one), *counts, one.total, one.withdrawn, one.exercises])
    return content.getvalue().encode("utf-8-sig")


def _name(desk: AlarmDesk, one: Figure) -> str:
    """Return what a rule is called; never a formula for a spreadsheet."""
    if one.kind is Kind.GATEWAY:
        return desk.text(KINDS[one.kind])
    name = str(one.name.get("en" if desk.text.language == "en" else "de", one.rule))
    if one.kind in KINDS:
        name = ", ".join(part for part in (name, desk.text(KINDS[one.kind])) if part)
    return name.lstrip("=+-@")


def _other(number: int, months: int) -> int:
    whole = number // 100 * 12 + number % 100 - 1 + months
    return whole // 12 * 100 + whole % 12 + 1
