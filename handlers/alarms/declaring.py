"""/stufe: staff record which Alarmstufe was declared for a water, by whom, since when.

Never a word of ours: a stage without who declared it cannot be recorded.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zlib import crc32

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from handlers.alarms.desk import AlarmDesk, Card
from handlers.buttons.alarms import RecordStage
from handlers.messages import Reply, Row, button
from handlers.readings.declared import cancelled_words, stage_words, where_of
from nlu.measured import named_waters
from nlu.times import since_in
from services.alarms.declared import Declared
from services.alarms.records import DeclarerRecord
from services.alarms.stages import HIGHEST, NONE, Declaration, NoDeclarerError

AGO = (15, 30, 60, 120)
"""Minutes that are offered."""
MINUTE = 60
STAGE = re.compile(r"\b([1-4])\b")
CANCELLED = re.compile(r"\b(aufgehoben|aufheben|cancelled)\b", re.IGNORECASE)
OPEN = -1
"""Of a stage: not chosen yet."""


async def stage(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/stufe: what holds; in one line: "/stufe Mulde 2 seit 14:20", "/stufe Mulde aufgehoben"."""
    desk = alarm_desk
    desk.stages.require(desk.actor)
    words = (command.args or "").strip()
    if not words:
        return desk.says(message, await _listed(desk))
    return desk.says(message, await _next(desk, _typed(desk, words)))


async def record(query: CallbackQuery, callback_data: RecordStage, alarm_desk: AlarmDesk) -> Reply:
    """Ask for what is open: water, area, stage, by whom, since when; then show, then record."""
    desk, chosen = alarm_desk, callback_data
    desk.stages.require(desk.actor)
    if not chosen.water:
        return desk.shows(query, await _listed(desk))
    if not chosen.sure:
        return desk.shows(query, await _next(desk, chosen))
    said = Declaration(
        _water(desk, chosen),
        chosen.area,
        chosen.stage,
        chosen.declarer,
        _moment(chosen),
        chosen.before,
    )
    await desk.stages.record(desk.actor, said)
    words, rows = await _listed(desk)
    return desk.shows(
        query, (desk.text.lines([desk.text("alarms.stage-recorded"), "", words]), rows)
    )


def _typed(desk: AlarmDesk, words: str) -> RecordStage:
    """Return what a line says; what it leaves open is asked."""
    timed = since_in(words, desk.now.astimezone(desk.region.zone))
    rest = f"{timed.before} {timed.after}" if timed else words
    waters = named_waters(rest, desk.region.facts.sensors.spellings)
    known = [one for one in desk.stages.waters() if one in waters]
    if len(known) != 1:
        raise NoDeclarerError
    found = STAGE.search(rest)
    chosen = NONE if CANCELLED.search(rest) else int(found[1]) if found else OPEN
    at = int(timed.moment.timestamp()) // MINUTE if timed else 0
    return RecordStage(water=key_of(known[0]), stage=chosen, at=at)


async def _next(desk: AlarmDesk, chosen: RecordStage) -> Card:
    """Return the next question, or at the end what would be recorded."""
    water = _water(desk, chosen)
    areas = await desk.stages.areas(desk.actor, water)
    if chosen.area not in areas:
        if len(areas) != 1:
            return _ask_area(desk, chosen, areas)
        chosen = chosen.model_copy(update={"area": areas[0]})
    held = await _held(desk, water, chosen.area)
    if not NONE <= chosen.stage <= HIGHEST or (chosen.stage == NONE and held is None):
        return _ask_stage(desk, chosen, held)
    who = desk.stages.declarers_of(water)
    if chosen.stage != NONE and chosen.declarer not in {one.id for one in who}:
        if len(who) != 1:
            return _ask_declarer(desk, chosen, who)
        chosen = chosen.model_copy(update={"declarer": who[0].id})
    if not chosen.at:
        return _ask_since(desk, chosen, water)
    return _preview(desk, chosen, water, held)


