"""/uebung: hours in which what a rule, a sensor or a place brings is marked ÜBUNG."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from handlers.alarms.desk import AlarmDesk, Card
from handlers.buttons.alarms import EndExercise, PlanExercise
from handlers.messages import Reply, Row, button
from nlu.times import Timed, until_in
from services.alarms.rules.matching import Matcher
from services.alarms.ruling import Standing
from services.devices.lookups import Sensor
from services.staff.rules import Action

HOURS = (1, 2, 4, 8)
REASONS = {
    "unit": "alarms.exercise-reason-unit",
    "chain": "alarms.exercise-reason-chain",
    "sensor": "alarms.exercise-reason-sensor",
}
RULES, PLACES = "*r", "*a"
"""Choose one of them first."""
DEVICE, RULE, AREA = "d", "r", "a"
MOST_FOUND = 8
SHORTEST = 2
MINUTE = 60


async def exercise(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/uebung: what lasts; with words: begin one ("/uebung Mulde bis 16:30 Deichübung")."""
    desk = alarm_desk
    desk.exercises.require(desk.actor)
    words = (command.args or "").strip()
    if not words:
        return desk.says(message, await _listed(desk))
    timed = until_in(words, desk.now.astimezone(desk.region.zone))
    found = await _found(desk, timed.before if timed else words)
    if timed and timed.after and len(found) == 1:
        [(about, _)] = found
        return desk.says(message, await _begin(desk, about, timed.moment, timed.after))
    return desk.says(message, _which(desk, words, found, timed))


async def plan(query: CallbackQuery, callback_data: PlanExercise, alarm_desk: AlarmDesk) -> Reply:
    """Ask for what is open: what, until when, why; then begin."""
    desk, chosen = alarm_desk, callback_data
    desk.exercises.require(desk.actor)
    if not chosen.about:
        return desk.shows(query, await _listed(desk))
    if chosen.about in (RULES, PLACES):
        return desk.shows(query, await _choices(desk, chosen.about))
    if not chosen.until:
        return desk.shows(query, await _ask_hours(desk, chosen))
    if chosen.reason not in REASONS:
        return desk.shows(query, _ask_reason(desk, chosen))
    until = datetime.fromtimestamp(chosen.until * MINUTE, UTC)
    reason = desk.text(REASONS[chosen.reason]).unescape()
    return desk.shows(query, await _begin(desk, chosen.about, until, reason))


async def end(query: CallbackQuery, callback_data: EndExercise, alarm_desk: AlarmDesk) -> Reply:
    """End an exercise early and show what is left."""
    desk = alarm_desk
    await desk.exercises.end(desk.actor, callback_data.number)
    return desk.shows(query, await _listed(desk))


async def _begin(desk: AlarmDesk, about: str, until: datetime, reason: str) -> Card:
    matcher = await _matcher(desk, about)
    await desk.exercises.begin(desk.actor, matcher, until=until, reason=reason)
    words, rows = await _listed(desk)
    return desk.text.lines([desk.text("alarms.exercise-begun"), "", words]), rows


async def _matcher(desk: AlarmDesk, about: str) -> Matcher:
    """Return what a button means; a sensor with its place: the right is needed there only."""
    kind, name = about[:1], about[1:]
    if kind == RULE:
        return Matcher(rule=(await desk.ruling.get(desk.actor, name)).key)
    if kind == AREA and desk.region.knows_area(name):
        return Matcher(area="" if name == desk.region.facts.ars else name)
    sensor = await desk.sensors.get(desk.actor, int(name) if name.isdigit() else 0)
    return Matcher(device=sensor.id, area=sensor.ars)


async def _found(desk: AlarmDesk, words: str) -> list[tuple[str, str]]:
    """Return what words may mean: sensors by name or place, rules, municipalities."""
    wanted = words.casefold()
    if len(wanted) < SHORTEST:
        return []
    sensors = await desk.sensors.visible(desk.actor)
    named = [
        *((f"{DEVICE}{one.id}", one.name, f"{one.name} {one.place}") for one in sensors),
        *((f"{RULE}{key}", name, name) for key, name in await _rules(desk)),
        *((f"{AREA}{one.ars}", one.name, one.name) for one in desk.region.municipalities),
    ]
    exact = [(about, name) for about, name, _ in named if name.casefold() == wanted]
    return exact or [(about, name) for about, name, all_ in named if wanted in all_.casefold()]


