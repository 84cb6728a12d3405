"""/regeln: rules in plain words, and changes of them, tried on the last 30 days before they hold.

Everything a change needs stands in its button, so a restart forgets nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, Message

from handlers.alarms.course import Course, drawn
from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.rule_words import name_of_rule, sentences
from handlers.alarms.wording import SEVERITIES
from handlers.buttons.alarms import EditRule, PlanExercise, RuleField, ShowRules
from handlers.messages import Reply, Row, button
from handlers.readings.quantities import shown
from services.alarms.records import RuleRecord
from services.alarms.ruling import (
    BadRuleError,
    RuleChangedError,
    Standing,
    Trial,
    changed,
    graver,
    lasting,
    with_level,
)

THOUSAND = 1000
TRY = "draw a tried rule"
ON_A_PAGE = 8
MINUTES = (0, 15, 30, 60, 120, 360)
STEPS = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)
"""Offered thresholds, as shares of the present one."""
LEAST_STEP = 0.5
"""Of a threshold at zero."""


async def rules(message: Message, alarm_desk: AlarmDesk) -> Reply:
    """/regeln: all rules."""
    return alarm_desk.says(message, await _listed(alarm_desk, 0))


async def turn(query: CallbackQuery, callback_data: ShowRules, alarm_desk: AlarmDesk) -> Reply:
    """Show a page of the rules."""
    return alarm_desk.shows(query, await _listed(alarm_desk, callback_data.page))


async def edit(query: CallbackQuery, callback_data: EditRule, alarm_desk: AlarmDesk) -> Reply:
    """Show a rule, what can be changed, what a change would have done; or save it."""
    desk, wanted = alarm_desk, callback_data
    standing = await desk.ruling.get(desk.actor, wanted.key)
    if wanted.field is RuleField.SHOW:
        return desk.shows(query, _card(desk, standing))
    if standing.version != wanted.version:
        raise RuleChangedError
    if wanted.field is RuleField.LEVEL:
        return desk.shows(query, _parts(desk, standing, wanted.level))
    if wanted.value is None:
        return desk.shows(query, _values(desk, standing, wanted))
    record, active = _changed(standing, wanted, wanted.value)
    if not wanted.sure:
        trials = await desk.ruling.rehearse(desk.actor, record)
        if wanted.draw and trials:
            return await _order(query, desk, record, wanted, trials)
        return desk.shows(query, _tried(desk, standing, record, wanted, trials))
    saved = await desk.ruling.save(desk.actor, standing, record, active=active)
    words, rows = _card(desk, saved)
    told = desk.text("alarms.rule-saved", version=saved.version)
    return desk.shows(query, (desk.text.lines([told, "", words]), rows))


def _changed(standing: Standing, wanted: EditRule, value: int) -> tuple[RuleRecord, bool | None]:
    """Return the rule as it would be, and whether it would hold (None: as before)."""
    record = standing.record
    match wanted.field:
        case RuleField.AT:
            return with_level(record, wanted.level, at=value / THOUSAND), None
        case RuleField.SEVERITY:
            return graver(record, wanted.level, value), None
        case RuleField.UP_FOR | RuleField.DOWN_FOR if value in MINUTES:
            return lasting(record, value, up=wanted.field is RuleField.UP_FOR), None
        case RuleField.EXERCISE:
            return changed(record, exercise=False), None
        case RuleField.ACTIVE:
            return record, bool(value)
    raise BadRuleError


async def _listed(desk: AlarmDesk, page: int) -> Card:
    found = await desk.ruling.listed(desk.actor)
    text, pages = desk.text, max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    part = found[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    rows: list[Row] = [
        [button(name_of_rule(desk, one), EditRule(key=one.key, version=one.version))]
        for one in part
    ]
    rows.append(
        [
            button(text(key), ShowRules(page=number))
            for key, number in (("ask.button-previous", page - 1), ("ask.button-next", page + 1))
            if 0 <= number < pages
        ]
    )
    return text("alarms.rules" if found else "alarms.rules-none", number=len(found)), rows


def _card(desk: AlarmDesk, one: Standing) -> Card:
    text, record = desk.text, one.record
    origin = text("alarms.rule-by-staff" if one.by_staff else "alarms.rule-by-region")
    head = text(
        "alarms.rule-head", name=name_of_rule(desk, one), version=one.version, origin=origin
    )
    edit = EditRule(key=one.key, version=one.version)

    def to(key: str, **more: object) -> Row:
        return [button(text(key), edit.model_copy(update=more))]

    rows: list[Row] = [
        [
            button(
                text("alarms.button-level", number=number + 1),
                edit.model_copy(update={"field": RuleField.LEVEL, "level": number}),
            )
            for number in range(len(record.levels))
        ]
    ]
    if record.levels:
        rows.append(to("alarms.button-up-for", field=RuleField.UP_FOR))
        rows.append(to("alarms.button-down-for", field=RuleField.DOWN_FOR))
    if record.exercise:
        rows.append(to("alarms.button-no-exercise", field=RuleField.EXERCISE, value=0))
    else:
        timed = PlanExercise(about=f"r{one.key}")
        rows.append([button(text("alarms.button-exercise"), timed)])
    switch = "alarms.button-off" if one.active else "alarms.button-on"
    rows.append(to(switch, field=RuleField.ACTIVE, value=int(not one.active)))
    rows.append([button(text("alarms.button-rules"), ShowRules())])
    return text.lines([head, *sentences(desk, record)]), rows


def _parts(desk: AlarmDesk, one: Standing, level: int) -> Card:
    edit = EditRule(key=one.key, version=one.version, level=level)
    rows: list[Row] = [
        [button(desk.text(key), edit.model_copy(update={"field": field}))]
        for key, field in (
            ("alarms.button-threshold", RuleField.AT),
            ("alarms.button-severity", RuleField.SEVERITY),
        )
    ]
    return desk.text("alarms.ask-part", number=level + 1), [*rows, _back(desk, one)]


def _values(desk: AlarmDesk, one: Standing, wanted: EditRule) -> Card:
    """Return what can be chosen for a part of a rule."""
    text, found = desk.text, list[tuple[str, int]]()
    if wanted.field is RuleField.AT:
        found = _thresholds(desk, one.record, wanted.level)
    elif wanted.field is RuleField.SEVERITY:
        found = [(text(key), int(severity)) for severity, key in SEVERITIES.items()]
    elif wanted.field in (RuleField.UP_FOR, RuleField.DOWN_FOR):
        found = [(text.span(timedelta(minutes=minutes)), minutes) for minutes in MINUTES]
    rows: list[Row] = [
        [button(name, wanted.model_copy(update={"value": value}))] for name, value in found
    ]
    return text("alarms.ask-value"), [*rows, _back(desk, one)]


def _thresholds(desk: AlarmDesk, record: RuleRecord, level: int) -> list[tuple[str, int]]:
    if not 0 <= level < len(record.levels):
        raise BadRuleError
    at, how = record.levels[level].at, shown(record.quantity or "")
    around = [round(at + (abs(at) or LEAST_STEP / 0.1) * step, 2) for step in STEPS]
    return [(how.words(one, desk.text), round(one * THOUSAND)) for one in around]


def _tried(
    desk: AlarmDesk,
    standing: Standing,
    record: RuleRecord,
    wanted: EditRule,
    trials: Sequence[Trial],
) -> Card:
    """Return a change and what it would have done: "hätte 3-mal ausgelöst"."""
    text = desk.text
    lines: list[str] = [text("alarms.rule-would-be"), *sentences(desk, record), ""]
    for one in trials:
        number, values = len(one.rehearsal.episodes), one.rehearsal.values
        lines.append(
            text("alarms.rule-trial", sensor=one.sensor.name, number=number, values=values)
        )
    if not trials:
        lines.append(text("alarms.rule-no-trial"))
    save = button(text("alarms.button-save"), wanted.model_copy(update={"sure": True}))
    picture = button(text("alarms.button-picture"), wanted.model_copy(update={"draw": True}))
    return text.lines(lines), [[save], [picture] if trials else [], _back(desk, standing)]


async def _order(
    query: CallbackQuery,
    desk: AlarmDesk,
    record: RuleRecord,
    wanted: EditRule,
    trials: Sequence[Trial],
) -> Reply:
    """Have the first sensor's 30 days drawn with the changed levels."""
    one, text = trials[0], desk.text
    tried = one.rehearsal
    course = Course(
        title=text("alarms.rule-course", sensor=one.sensor.name),
        device=one.sensor.id,
        quantity=record.quantity or "",
        channel=one.channel,
        since=tried.since,
        until=tried.until,
        limits=[level.at for level in record.levels],
        moves=[(change.time, change.what.value) for change in tried.changes],
    )
    words = text(
        "alarms.rule-trial",
        sensor=one.sensor.name,
        number=len(tried.episodes),
        values=tried.values,
    )
    await desk.heavy.defer(
        TRY,
        chat_id=desk.chat.id,
        thread=thread_of(query),
        rule=wanted.key,
        chart=await drawn(desk, course),
        caption=str(text.lines([words, *sentences(desk, record)])),
    )
    drawing = text("readings.drawing").unescape()
    return AnswerCallbackQuery(callback_query_id=query.id, text=drawing)


def _back(desk: AlarmDesk, one: Standing) -> Row:
    return [button(desk.text("alarms.button-back"), EditRule(key=one.key, version=one.version))]
