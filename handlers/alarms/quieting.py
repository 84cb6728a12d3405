"""/stumm and /wartung: which alarms are left in peace, until when, and why; chosen by buttons."""

from collections.abc import Iterable, Sequence
from datetime import time, timedelta

from aiogram.filters import CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message
from babel.dates import get_day_names

from handlers.alarms.board import title_of
from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.subscribing import KINDS
from handlers.buttons.alarms import ChooseWindow, EndQuiet, QuietTarget
from handlers.messages import Reply, Row, button
from services.alarms.model import AlarmMaintenance
from services.alarms.peace import NoPeaceError
from services.alarms.rules.calm import LocalHours
from services.alarms.rules.matching import Matcher
from services.devices.lookups import Sensor

HOURS = (1, 4, 12, 24, 72, 168)
REASONS = {
    "work": "alarms.reason-work",
    "false": "alarms.reason-false",
    "known": "alarms.reason-known",
    "test": "alarms.reason-test",
}
DAYS = ("0123456", "01234", "56", "0", "1", "2", "3", "4", "5", "6")
WINDOWS = (
    "06:00-08:00",
    "08:00-12:00",
    "12:00-16:00",
    "16:00-20:00",
    "20:00-00:00",
    "22:00-06:00",
)
MOST_FOUND = 8
MOST_ALARMS = 6
SHORTEST = 2


