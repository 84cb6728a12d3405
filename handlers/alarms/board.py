"""/lage: what fires, since when, who has it, who is silent; in words and as a picture."""

from collections.abc import Sequence

from aiogram.enums import ChatAction
from aiogram.methods import AnswerCallbackQuery, SendChatAction
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.figures import month_card, send_month
from handlers.alarms.painting import Line, Painting
from handlers.alarms.wording import ICONS, SEVERITIES, Speaker
from handlers.buttons.alarms import BoardView, ShowAlarm, ShowBoard
from handlers.buttons.sensors import DeviceList, ShowDevices
from handlers.messages import Reply, Row, button
from handlers.readings.quantities import shown
from services.alarms.model import Kind
from services.alarms.rules.calm import Held
from services.alarms.situation import Board, Seen
from services.alarms.views import AlarmView
from services.devices.model import Device

PAINT = "paint alarms"
MOST_LINES = 15
MOST_PAINTED = 12
MOST_BUTTONS = 8
MOST_SILENT = 8
HELD = {
    Held.SILENCE: "alarms.held-silence",
    Held.MAINTENANCE: "alarms.held-maintenance",
    Held.INHIBITED: "alarms.held-inhibited",
    Held.QUIET_HOURS: "alarms.held-quiet",
}


async def board(message: Message, alarm_desk: AlarmDesk) -> Reply:
    """/lage: for staff, and for groups what they subscribed to."""
    desk = alarm_desk
    found = await desk.situation.board(desk.actor, desk.chat)
    return desk.says(message, _card(desk, found))


async def show_board(
    query: CallbackQuery, callback_data: ShowBoard, alarm_desk: AlarmDesk
) -> Reply:
    """Show the board anew, have it painted, or show the figures of a month."""
    desk, view = alarm_desk, callback_data.view
    if view is BoardView.MONTH:
        return desk.shows(query, await month_card(desk, callback_data.month))
    if view is BoardView.TABLE:
        return await send_month(desk, callback_data.month)
    found = await desk.situation.board(desk.actor, desk.chat)
    if view is BoardView.TEXT:
        return desk.shows(query, _card(desk, found))
    caption = desk.text.lines(_words(desk, found))
    await desk.heavy.defer(
        PAINT,
        chat_id=desk.chat.id,
        thread=thread_of(query),
        painting=_painting(desk, found),
        caption=str(caption),
    )
    return [
        AnswerCallbackQuery(
            callback_query_id=query.id, text=desk.text("readings.drawing").unescape()
        ),
        SendChatAction(chat_id=desk.chat.telegram_id, action=ChatAction.UPLOAD_PHOTO),
    ]


def _card(desk: AlarmDesk, found: Board) -> Card:
    text = desk.text
    rows: list[Row] = [
        [button(_title(desk, one.alarm), ShowAlarm(alarm=one.alarm.id))]
        for one in found.firing[:MOST_BUTTONS]
    ]
    rows.append(
        [
            button(text("alarms.button-picture"), ShowBoard(view=BoardView.PICTURE)),
            button(text("alarms.button-again"), ShowBoard()),
        ]
    )
    if desk.is_private:
        rows.append([button(text("alarms.button-month"), ShowBoard(view=BoardView.MONTH))])
        if found.silent:
            silent = ShowDevices(listed=DeviceList.SILENT)
            rows.append([button(text("devices.button-silent"), silent)])
    return text.lines(_words(desk, found)), rows


def _words(desk: AlarmDesk, found: Board) -> list[str]:
    """Return the board line by line; the caption of the picture says the same."""
    text = desk.text
    lines: list[str] = [text("alarms.board", moment=text.moment(found.at))]
    if not found.firing:
        lines += ["", text("alarms.board-nothing")]
    for one in found.firing[:MOST_LINES]:
        lines += ["", *_alarm(desk, one)]
    more = len(found.firing) - MOST_LINES
    if more > 0:
        lines.append(text("alarms.more", count=more))
    if found.ended:
        lines += ["", text("alarms.board-ended")]
        lines += [_ended(desk, one) for one in found.ended]
    if found.silent:
        lines += ["", text("alarms.board-silent", number=len(found.silent))]
        lines += [_silent(desk, one) for one in found.silent[:MOST_SILENT]]
    if found.silences:
        lines += ["", text("alarms.board-silences", number=found.silences)]
    return [*lines, "", text("readings.unchecked")]


