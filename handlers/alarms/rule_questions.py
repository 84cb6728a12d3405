"""What staff are asked about a rule in the making, and what can be tapped as an answer."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from aiogram.filters.callback_data import CallbackData

from handlers.alarms.amounts import example, written
from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.spans import exactly
from handlers.alarms.vocabulary import vocabulary, words
from handlers.alarms.wording import SEVERITIES
from handlers.buttons.alarms import DraftRule, Part
from handlers.messages import Row, button
from handlers.readings.quantities import shown
from services.alarms.drafting import BadRuleError
from services.alarms.drafts import Draft
from services.alarms.records import RuleRecord
from services.alarms.rules.records import Severity
from services.alarms.rules.spoken import Lasting, lasting

QUESTIONS: Mapping[Part, str] = {
    Part.AT: "alarms.ask-at",
    Part.MORE: "alarms.ask-at",
    Part.CLEAR: "alarms.ask-clear",
    Part.SEVERITY: "alarms.ask-severity-of",
    Part.UP_FOR: "alarms.ask-up-for",
    Part.DOWN_FOR: "alarms.ask-down-for",
    Part.SILENT: "alarms.ask-silent",
    Part.PATIENT: "alarms.ask-patient",
    Part.BOUNDS: "alarms.ask-bounds",
    Part.STEP: "alarms.ask-bounds-step",
    Part.NAME: "alarms.ask-name",
}
MINUTES = (0, 15, 30, 60, 120, 360)
STEPS = (-0.1, -0.05, 0.05, 0.1)
"""Offered thresholds, as shares of the present one."""
LEAST_STEP = 5.0
"""Stands for a threshold at zero."""
NONE = "-"
"""The value of the button "none"."""
IN_A_ROW = 2
Offer = tuple[str, str]
"""What stands on a button, and the answer it stands for."""


def question(desk: AlarmDesk, draft: Draft, part: Part, level: int = -1) -> Card:
    """Return a question with what can be tapped; what else can be written stands in it."""
    text, quantity = desk.text, quantity_of(draft)
    asked = text(
        QUESTIONS[part],
        level=_level(desk, draft, level),
        example=example(quantity) if quantity else "",
        name=draft.rule.name.of(text.language) if draft.rule else "",
    )
    rows = buttons(part, _offered(desk, draft, part, level), level)
    lines = [asked] if desk.is_private else [asked, text("alarms.only-taps")]
    return text.lines(lines), [*rows, leaving(desk, draft)]


def _level(desk: AlarmDesk, draft: Draft, level: int) -> str:
    if draft.rule is None or not 0 <= level < len(draft.rule.levels):
        return desk.text("alarms.new-level")
    return desk.severity(draft.rule.levels[level].severity)


def buttons(part: Part, offered: Iterable[Offer], level: int = -1) -> list[Row]:
    """Return a button for each answer that a button can hold."""
    found = [(label, DraftRule(part=part, level=level, value=value)) for label, value in offered]
    fitting = [button(label, data) for label, data in found if fits(data)]
    return [fitting[at : at + IN_A_ROW] for at in range(0, len(fitting), IN_A_ROW)]


def fits(data: CallbackData) -> bool:
    """Whether a button can hold this; what it cannot hold can be written."""
    try:
        return bool(data.pack())
    except ValueError:
        return False


def leaving(desk: AlarmDesk, draft: Draft) -> Row:
    """Return the ways out of a question: back to the rule as it would be, or give it up."""
    back = button(desk.text("alarms.button-draft"), DraftRule(part=Part.MENU))
    drop = button(desk.text("alarms.button-drop-draft"), DraftRule(part=Part.DROP))
    return [back, drop] if draft.rule is not None and not draft.guided else [drop]


def quantity_of(draft: Draft) -> str:
    """Return what is weighed; "" while nobody has said it."""
    chosen = draft.rule.quantity if draft.rule else draft.given.get("quantity")
    return chosen or ""


def read_patience(desk: AlarmDesk, said: str) -> Lasting:
    """Return how long and for how many values, as written.

    Raises `SpokenError` or `BadRuleError`.
    """
    found = lasting(said, vocabulary(desk.text))
    if found.samples == 0:
        raise BadRuleError("alarms.bad-span")
    return found


def is_none(desk: AlarmDesk, said: str) -> bool:
    """Whether somebody says "none"."""
    return said.strip().casefold() in {NONE, *words(desk.text, "alarms.words-none")}


def _offered(desk: AlarmDesk, draft: Draft, part: Part, level: int) -> list[Offer]:
    text, rule = desk.text, draft.rule
    none = (text("alarms.button-none"), NONE)
    if part in (Part.SEVERITY, Part.SILENT):
        named: list[Offer] = [(text(key), one.name.lower()) for one, key in SEVERITIES.items()]
        return [*named, none] if part is Part.SILENT else named
    if part in (Part.UP_FOR, Part.DOWN_FOR, Part.PATIENT):
        return [*_present(desk, draft, part), *_minutes(desk, part)]
    if rule is None or not rule.levels:
        return []
    if part is Part.NAME:
        return [(rule.name.de, rule.name.de)]
    if part in (Part.BOUNDS, Part.STEP):
        return [none]
    return _values(desk, rule, part, level)


def _minutes(desk: AlarmDesk, part: Part) -> list[Offer]:
    return [
        (exactly(timedelta(minutes=one), desk.text), f"{one} min")
        for one in MINUTES
        if one or part is not Part.UP_FOR
    ]


def _present(desk: AlarmDesk, draft: Draft, part: Part) -> list[Offer]:
    """Return the patience a new rule begins with, so that one tap keeps it."""
    if not draft.guided or draft.rule is None or part is Part.PATIENT:
        return []
    chosen = draft.rule.up_for if part is Part.UP_FOR else draft.rule.down_for
    minutes, seconds = divmod(round(chosen.time.total_seconds()), 60)
    span = f"{seconds + 60 * minutes} s" if seconds else f"{minutes} min"
    counted = min(words(desk.text, "alarms.words-values"), key=len)
    label = desk.text(
        "alarms.button-sensible", span=exactly(chosen.time, desk.text), number=chosen.samples
    )
    return [(label, f"{span} {chosen.samples} {counted}")]


def _values(desk: AlarmDesk, rule: RuleRecord, part: Part, level: int) -> list[Offer]:
    """Return values around the present one."""
    quantity = rule.quantity or ""
    one = rule.levels[level] if 0 <= level < len(rule.levels) else rule.levels[-1]
    now = one.level(rule.direction).clear if part is Part.CLEAR else one.at
    how = shown(quantity)
    step = abs(now) or LEAST_STEP / how.factor
    around = [round((now + step * one) * how.factor, 2) / how.factor for one in STEPS]
    return [(how.words(one, desk.text), written(one, quantity)) for one in around]


def severity_of(said: str, desk: AlarmDesk) -> Severity:
    """Return the severity somebody named, by its name or by what it is called."""
    wanted = said.strip().casefold()
    for one, key in SEVERITIES.items():
        if wanted in {one.name.lower(), desk.text(key).unescape().casefold()}:
            return one
    raise BadRuleError("alarms.bad-severity")