async def _rules(desk: AlarmDesk) -> list[tuple[str, str]]:
    """Return keys and names of rules that hold; those who may not change them see none."""
    if not desk.actor.may(Action.HANDLE_ALARMS, desk.region.facts.ars, desk.now):
        return []
    language = desk.text.language
    return [
        (one.key, one.record.name.of(language))
        for one in await desk.ruling.listed(desk.actor)
        if isinstance(one, Standing) and one.active
    ]


def _which(
    desk: AlarmDesk, words: str, found: Sequence[tuple[str, str]], timed: Timed | None
) -> Card:
    """Return what was found to choose from; a time that was typed is kept."""
    until = int(timed.moment.timestamp()) // MINUTE if timed else 0
    rows: list[Row] = [
        [button(name, PlanExercise(about=about, until=until))]
        for about, name in found[:MOST_FOUND]
    ]
    if not found:
        return desk.text("alarms.exercise-not-found", words=words), [_back(desk)]
    return desk.text("alarms.exercise-which"), [*rows, _back(desk)]


async def _listed(desk: AlarmDesk) -> Card:
    """Return the exercises that last, and what could be one."""
    text, found = desk.text, await desk.exercises.running()
    sensors, rules = await desk.sensors.visible(desk.actor), dict(await _rules(desk))
    lines: list[str] = [text("alarms.exercises")]
    rows: list[Row] = []
    for one in found:
        what = _what(desk, Matcher.of(one.matcher), sensors, rules)
        until = text.moment(one.until)
        lines.append(text("alarms.exercise-line", what=what, until=until, reason=one.reason))
        rows.append([button(text("alarms.button-end", what=what), EndExercise(number=one.id))])
    if not found:
        lines.append(text("alarms.exercises-none"))
    lines += ["", text("alarms.exercise-hint")]
    if rules:
        rows.append([button(text("alarms.button-exercise-rule"), PlanExercise(about=RULES))])
    rows.append([button(text("alarms.button-exercise-place"), PlanExercise(about=PLACES))])
    return text.lines(lines), rows


async def _choices(desk: AlarmDesk, which: str) -> Card:
    """Return the rules, or the places, to choose from."""
    if which == RULES:
        found = [(f"{RULE}{key}", name) for key, name in await _rules(desk)]
    else:
        towns = [(f"{AREA}{one.ars}", one.name) for one in desk.region.municipalities]
        found = [(f"{AREA}{desk.region.facts.ars}", desk.region.facts.name), *towns]
    buttons = [button(name, PlanExercise(about=about)) for about, name in found]
    rows: list[Row] = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return desk.text("alarms.exercise-which"), [*rows, _back(desk)]


async def _ask_hours(desk: AlarmDesk, chosen: PlanExercise) -> Card:
    """Ask until when; said with the time of the clock, which is what a button means."""
    text, rows = desk.text, list[Row]()
    for hours in HOURS:
        until = desk.now + timedelta(hours=hours)
        words = text(
            "alarms.button-until", span=text.span(until - desk.now), time=text.time(until)
        )
        minute = int(until.timestamp()) // MINUTE
        rows.append([button(words, chosen.model_copy(update={"until": minute}))])
    sensors, rules = await desk.sensors.visible(desk.actor), dict(await _rules(desk))
    what = _what(desk, await _matcher(desk, chosen.about), sensors, rules)
    return text("alarms.exercise-ask-hours", what=what), [*rows, _back(desk)]


def _ask_reason(desk: AlarmDesk, chosen: PlanExercise) -> Card:
    rows: list[Row] = [
        [button(desk.text(key), chosen.model_copy(update={"reason": reason}))]
        for reason, key in REASONS.items()
    ]
    return desk.text("alarms.exercise-ask-reason"), [*rows, _back(desk)]


def _what(
    desk: AlarmDesk, matcher: Matcher, sensors: Sequence[Sensor], rules: dict[str, str]
) -> str:
    """Return what an exercise is about: the sensor, the rule, or the place."""
    if matcher.device is not None:
        names = {one.id: one.name for one in sensors}
        return names.get(matcher.device) or desk.text("alarms.device", number=matcher.device)
    if matcher.rule is not None:
        return rules.get(matcher.rule) or desk.text("alarms.rule", rule=matcher.rule)
    return desk.region.area_name(matcher.area)


def _back(desk: AlarmDesk) -> Row:
    return [button(desk.text("alarms.button-back"), PlanExercise())]