def _alarm(desk: AlarmDesk, one: Seen) -> list[str]:
    text, alarm = desk.text, one.alarm
    head = text(
        "alarms.board-line",
        icon=ICONS[alarm.severity],
        severity=desk.severity(alarm.severity),
        name=title_of(desk, alarm),
        number=alarm.id,
    )
    return [head, text.plain(value_of(desk, alarm)), state_of(desk, one)]


def title_of(desk: Speaker, alarm: AlarmView) -> str:
    """Return what an alarm is about: sensor and rule; marked where it is an exercise."""
    rule = alarm.name.of(desk.text.language) if alarm.name else ""
    kinds = {Kind.OFFLINE: "alarms.kind-offline", Kind.GATEWAY: "alarms.kind-gateway"}
    if alarm.kind in kinds:
        rule = desk.text(kinds[alarm.kind])
    words = ", ".join(part for part in (alarm.device, rule) if part)
    return desk.text("alarms.exercise-mark", name=words) if alarm.exercise else words


def value_of(desk: AlarmDesk, alarm: AlarmView) -> str:
    """Return the newest value and the level it is compared with."""
    text = desk.text
    if alarm.value is None or alarm.kind is not Kind.VALUE:
        return text("alarms.no-value")
    how = shown(alarm.labels.quantity)
    value = how.words(alarm.value, text)
    if not 0 <= alarm.level < len(alarm.thresholds):
        return value
    limit = how.words(alarm.thresholds[alarm.level], text)
    return text("alarms.value-limit", value=value, limit=limit)


def state_of(desk: AlarmDesk, one: Seen) -> Markup:
    """Return since when, who has it, and what else is to be known."""
    text, alarm = desk.text, one.alarm
    parts: list[str] = [text("alarms.since", moment=text.moment(alarm.began_at))]
    if one.taken_by and alarm.acknowledged_at:
        time = text.time(alarm.acknowledged_at)
        parts.append(text("alarms.taken-by", label=one.taken_by, time=time))
    else:
        parts.append(text("alarms.nobody-has-it"))
    parts += [text("alarms.is-recovering")] if alarm.recovering else []
    parts += [text("alarms.is-flapping")] if alarm.flapping else []
    parts += [text("alarms.is-frozen")] if alarm.frozen else []
    parts += [text(HELD[one.held])] if one.held else []
    return text.lines([", ".join(Markup(part).unescape() for part in parts)])  # noqa: S704 - ours


def _title(desk: AlarmDesk, alarm: AlarmView) -> str:
    return f"{ICONS[alarm.severity]} {title_of(desk, alarm)}"


def _ended(desk: AlarmDesk, alarm: AlarmView) -> str:
    text = desk.text
    return text(
        "alarms.ended-line",
        name=title_of(desk, alarm),
        severity=desk.severity(alarm.highest),
        begin=text.moment(alarm.began_at),
        end=text.moment(alarm.ended_at or alarm.began_at),
    )


def _silent(desk: AlarmDesk, device: Device) -> str:
    text, seen = desk.text, device.seen_at
    ago = text.ago(desk.now - seen) if seen else text("alarms.never-heard")
    return text("alarms.silent-line", name=device.name, ago=ago)


def _painting(desk: AlarmDesk, found: Board) -> Painting:
    text = desk.text
    more = len(found.firing) - MOST_PAINTED
    foot: list[str] = [text("alarms.more", count=more)] if more > 0 else []
    if found.silent:
        foot.append(text("alarms.board-silent", number=len(found.silent)))
    foot.append(text("readings.unchecked"))
    return Painting(
        title=_plain(text("alarms.board-title")),
        subtitle=_plain(text("alarms.board-subtitle", moment=text.moment(found.at))),
        nothing=_plain(text("alarms.board-nothing")),
        footnote=_plain("  ·  ".join(foot)),
        lines=_lines(desk, found.firing[:MOST_PAINTED]),
    )


def _lines(desk: AlarmDesk, firing: Sequence[Seen]) -> list[Line]:
    return [
        Line(
            severity=int(one.alarm.severity),
            word=_plain(desk.text(SEVERITIES[one.alarm.severity])),
            name=_plain(title_of(desk, one.alarm)),
            value=_plain(value_of(desk, one.alarm)),
            state=_plain(state_of(desk, one)),
        )
        for one in firing
    ]


def _plain(words: str) -> str:
    """Return words without tags and escapes: a picture has none."""
    return str(Markup(words).striptags())  # noqa: S704 - our own texts, not shown as HTML