async def silence(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/stumm: what is silenced; with the name of a sensor: silence it."""
    desk = alarm_desk
    words = (command.args or "").strip()
    if words:
        return desk.says(message, await _found(desk, words, window=False))
    return desk.says(message, await _silences(desk))


async def maintenance(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/wartung: recurring windows; with the name of a sensor: one for it."""
    desk = alarm_desk
    words = (command.args or "").strip()
    if words:
        return desk.says(message, await _found(desk, words, window=True))
    return desk.says(message, await _windows(desk))


async def choose_silence(
    query: CallbackQuery, callback_data: QuietTarget, alarm_desk: AlarmDesk
) -> Reply:
    """Ask for what is open: what, how long, why; then silence it."""
    desk, chosen = alarm_desk, callback_data
    if not chosen.about:
        return desk.shows(query, await _silences(desk))
    matcher = _matcher(chosen.about)
    if chosen.hours not in HOURS:
        return desk.shows(query, _ask_hours(desk, chosen))
    if chosen.reason not in REASONS:
        return desk.shows(query, _ask_reason(desk, chosen))
    reason = desk.text(REASONS[chosen.reason])
    until = desk.now + timedelta(hours=chosen.hours)
    await desk.peaces.silence(desk.actor, matcher, until=until, reason=reason)
    return desk.shows(query, await _silences(desk))


async def choose_window(
    query: CallbackQuery, callback_data: ChooseWindow, alarm_desk: AlarmDesk
) -> Reply:
    """Ask for what is open: what, on which days, at which hours; then expect alarms then."""
    desk, chosen = alarm_desk, callback_data
    if not chosen.about:
        return desk.shows(query, await _windows(desk))
    matcher = _matcher(chosen.about)
    if chosen.days not in DAYS:
        return desk.shows(query, _ask_days(desk, chosen))
    if chosen.hours not in WINDOWS:
        return desk.shows(query, _ask_window(desk, chosen))
    start, _, end = chosen.hours.partition("-")
    hours = LocalHours(
        time.fromisoformat(start),
        time.fromisoformat(end),
        desk.region.zone,
        frozenset(int(day) for day in chosen.days),
    )
    reason = desk.text("alarms.reason-window")
    await desk.peaces.maintain(desk.actor, matcher, hours, reason=reason)
    return desk.shows(query, await _windows(desk))


async def end(query: CallbackQuery, callback_data: EndQuiet, alarm_desk: AlarmDesk) -> Reply:
    """End a silence or a window and show what is left."""
    desk, number = alarm_desk, callback_data.number
    if callback_data.window:
        await desk.peaces.end_maintenance(desk.actor, number)
        return desk.shows(query, await _windows(desk))
    await desk.peaces.end_silence(desk.actor, number)
    return desk.shows(query, await _silences(desk))


def _matcher(about: str) -> Matcher:
    """Return what a button means: "d12" a device, "tgauge" a kind of device, "rmulde" a rule."""
    kind, name = about[:1], about[1:]
    if kind == "d" and name.isdigit():
        return Matcher(device=int(name))
    if kind == "t" and name in KINDS:
        return Matcher(type=name)
    if kind == "r" and name:
        return Matcher(rule=name)
    raise NoPeaceError


async def _silences(desk: AlarmDesk) -> Card:
    """Return what is silenced now, and what could be: what fires, kinds of sensors."""
    text, found = desk.text, await desk.peaces.silences()
    board = await desk.situation.board(desk.actor, desk.chat)
    sensors = await desk.sensors.visible(desk.actor)
    lines: list[str] = [text("alarms.silences")]
    rows: list[Row] = []
    for one in found:
        what = _what(desk, Matcher.of(one.matcher), sensors)
        until = text.moment(one.until)
        lines.append(text("alarms.silence-line", what=what, until=until, reason=one.reason))
        rows.append([button(text("alarms.button-end", what=what), EndQuiet(number=one.id))])
    if not found:
        lines.append(text("alarms.silences-none"))
    for seen in board.firing[:MOST_ALARMS]:
        if seen.alarm.device_id is not None:
            label = text("alarms.button-silence", what=title_of(desk, seen.alarm))
            rows.append([button(label, QuietTarget(about=f"d{seen.alarm.device_id}"))])
    lines += ["", text("alarms.silence-hint")]
    return text.lines(lines), [*rows, *_kinds(desk, window=False)]


async def _windows(desk: AlarmDesk) -> Card:
    """Return the recurring windows."""
    desk.situation.require(desk.actor)
    text, found = desk.text, await desk.peaces.windows()
    sensors = await desk.sensors.visible(desk.actor)
    lines: list[str] = [text("alarms.windows")]
    rows: list[Row] = []
    for one in found:
        what = _what(desk, Matcher.of(one.matcher), sensors)
        lines.append(text("alarms.window-line", what=what, when=_when(desk, one)))
        end_it = EndQuiet(number=one.id, window=True)
        rows.append([button(text("alarms.button-end", what=what), end_it)])
    if not found:
        lines.append(text("alarms.windows-none"))
    lines += ["", text("alarms.window-hint")]
    return text.lines(lines), [*rows, *_kinds(desk, window=True)]


def _kinds(desk: AlarmDesk, *, window: bool) -> list[Row]:
    found = [
        button(desk.text(key), _asking(f"t{kind}", window=window)) for kind, key in KINDS.items()
    ]
    return [found[at : at + 2] for at in range(0, len(found), 2)]


def _asking(about: str, *, window: bool) -> CallbackData:
    return ChooseWindow(about=about) if window else QuietTarget(about=about)


async def _found(desk: AlarmDesk, words: str, *, window: bool) -> Card:
    """Return the sensors whose name holds these words."""
    desk.situation.require(desk.actor)
    wanted = words.casefold()
    found = [
        one
        for one in await desk.sensors.visible(desk.actor)
        if len(wanted) >= SHORTEST and wanted in f"{one.name} {one.place}".casefold()
    ]
    rows: list[Row] = [
        [button(one.name, _asking(f"d{one.id}", window=window))] for one in found[:MOST_FOUND]
    ]
    key = "readings.choose" if found else "devices.not-found"
    return desk.text(key, words=words), rows


def _what(desk: AlarmDesk, matcher: Matcher, sensors: Sequence[Sensor]) -> str:
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


def _when(desk: AlarmDesk, one: AlarmMaintenance) -> str:
    days = _days(desk, one.weekdays)
    return desk.text("alarms.window-when", days=days, start=one.start, end=one.end)


def _days(desk: AlarmDesk, digits: Iterable[str]) -> str:
    names = get_day_names("abbreviated", locale=desk.text.language)
    found = [str(names[int(digit)]) for digit in digits]
    return f"{found[0]} – {found[-1]}" if len(found) > 1 else found[0]


def _ask_hours(desk: AlarmDesk, chosen: QuietTarget) -> Card:
    rows: list[Row] = [
        [
            button(
                desk.text.span(timedelta(hours=hours)),
                chosen.model_copy(update={"hours": hours}),
            )
        ]
        for hours in HOURS
    ]
    return desk.text("alarms.ask-hours"), [*rows, _cancel(desk, QuietTarget())]


def _ask_reason(desk: AlarmDesk, chosen: QuietTarget) -> Card:
    rows: list[Row] = [
        [button(desk.text(key), chosen.model_copy(update={"reason": reason}))]
        for reason, key in REASONS.items()
    ]
    return desk.text("alarms.ask-reason"), [*rows, _cancel(desk, QuietTarget())]


def _ask_days(desk: AlarmDesk, chosen: ChooseWindow) -> Card:
    found = [button(_days(desk, days), chosen.model_copy(update={"days": days})) for days in DAYS]
    rows: list[Row] = [[one] for one in found[:3]]
    rows.append(found[3:])
    return desk.text("alarms.ask-days"), [*rows, _cancel(desk, ChooseWindow())]


def _ask_window(desk: AlarmDesk, chosen: ChooseWindow) -> Card:
    found = [button(one, chosen.model_copy(update={"hours": one})) for one in WINDOWS]
    rows: list[Row] = [found[at : at + 2] for at in range(0, len(found), 2)]
    return desk.text("alarms.ask-window"), [*rows, _cancel(desk, ChooseWindow())]


def _cancel(desk: AlarmDesk, back: CallbackData) -> Row:
    return [button(desk.text("alarms.button-back"), back)]
