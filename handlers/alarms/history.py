"""What happened with an alarm, line by line, and the values around it with its levels drawn."""

from datetime import timedelta

from aiogram.enums import ChatAction
from aiogram.methods import AnswerCallbackQuery, SendChatAction
from aiogram.types import CallbackQuery, InlineKeyboardButton
from markupsafe import Markup

from handlers.alarms.board import state_of, title_of, value_of
from handlers.alarms.course import Course, drawn, limits_of
from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.wording import ICONS
from handlers.buttons.alarms import QuietTarget, ShowAlarm, ShowBoard
from handlers.buttons.sensors import ShowSensor
from handlers.messages import Reply, Row, button
from handlers.readings.drawing import Chart
from handlers.readings.quantities import shown
from services.alarms.model import AlarmChange, AlarmDeed
from services.alarms.rules.records import NO_LEVEL, What
from services.alarms.situation import History

DRAW = "draw alarm"
BEFORE, AFTER = timedelta(hours=6), timedelta(hours=3)
MOST_LINES = 25
CHANGES = {
    What.ROSE: "alarms.change-rose",
    What.FELL: "alarms.change-fell",
    What.IMPLAUSIBLE: "alarms.change-implausible",
    What.STUCK: "alarms.change-stuck",
    What.FLAPPING: "alarms.change-flapping",
    What.CALM: "alarms.change-calm",
}


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
        caption=str(desk.text.lines(_words(desk, found))),
    )
    drawing = desk.text("readings.drawing").unescape()
    return [
        AnswerCallbackQuery(callback_query_id=query.id, text=drawing),
        SendChatAction(chat_id=desk.chat.telegram_id, action=ChatAction.UPLOAD_PHOTO),
    ]


def _card(desk: AlarmDesk, found: History) -> Card:
    text, alarm = desk.text, found.seen.alarm
    rows: list[Row] = []
    if alarm.series_id is not None:
        rows.append([button(text("alarms.button-draw"), ShowAlarm(alarm=alarm.id, draw=True))])
    if alarm.device_id is not None and desk.is_private:
        rows.append([button(text("alarms.button-sensor"), ShowSensor(device=alarm.device_id))])
        rows.append([_hush(desk, alarm.device_id, alarm.device)])
    rows.append([button(text("alarms.button-board"), ShowBoard())])
    return text.lines(_words(desk, found)), rows


def _hush(desk: AlarmDesk, device: int, name: str) -> InlineKeyboardButton:
    return button(desk.text("alarms.button-silence", what=name), QuietTarget(about=f"d{device}"))


def _words(desk: AlarmDesk, found: History) -> list[str]:
    text, alarm = desk.text, found.seen.alarm
    lines: list[str] = [
        text(
            "alarms.board-line",
            icon=ICONS[alarm.severity],
            severity=desk.severity(alarm.severity),
            name=title_of(desk, alarm),
            number=alarm.id,
        ),
        value_of(desk, alarm),
        state_of(desk, found.seen) if alarm.ended_at is None else _over(desk, found),
        "",
    ]
    entries = [(one.time, _change(desk, found, one)) for one in found.changes]
    entries += [(one.at, _deed(desk, found, one)) for one in found.deeds]
    entries.sort(key=lambda one: one[0])
    lines += [
        text("alarms.history-line", moment=text.moment(at), what=what)
        for at, what in entries[-MOST_LINES:]
    ]
    return [*lines, "", text("readings.unchecked")]


def _over(desk: AlarmDesk, found: History) -> str:
    text, alarm = desk.text, found.seen.alarm
    key = "alarms.was-withdrawn" if alarm.end == "withdrawn" else "alarms.was-over"
    begin, end = text.moment(alarm.began_at), text.moment(alarm.ended_at or alarm.began_at)
    return text(key, begin=begin, end=end, severity=desk.severity(alarm.highest))


def _change(desk: AlarmDesk, found: History, one: AlarmChange) -> Markup:
    """Return what the engine noticed: "steigt auf Stufe 2 von 3 (320 cm)"."""
    text, alarm = desk.text, found.seen.alarm
    value = shown(alarm.labels.quantity).words(one.value, text)
    if What(one.what) in (What.FLAPPING, What.CALM):
        value = ""
    if one.what == What.FELL and one.after == NO_LEVEL:
        return text("alarms.change-over", value=value)
    level = f"{one.after + 1}/{max(len(alarm.thresholds), 1)}"
    return text(CHANGES[What(one.what)], level=level, value=value)


DEEDS = {
    "acknowledged": "alarms.deed-acknowledged",
    "given-back": "alarms.deed-given-back",
    "silenced": "alarms.deed-silenced",
    "escalated": "alarms.deed-escalated",
    "told": "alarms.deed-told",
}


def _deed(desk: AlarmDesk, found: History, one: AlarmDeed) -> Markup:
    label = found.labels.get(one.staff_id or 0, "")
    key = DEEDS.get(one.what)
    if key is None:
        return desk.text("alarms.deed-other", what=one.what, label=label)
    return desk.text(key, label=label, chats=one.detail.get("chats", 0))


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
