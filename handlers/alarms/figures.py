"""What a month had, for the report: alarms by rule and severity, outages; no persons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiogram.enums import ChatAction
from aiogram.methods import AnswerCallbackQuery, SendChatAction, SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery
from markupsafe import Markup

from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.month_painting import Bar, MonthPainting
from handlers.alarms.month_table import table
from handlers.alarms.naming import hours, rule_name, type_name
from handlers.buttons.alarms import BoardView, ShowBoard
from handlers.messages import MAX_CAPTION, Reply, Row, button, fitting
from services.alarms.monthly import Monthly
from services.alarms.rules.monthly import OfRule, Tally
from services.alarms.rules.records import Severity

PAINT_MONTH = "paint month of alarms"
FIRST_YEAR, LAST_YEAR = 2000, 2100
DECEMBER = 12
MOST_RULES = 12
"""Rules whose figures stand in a message; the table has all."""


@dataclass(frozen=True)
class Shown:
    """A month of the county's calendar; `number` as 202611."""

    number: int
    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        return _name(self.number)


def month_of(desk: AlarmDesk, wanted: int) -> Shown:
    """Return a month; the last one that is over where none (0) or none that can be is wanted."""
    today = desk.now.astimezone(desk.region.zone)
    present = today.year * 100 + today.month
    year, month = divmod(wanted, 100)
    possible = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= DECEMBER and wanted <= present
    number = wanted if possible else _other(present, -1)
    zone, after = desk.region.zone, _other(number, 1)
    since = datetime(*divmod(number, 100), 1, tzinfo=zone)
    return Shown(number, since, datetime(*divmod(after, 100), 1, tzinfo=zone))


async def month_card(desk: AlarmDesk, wanted: int) -> Card:
    """Return the figures of a month, with buttons to others, to the picture and to the table."""
    text, shown = desk.text, month_of(desk, wanted)
    found = await desk.situation.month(desk.actor, shown.since, shown.until)
    before = ShowBoard(view=BoardView.MONTH, month=_other(shown.number, -1))
    after = ShowBoard(view=BoardView.MONTH, month=_other(shown.number, 1))
    rows: list[Row] = [
        [
            button(f"◀ {_name(before.month)}", before),
            *([button(f"{_name(after.month)} ▶", after)] if shown.until <= desk.now else []),
        ],
        [
            button(
                text("alarms.button-picture"),
                ShowBoard(view=BoardView.MONTH_PICTURE, month=shown.number),
            ),
            button(
                text("alarms.button-table"), ShowBoard(view=BoardView.TABLE, month=shown.number)
            ),
        ],
        [button(text("alarms.button-board"), ShowBoard())],
    ]
    return text.lines(_words(desk, shown, found)), rows


async def send_month(desk: AlarmDesk, wanted: int) -> SendDocument:
    """Send the figures of a month as a file for spreadsheets."""
    shown = month_of(desk, wanted)
    found = await desk.situation.month(desk.actor, shown.since, shown.until)
    return SendDocument(
        chat_id=desk.chat.telegram_id,
        document=BufferedInputFile(table(desk, found), f"alarme-{shown.number}.csv"),
        caption=desk.text("alarms.month", month=shown.name),
        parse_mode="HTML",
    )


async def paint_month(desk: AlarmDesk, query: CallbackQuery, wanted: int) -> Reply:
    """Have the figures of a month painted."""
    shown = month_of(desk, wanted)
    found = await desk.situation.month(desk.actor, shown.since, shown.until)
    await desk.heavy.defer(
        PAINT_MONTH,
        chat_id=desk.chat.id,
        thread=thread_of(query),
        month=shown.number,
        painting=_painting(desk, shown, found),
        caption=fitting(desk.text.lines(_words(desk, shown, found)), MAX_CAPTION),
    )
    drawing = desk.text("readings.drawing").unescape()
    return [
        AnswerCallbackQuery(callback_query_id=query.id, text=drawing),
        SendChatAction(chat_id=desk.chat.telegram_id, action=ChatAction.UPLOAD_PHOTO),
    ]


def _words(desk: AlarmDesk, shown: Shown, found: Monthly) -> list[str]:
    text, figures = desk.text, found.figures
    lines: list[str] = [text("alarms.month", month=shown.name)]
    if not figures.rules:
        lines.append(text("alarms.month-nothing"))
    for one in figures.rules[:MOST_RULES]:
        lines += [
            "",
            text("alarms.month-line", name=rule_name(desk, found, one), number=one.number),
        ]
        lines += [words for tally in one.tallies for words in _tally(desk, tally)]
    if (more := len(figures.rules) - MOST_RULES) > 0:
        lines += ["", text("alarms.more", count=more)]
    if figures.rules:
        lines += ["", _share(desk, figures.in_time)]
    if figures.unheard:
        lines += ["", text("alarms.month-unheard")]
    lines += [
        text(
            "alarms.month-unheard-line",
            type=type_name(desk, one.type),
            devices=one.devices,
            times=one.times,
            hours=hours(desk, one.lasted),
        )
        for one in figures.unheard
    ]
    return lines


def _tally(desk: AlarmDesk, one: Tally) -> Iterator[str]:
    """Yield how many there were of a severity and how long; then what does not count."""
    text = desk.text
    if one.number:
        yield text(
            "alarms.month-severity",
            severity=desk.severity(one.severity),
            number=one.number,
            hours=hours(desk, one.lasted),
            longest=hours(desk, one.longest),
        )
    if one.open:
        yield text("alarms.month-open", number=one.open)
    if one.withdrawn:
        yield text(
            "alarms.month-withdrawn",
            severity=desk.severity(one.severity),
            number=one.withdrawn,
        )
    if one.exercises:
        yield text(
            "alarms.month-exercises",
            severity=desk.severity(one.severity),
            number=one.exercises,
        )


def _share(desk: AlarmDesk, share: float | None) -> str:
    if share is None:
        return desk.text("alarms.month-few")
    return desk.text("alarms.month-in-time", share=round(100 * share))


def _painting(desk: AlarmDesk, shown: Shown, found: Monthly) -> MonthPainting:
    text = desk.text
    figures = found.figures
    return MonthPainting(
        title=_plain(text("alarms.month", month=shown.name)),
        severities=[_plain(desk.severity(one)) for one in Severity],
        rules=[_bar(desk, found, one) for one in figures.rules[:MOST_RULES] if one.number],
        nothing=_plain(text("alarms.month-nothing")),
        unheard_title=_plain(text("alarms.month-unheard")),
        unheard=[
            Bar(
                name=_plain(type_name(desk, one.type)),
                parts=[one.lasted / timedelta(hours=1)],
                words=_plain(hours(desk, one.lasted)),
            )
            for one in figures.unheard
        ],
        footnote=_plain(_share(desk, figures.in_time)) if figures.rules else "",
    )


def _bar(desk: AlarmDesk, found: Monthly, one: OfRule) -> Bar:
    numbers = {tally.severity: tally.number for tally in one.tallies}
    return Bar(
        name=_plain(rule_name(desk, found, one)),
        parts=[float(numbers.get(severity, 0)) for severity in Severity],
        words=str(one.number),
    )


def _plain(words: str) -> str:
    return str(Markup(words).striptags())  # noqa: S704 - our own texts, not shown as HTML


def _name(number: int) -> str:
    return f"{number % 100:02}/{number // 100}"


def _other(number: int, months: int) -> int:
    whole = number // 100 * 12 + number % 100 - 1 + months
    return whole // 12 * 100 + whole % 12 + 1
