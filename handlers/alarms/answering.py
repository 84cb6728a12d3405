"""What an answer makes of a rule in the making."""

import re
from dataclasses import replace

from handlers.alarms import aiming
from handlers.alarms.amounts import amount
from handlers.alarms.desk import AlarmDesk
from handlers.alarms.rule_questions import is_none, quantity_of, read_patience, severity_of
from handlers.alarms.vocabulary import vocabulary, words
from handlers.buttons.alarms import Part
from handlers.readings.quantities import name_of
from lorawan.vocabulary import QUANTITIES
from services.alarms.drafting import (
    BadRuleError,
    begun,
    graver,
    lasting,
    named,
    plausible,
    silent,
    with_level,
    with_more,
    without_level,
)
from services.alarms.drafts import Draft
from services.alarms.records import AppliesTo, RuleRecord
from services.alarms.rules.records import Direction, Signal
from services.alarms.rules.spoken import span

AIMS = frozenset({Part.WHERE, Part.DEVICE, Part.TYPE, Part.PLACE, Part.WATER, Part.TAG})
DASH = re.compile(r"\s+[-–]\s+|\s*…\s*")
NUMBER_ALONE = re.compile(r"[+\-−–]?\s?[0-9]+(?:[.,][0-9]+)?")
UNIT_BEHIND = re.compile(r"[^0-9]*$")
BOTH = 2
YES = 1.0


async def answered(
    desk: AlarmDesk, draft: Draft, part: Part, level: int, said: str
) -> tuple[Draft, int]:
    """Return the draft after an answer, tapped or written, and the level it was about.

    Raises `BadRuleError` or `SpokenError`, which say what is wrong.
    """
    if part in AIMS:
        return await aiming.aimed(desk, draft, part, said), level
    if part is Part.QUANTITY and draft.rule is None:
        return await _measuring(desk, draft, said)
    if part is Part.SIDE and draft.rule is None:
        return aiming.sided(desk, draft, said), level
    if part is Part.AT and draft.rule is None and "direction" in draft.given:
        at = amount(said, quantity_of(draft), desk.text)
        return await _first(desk, draft, at), 0
    if draft.rule is None:
        raise BadRuleError
    rule = _changed(desk, draft.rule, part, level, said)
    if part is Part.MORE:
        level = next(
            number for number, one in enumerate(rule.levels) if one not in draft.rule.levels
        )
    return replace(draft, rule=rule), level


async def _measuring(desk: AlarmDesk, draft: Draft, said: str) -> tuple[Draft, int]:
    """What can only be yes or no needs no threshold."""
    after = await aiming.measuring(desk, draft, said)
    known = QUANTITIES.get(quantity_of(after))
    if known is None or not known.yes_no:
        return after, -1
    given = {**after.given, "direction": Direction.ABOVE.value}
    return await _first(desk, replace(after, given=given), YES), 0


async def _first(desk: AlarmDesk, draft: Draft, at: float) -> Draft:
    """Return the draft with a rule: patient as fits the slowest of its devices."""
    given, quantity = draft.given, quantity_of(draft)
    meant = await aiming.meant_by(desk, draft)
    measuring = [one for one in meant if any(name == quantity for name, _ in one.sensor.series)]
    name = f"{name_of(quantity, 0, desk.text)} {given.get('label', '')}".strip()
    rule = begun(
        AppliesTo.model_validate(given["applies_to"]),
        quantity,
        Direction(given["direction"]),
        at,
        name=name,
        interval=max((one.device.interval for one in measuring), default=None),
    )
    return replace(draft, rule=rule)


def _changed(desk: AlarmDesk, rule: RuleRecord, part: Part, level: int, said: str) -> RuleRecord:
    if part in (Part.AT, Part.CLEAR, Part.MORE):
        return _levelled(rule, part, level, _amount(desk, rule, said))
    match part:
        case Part.LESS:
            return without_level(rule, level)
        case Part.SEVERITY:
            return graver(rule, level, severity_of(said, desk))
        case Part.NAME:
            return named(rule, said)
    return _patient(desk, rule, part, said)


def _levelled(rule: RuleRecord, part: Part, level: int, value: float) -> RuleRecord:
    if part is Part.MORE:
        return with_more(rule, value)
    return with_level(rule, level, **{"at" if part is Part.AT else "clear": value})


def _patient(desk: AlarmDesk, rule: RuleRecord, part: Part, said: str) -> RuleRecord:
    if part in (Part.UP_FOR, Part.DOWN_FOR):
        found = read_patience(desk, said)
        return lasting(rule, found.time, found.samples, up=part is Part.UP_FOR)
    none = is_none(desk, said)
    if part is Part.SILENT:
        return silent(rule, None if none else severity_of(said, desk), None)
    if part is Part.PATIENT and rule.offline is not None:
        return silent(rule, rule.offline.severity, span(said, vocabulary(desk.text)))
    if part is Part.BOUNDS:
        lowest, highest = (None, None) if none else _bounds(desk, rule, said)
        return plausible(rule, lowest=lowest, highest=highest)
    if part is Part.STEP:
        return plausible(rule, step_per_hour=None if none else _step(desk, rule, said))
    raise BadRuleError


def _amount(desk: AlarmDesk, rule: RuleRecord, said: str) -> float:
    an_hour = rule.signal is Signal.RATE
    return amount(said, rule.quantity or "", desk.text, an_hour=an_hour)


def _bounds(desk: AlarmDesk, rule: RuleRecord, said: str) -> tuple[float, float]:
    """Return two values: "-1 bis 12 m"; a unit behind the second is meant for both."""
    between = "|".join(
        rf"\s+{re.escape(one)}\s+" for one in words(desk.text, "alarms.words-until")
    )
    parts = re.split(rf"{between}|{DASH.pattern}", said.strip(), flags=re.IGNORECASE)
    if len(parts) != BOTH:
        raise BadRuleError("alarms.no-bounds", words=said.strip())
    first, second = (one.strip() for one in parts)
    unit = UNIT_BEHIND.search(second)
    if NUMBER_ALONE.fullmatch(first) and unit is not None:
        first += unit[0]
    quantity = rule.quantity or ""
    return amount(first, quantity, desk.text), amount(second, quantity, desk.text)


def _step(desk: AlarmDesk, rule: RuleRecord, said: str) -> float:
    found = amount(said, rule.quantity or "", desk.text, an_hour=True)
    if found <= 0:
        raise BadRuleError("alarms.bad-step", words=said.strip())
    return found
