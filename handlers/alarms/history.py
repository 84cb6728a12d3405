"""What happened with an alarm, line by line, and the values around it with its levels drawn."""

from collections.abc import Sequence
from datetime import timedelta

from aiogram.enums import ChatAction
from aiogram.methods import AnswerCallbackQuery, SendChatAction
from aiogram.types import CallbackQuery, InlineKeyboardButton

from handlers.alarms.board import state_of, title_of, value_of
from handlers.alarms.chronicle import Entry, happened
from handlers.alarms.course import Course, drawn, limits_of
from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.wording import ICONS
from handlers.buttons.alarms import QuietTarget, ShowAlarm, ShowBoard, TurnHistory
from handlers.buttons.sensors import ShowSensor
from handlers.messages import MAX_CAPTION, Reply, Row, button
from handlers.readings.drawing import Chart
from services.alarms.situation import History

DRAW = "draw alarm"
BEFORE, AFTER = timedelta(hours=6), timedelta(hours=3)
MOST_LINES = 25
NEWEST = 10**6
"""A page beyond all others: the last one is shown."""


async def show_alarm(
    query: CallbackQuery, callback_data: ShowAlarm, alarm_desk: AlarmDesk
) -> Reply:
    """Show an alarm's history; or have the values around it drawn."""
    desk = alarm_desk
    found = await desk.situation.history(desk.actor, desk.chat, callback_data.alarm)
    if not callback_data.draw:
        return desk.says(query, _card(desk, found))
    alarm = found.seen.alarm
    if alarm.series_id is None or alarm.device_id is None:
        return desk.says(query, _card(desk, found))
    await desk.heavy.defer(
        DRAW,
        chat_id=desk.chat.id,
        thread=thread_of(query),
        alarm=alarm.id,
        chart=await _chart(desk, found),
        caption=_caption(desk, found),
    )
    drawing = desk.text("readings.drawing").unescape()
    return [
        AnswerCallbackQuery(callback_query_id=query.id, text=drawing),
        SendChatAction(chat_id=desk.chat.telegram_id, action=ChatAction.UPLOAD_PHOTO),
    ]


async def turn(query: CallbackQuery, callback_data: TurnHistory, alarm_desk: AlarmDesk) -> Reply:
    """Show another page of an alarm's history."""
    desk = alarm_desk
    found = await desk.situation.history(desk.actor, desk.chat, callback_data.alarm)
    return desk.shows(query, _card(desk, found, callback_data.page))


def _card(desk: AlarmDesk, found: History, page: int = NEWEST) -> Card:
    """Return a page of the history, by default the newest."""
    text, alarm = desk.text, found.seen.alarm
    pages = _pages(happened(desk, found))
    page = min(max(page, 0), len(pages) - 1)
    rows: list[Row] = [
        [
            button(text(key), TurnHistory(alarm=alarm.id, page=number))
            for key, number in (("ask.button-previous", page - 1), ("ask.button-next", page + 1))
            if 0 <= number < len(pages)
        ]
    ]
    if alarm.series_id is not None:
        rows.append([button(text("alarms.button-draw"), ShowAlarm(alarm=alarm.id, draw=True))])
    if alarm.device_id is not None and desk.is_private:
        rows.append([button(text("alarms.button-sensor"), ShowSensor(device=alarm.device_id))])
        rows.append([_hush(desk, alarm.device_id, alarm.device)])
    rows.append([button(text("alarms.button-board"), ShowBoard())])
    lines = [*_head(desk, found), ""]
    if len(pages) > 1:
        lines.append(text("alarms.history-page", page=page + 1, pages=len(pages)))
    return text.lines([*lines, *_lines(desk, pages[page]), "", text("readings.unchecked")]), rows


def _caption(desk: AlarmDesk, found: History) -> str:
    """Return what the picture shows in words: the newest entries that fit below it."""
    text = desk.text
    head, entries = _head(desk, found), happened(desk, found)
    while True:
        lines = [*head, "", *_lines(desk, entries), "", text("readings.unchecked")]
        words = text.lines(lines)
        if len(words) <= MAX_CAPTION or not entries:
            return str(words)
        entries = entries[1:]


def _lines(desk: AlarmDesk, entries: Sequence[Entry]) -> list[str]:
    text = desk.text
    return [text("alarms.history-line", moment=text.moment(at), what=what) for at, what in entries]


def _hush(desk: AlarmDesk, device: int, name: str) -> InlineKeyboardButton:
    return button(desk.text("alarms.button-silence", what=name), QuietTarget(about=f"d{device}"))


def _head(desk: AlarmDesk, found: History) -> list[str]:
    text, alarm = desk.text, found.seen.alarm
    return [
        text(
            "alarms.board-line",
            icon=ICONS[alarm.severity],
            severity=desk.severity(alarm.severity),
            name=title_of(desk, alarm),
            number=alarm.id,
        ),
        value_of(desk, alarm),
        state_of(desk, found.seen) if alarm.ended_at is None else _over(desk, found),
    ]


def _pages(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    """Return what happened in pages, the newest entries on the last one; at least one page.

    The last page is full: it is the one that is read.
    """
    first = len(entries) % MOST_LINES or MOST_LINES
    starts = range(first, len(entries), MOST_LINES)
    return [entries[:first], *(entries[at : at + MOST_LINES] for at in starts)]


def _over(desk: AlarmDesk, found: History) -> str:
    text, alarm = desk.text, found.seen.alarm
    key = "alarms.was-withdrawn" if alarm.end == "withdrawn" else "alarms.was-over"
    begin, end = text.moment(alarm.began_at), text.moment(alarm.ended_at or alarm.began_at)
    return text(key, begin=begin, end=end, severity=desk.severity(alarm.highest))


async def _chart(desk: AlarmDesk, found: History) -> Chart:
    """Return the values from some hours before an alarm to some after it."""
    alarm = found.seen.alarm
    moves = [(one.time, one.what) for one in found.changes]
    course = Course(
        title=title_of(desk, alarm),
        device=alarm.device_id or 0,
        quantity=alarm.labels.quantity,
        channel=alarm.channel,
        since=alarm.began_at - BEFORE,
        until=min(desk.now, (alarm.ended_at or desk.now) + AFTER),
        limits=limits_of(alarm),
        moves=moves,
    )
    return await drawn(desk, course)