def _preview(desk: AlarmDesk, chosen: RecordStage, water: str, held: Declared | None) -> Card:
    text, at = desk.text, _moment(chosen)
    who = next(
        (one.name for one in desk.stages.declarers_of(water) if one.id == chosen.declarer), None
    )
    lines: list[str] = [text("alarms.stage-preview")]
    if chosen.stage == NONE and held is not None:
        lines += [_where(desk, held), cancelled_words(held, at, text)]
    elif who is not None:
        new = Declared(0, water, chosen.area, chosen.stage, who, at)
        lines += [_where(desk, new), stage_words(new, text)]
        if held is not None:
            lines.append(text("alarms.stage-before", what=stage_words(held, text)))
    before = held.stage if held else NONE
    sure = chosen.model_copy(update={"sure": True, "before": before})
    return text.lines(lines), [[button(text("alarms.button-record"), sure)], _back(desk)]


def _where(desk: AlarmDesk, one: Declared) -> str:
    return desk.text("alarms.stage-head", where=where_of(one, desk.region))


async def _held(desk: AlarmDesk, water: str, area: str) -> Declared | None:
    found = await desk.stages.open()
    return next((one for one in found if (one.water, one.ars) == (water, area)), None)


async def _listed(desk: AlarmDesk) -> Card:
    """Return the stages that hold, and the waters for which one may be recorded."""
    text, found = desk.text, await desk.stages.open()
    lines: list[str] = [text("alarms.stages")]
    lines += [stage_line(desk, one) for one in found]
    if not found:
        lines.append(text("alarms.stages-none"))
    waters = desk.stages.waters()
    lines += ["", text("alarms.stage-hint" if waters else "alarms.stage-no-declarers")]
    buttons = [button(one, RecordStage(water=key_of(one))) for one in waters]
    return text.lines(lines), [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def stage_line(desk: AlarmDesk, one: Declared) -> str:
    """Return one line for a stage that holds: water, stage, who declared it."""
    what = stage_words(one, desk.text)
    return desk.text("alarms.stage-line", where=where_of(one, desk.region), what=what)


def _ask_area(desk: AlarmDesk, chosen: RecordStage, areas: Sequence[str]) -> Card:
    rows: list[Row] = [
        [button(desk.region.area_name(one), chosen.model_copy(update={"area": one}))]
        for one in areas
    ]
    return desk.text("alarms.stage-ask-area"), [*rows, _back(desk)]


def _ask_stage(desk: AlarmDesk, chosen: RecordStage, held: Declared | None) -> Card:
    text = desk.text
    buttons = [
        button(text("alarms.button-stage", stage=one), chosen.model_copy(update={"stage": one}))
        for one in range(1, HIGHEST + 1)
    ]
    rows: list[Row] = [buttons[:2], buttons[2:]]
    if held is not None:
        end = chosen.model_copy(update={"stage": NONE})
        rows.append([button(text("alarms.button-cancelled"), end)])
    return text("alarms.stage-ask"), [*rows, _back(desk)]


def _ask_declarer(desk: AlarmDesk, chosen: RecordStage, who: Sequence[DeclarerRecord]) -> Card:
    text = desk.text
    rows: list[Row] = [
        [
            button(
                text("alarms.button-declarer", declarer=one.name.of(text.language)),
                chosen.model_copy(update={"declarer": one.id}),
            )
        ]
        for one in who
    ]
    return text("alarms.stage-ask-declarer"), [*rows, _back(desk)]


def _ask_since(desk: AlarmDesk, chosen: RecordStage, water: str) -> Card:
    text, rows = desk.text, list[Row]()
    for minutes in (0, *AGO):
        at = desk.now - timedelta(minutes=minutes)
        span = text.ago(desk.now - at) if minutes else text("alarms.now")
        words = text("alarms.button-since", span=span, time=text.time(at))
        minute = int(at.timestamp()) // MINUTE
        rows.append([button(words, chosen.model_copy(update={"at": minute}))])
    return text("alarms.stage-ask-since", water=water), [*rows, _back(desk)]


def key_of(water: str) -> str:
    """Return what stands for a water in a button: names may be too long for one."""
    return f"{crc32(water.encode()):08x}"


def _water(desk: AlarmDesk, chosen: RecordStage) -> str:
    for one in desk.stages.waters():
        if key_of(one) == chosen.water:
            return one
    raise NoDeclarerError


def _moment(chosen: RecordStage) -> datetime:
    return datetime.fromtimestamp(chosen.at * MINUTE, UTC)


def _back(desk: AlarmDesk) -> Row:
    return [button(desk.text("alarms.button-back"), RecordStage())]
