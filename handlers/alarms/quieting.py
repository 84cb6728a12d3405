"""/stumm and /wartung: which alarms are left in peace, until when, and why; ended, prolonged."""

from aiogram.filters import CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from handlers.alarms.board import title_of
from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.quiet_words import what, when
from handlers.alarms.rule_questions import fits
from handlers.alarms.rule_words import name_of_rule
from handlers.alarms.subscribing import KINDS
from handlers.buttons.alarms import ChooseWindow, EndQuiet, Prolong, QuietTarget
from handlers.messages import Reply, Row, button
from services.alarms.peace import NoPeaceError
from services.alarms.rules.matching import Matcher
from services.alarms.ruling import Standing

MOST_FOUND = 8
MOST_CHOICES = 20
MOST_ALARMS = 6
SHORTEST = 2
OTHERS = {
    "?d": "alarms.button-some-device",
    "?r": "alarms.button-some-rule",
    "?a": "alarms.button-some-place",
}


async def silence(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/stumm: what is silenced; with the name of a sensor: silence it."""
    desk = alarm_desk
    words = (command.args or "").strip()
    if words:
        return desk.says(message, await _found(desk, words, window=False))
    return desk.says(message, await silences(desk))


async def maintenance(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/wartung: recurring windows; with the name of a sensor: one for it."""
    desk = alarm_desk
    words = (command.args or "").strip()
    if words:
        return desk.says(message, await _found(desk, words, window=True))
    return desk.says(message, await windows(desk))


async def end(query: CallbackQuery, callback_data: EndQuiet, alarm_desk: AlarmDesk) -> Reply:
    """End a silence or a window and show what is left."""
    desk, number = alarm_desk, callback_data.number
    if callback_data.window:
        await desk.peaces.end_maintenance(desk.actor, number)
        return desk.shows(query, await windows(desk))
    await desk.peaces.end_silence(desk.actor, number)
    return desk.shows(query, await silences(desk))


async def silences(desk: AlarmDesk) -> Card:
    """Return what is silenced now, and what could be: what fires, kinds of sensors."""
    text, found = desk.text, await desk.peaces.silences()
    board = await desk.situation.board(desk.actor, desk.chat)
    sensors = await desk.sensors.visible(desk.actor)
    lines: list[str] = [text("alarms.silences")]
    rows: list[Row] = []
    for one in found:
        name = what(desk, Matcher.of(one.matcher), sensors)
        until = text.moment(one.until)
        lines.append(text("alarms.silence-line", what=name, until=until, reason=one.reason))
        prolong = button(text("alarms.button-prolong", what=name), Prolong(number=one.id))
        rows.append([prolong])
        rows.append([button(text("alarms.button-end", what=name), EndQuiet(number=one.id))])
    if not found:
        lines.append(text("alarms.silences-none"))
    for seen in board.firing[:MOST_ALARMS]:
        if seen.alarm.device_id is not None:
            label = text("alarms.button-silence", what=title_of(desk, seen.alarm))
            rows.append([button(label, QuietTarget(about=f"d{seen.alarm.device_id}"))])
    lines += ["", text("alarms.silence-hint")]
    return text.lines(lines), [*rows, *_kinds(desk, window=False)]


async def windows(desk: AlarmDesk) -> Card:
    """Return the recurring windows."""
    desk.situation.require(desk.actor)
    text, found = desk.text, await desk.peaces.windows()
    sensors = await desk.sensors.visible(desk.actor)
    lines: list[str] = [text("alarms.windows")]
    rows: list[Row] = []
    for one in found:
        name = what(desk, Matcher.of(one.matcher), sensors)
        line = text("alarms.window-line", what=name, when=when(desk, one), reason=one.reason)
        lines.append(line)
        end_it = EndQuiet(number=one.id, window=True)
        rows.append([button(text("alarms.button-end", what=name), end_it)])
    if not found:
        lines.append(text("alarms.windows-none"))
    lines += ["", text("alarms.window-hint")]
    return text.lines(lines), [*rows, *_kinds(desk, window=True)]


async def choices(desk: AlarmDesk, about: str, *, window: bool) -> Card:
    """Return the sensors, rules or places that can be left in peace."""
    desk.situation.require(desk.actor)
    found: list[tuple[str, str]] = []
    if about == "?d":
        sensors = await desk.sensors.visible(desk.actor)
        found = [(one.name, f"d{one.id}") for one in sensors]
    elif about == "?r":
        rules = await desk.ruling.listed(desk.actor)
        found = [
            (name_of_rule(desk, one), f"r{one.key}")
            for one in rules
            if isinstance(one, Standing) and one.active
        ]
    elif about == "?a":
        places = sorted(desk.region.municipalities, key=lambda one: one.name)
        found = [(one.name, f"a{one.ars}") for one in places]
    else:
        raise NoPeaceError
    taps = [(name, asking(one, window=window)) for name, one in found[:MOST_CHOICES]]
    rows: list[Row] = [[button(name, data)] for name, data in taps if fits(data)]
    hint = "alarms.window-hint" if window else "alarms.silence-hint"
    return desk.text(hint), [*rows, back(desk, window=window)]


def asking(about: str, *, window: bool) -> CallbackData:
    """Return what asks for the rest of a silence or a window."""
    return ChooseWindow(about=about) if window else QuietTarget(about=about)


def back(desk: AlarmDesk, *, window: bool) -> Row:
    """Return the way back to the list."""
    return [button(desk.text("alarms.button-back"), asking("", window=window))]


def _kinds(desk: AlarmDesk, *, window: bool) -> list[Row]:
    found = [
        button(desk.text(key), asking(f"t{kind}", window=window)) for kind, key in KINDS.items()
    ]
    others = [
        button(desk.text(key), asking(about, window=window)) for about, key in OTHERS.items()
    ]
    return [*(found[at : at + 2] for at in range(0, len(found), 2)), others]


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
        [button(one.name, asking(f"d{one.id}", window=window))] for one in found[:MOST_FOUND]
    ]
    key = "readings.choose" if found else "devices.not-found"
    return desk.text(key, words=words), rows
