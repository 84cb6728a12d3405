"""/lage: what fires, since when, who has it, who is silent; in words and as a picture."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from aiogram.enums import ChatAction
from aiogram.methods import AnswerCallbackQuery, SendChatAction
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from handlers.alarms.declaring import stage_line
from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.figures import month_card, paint_month, send_month
from handlers.alarms.painting import Line, Painting
from handlers.alarms.unheard import stands_below, unheard
from handlers.alarms.wording import ICONS, KINDS, SEVERITIES, Speaker
from handlers.buttons.alarms import BoardView, ShowAlarm, ShowBoard
from handlers.buttons.sensors import DeviceList, ShowDevices
from handlers.messages import MAX_CAPTION, MAX_TEXT, Reply, Row, button
from handlers.readings.quantities import shown
from services.alarms.model import Kind
from services.alarms.rules.calm import Held
from services.alarms.rules.records import Signal
from services.alarms.situation import Board, Seen
from services.alarms.views import AlarmView
from services.staff.rules import Action

PAINT = "paint alarms"
MOST_LINES = 15
MOST_PAINTED = 8
MOST_BUTTONS = 8
ROOM_FOR_MORE = 60
"""Letters kept for the line that says how many are left out."""
MOST_DECLARED = 6
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
    if view is BoardView.MONTH_PICTURE:
        return await paint_month(desk, query, callback_data.month)
    if view is BoardView.TABLE:
        return await send_month(desk, callback_data.month)
    found = await desk.situation.board(desk.actor, desk.chat)
    if view is BoardView.TEXT:
        return desk.shows(query, _card(desk, found))
    await desk.heavy.defer(
        PAINT,
        chat_id=desk.chat.id,
        thread=thread_of(query),
        painting=_painting(desk, found),
        caption=_caption(desk, found),
    )
    return [
        AnswerCallbackQuery(
            callback_query_id=query.id, text=desk.text("readings.drawing").unescape()
        ),
        SendChatAction(chat_id=desk.chat.telegram_id, action=ChatAction.UPLOAD_PHOTO),
    ]


def _caption(desk: AlarmDesk, found: Board) -> str:
    """Return the board for whoever does not see the picture; in short where it is too long."""
    full = words(desk, found, MAX_TEXT)
    return str(full if len(full) <= MAX_CAPTION else words(desk, found, MAX_CAPTION))


def _card(desk: AlarmDesk, found: Board) -> Card:
    text = desk.text
    told = sorted(found.firing, key=lambda one: stands_below(found, one))
    rows: list[Row] = [
        [button(_title(desk, one.alarm), ShowAlarm(alarm=one.alarm.id))]
        for one in told[:MOST_BUTTONS]
    ]
    rows.append(
        [
            button(text("alarms.button-again"), ShowBoard()),
            button(text("alarms.button-picture"), ShowBoard(view=BoardView.PICTURE)),
        ]
    )
    if desk.is_private:
        rows.append([button(text("alarms.button-month"), ShowBoard(view=BoardView.MONTH))])
        if found.hearing.devices and desk.actor.may_somewhere(Action.RUN_SENSORS, desk.now):
            silent = ShowDevices(listed=DeviceList.SILENT)
            rows.append([button(text("devices.button-silent"), silent)])
    return words(desk, found, MAX_TEXT), rows


def _shown(found: Board) -> Sequence[Seen]:
    """Return the alarms that are told one by one; the silence of sensors has its own paragraph."""
    return [one for one in found.firing if not stands_below(found, one)]


def words(desk: AlarmDesk, found: Board, most: int) -> Markup:
    """Return the board in so many letters: the gravest alarms in full, the others counted.

    What is left out is said; the caption of the picture (`MAX_CAPTION`) says the same in short.
    """
    text, alarms, brief = desk.text, _shown(found), most < MAX_TEXT
    head: list[str] = [text("alarms.board", moment=text.moment(found.at))]
    head += ["", *(stage_line(desk, one) for one in found.declared)] if found.declared else []
    if not alarms:
        head += ["", text("alarms.board-nothing")]
    elif len(alarms) > 1:
        head.append(text("alarms.board-number", number=len(alarms), counts=_counted(desk, alarms)))
    tail = [line for one in _below(desk, found, brief=brief) for line in ("", *one)]
    room = most - len(text.lines([*head, *tail])) - ROOM_FOR_MORE
    blocks = [["", *_alarm(desk, one)][: 2 if brief else None] for one in alarms[:MOST_LINES]]
    sizes = accumulate(len(text.lines(one)) + 1 for one in blocks)
    told = sum(size <= room for size in sizes)
    lines = [line for one in blocks[:told] for line in one]
    if more := len(alarms) - told:
        lines += ["", text("alarms.more", count=more)]
    return text.lines([*head, *lines, *tail])


def _below(desk: AlarmDesk, found: Board, *, brief: bool) -> list[list[str]]:
    """Return the paragraphs below the alarms; in brief only what each is about."""
    text = desk.text
    paragraphs = unheard(desk, found, state_of)
    if brief:
        paragraphs = [one[:1] for one in paragraphs]
    elif found.ended:
        over = [_ended(desk, one) for one in found.ended]
        paragraphs.append([text("alarms.board-ended"), *over])
    for key, number in (
        ("alarms.board-silences", found.silences),
        ("alarms.board-exercises", found.exercises),
    ):
        if number:
            paragraphs.append([text(key, number=number)])
    return [*paragraphs, [text("readings.unchecked")]]


def _counted(desk: AlarmDesk, alarms: Sequence[Seen], *, icons: bool = True) -> str:
    """Return how many alarms there are of each severity, the gravest first."""
    counts = Counter(one.alarm.severity for one in alarms)
    return ",  ".join(
        f"{ICONS[severity]} {number}" if icons else f"{desk.severity(severity)}: {number}"
        for severity, number in sorted(counts.items(), reverse=True)
    )


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
    if alarm.kind in KINDS:
        rule = desk.text(KINDS[alarm.kind])
    words = ", ".join(part for part in (alarm.device, rule) if part)
    return desk.text("alarms.exercise-mark", name=words) if alarm.exercise else words


def value_of(desk: AlarmDesk, alarm: AlarmView) -> str:
    """Return the newest value and the level it is compared with."""
    text = desk.text
    if alarm.kind in (Kind.OFFLINE, Kind.GATEWAY):
        return text("alarms.last-heard", moment=text.moment(alarm.value_at or alarm.began_at))
    if alarm.value is None:
        return text("alarms.no-value")
    how = shown(alarm.labels.quantity)
    value = _an_hour(desk, alarm, how.words(alarm.value, text))
    if alarm.kind is Kind.STUCK:
        return text("alarms.stuck-value", count=alarm.level, value=value)
    if not 0 <= alarm.level < len(alarm.thresholds):
        return value
    limit = _an_hour(desk, alarm, how.words(alarm.thresholds[alarm.level], text))
    return text("alarms.value-limit", value=value, limit=limit)


def _an_hour(desk: AlarmDesk, alarm: AlarmView, value: str) -> str:
    return desk.text("alarms.an-hour", value=value) if alarm.signal is Signal.RATE else value


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


def _painting(desk: AlarmDesk, found: Board) -> Painting:
    text, alarms = desk.text, _shown(found)
    more = len(alarms) - MOST_PAINTED
    notes: list[list[str]] = [[text("alarms.more", count=more)]] if more > 0 else []
    notes += unheard(desk, found, state_of)
    return Painting(
        title=_plain(text("alarms.board-title")),
        subtitle=_plain(text("alarms.board-subtitle", moment=text.moment(found.at))),
        counted=_plain(_counted(desk, alarms, icons=False)) if len(alarms) > 1 else "",
        nothing=_plain(text("alarms.board-nothing")),
        notes=[[_plain(line) for line in one] for one in notes],
        footnote=_plain(text("readings.unchecked")),
        declared=[_plain(stage_line(desk, one)) for one in found.declared[:MOST_DECLARED]],
        lines=_lines(desk, alarms[:MOST_PAINTED]),
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
