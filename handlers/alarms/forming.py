"""The form of a rule: changed or new, one thing at a time, tapped or written, saved when tried.

What was said so far stands in the database (services/alarms/drafts.py): a restart forgets nothing.
"""

from dataclasses import replace

from aiogram.types import CallbackQuery

from handlers.alarms import aiming
from handlers.alarms.answering import answered
from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.rule_card import card
from handlers.alarms.rule_menu import enough, menu, one_level, trial
from handlers.alarms.rule_questions import question
from handlers.alarms.trying import order
from handlers.buttons.alarms import BeginRule, DraftRule, EditRule, Part, ShowRules
from handlers.messages import Reply, button
from services.alarms.drafting import BadRuleError
from services.alarms.drafts import Draft, Form, NoDraftError
from services.alarms.records import RuleRecord
from services.alarms.ruling import RuleChangedError

AIMS = frozenset({Part.DEVICE, Part.TYPE, Part.PLACE, Part.WATER, Part.TAG})
WRITTEN = AIMS | {
    Part.QUANTITY, Part.AT, Part.CLEAR, Part.MORE, Part.SEVERITY, Part.UP_FOR, Part.DOWN_FOR,
    Part.SILENT, Part.PATIENT, Part.BOUNDS, Part.STEP, Part.NAME,
}  # fmt: skip
"""What can be answered in words."""
OF_A_LEVEL = frozenset({Part.LEVEL, Part.AT, Part.CLEAR, Part.SEVERITY, Part.LESS})
AFTER = {
    Part.SEVERITY: Part.ENOUGH,
    Part.ENOUGH: Part.UP_FOR,
    Part.UP_FOR: Part.DOWN_FOR,
    Part.DOWN_FOR: Part.NAME,
}
"""What the guided form asks next, once there is a rule."""


async def begin(query: CallbackQuery, callback_data: BeginRule, alarm_desk: AlarmDesk) -> Reply:
    """Begin to change a rule, or to make one."""
    return alarm_desk.shows(query, await begun(alarm_desk, callback_data))


async def begun(desk: AlarmDesk, wanted: BeginRule) -> Card:
    """Return the first question, or whether what was begun before is to be given up."""
    desk.ruling.require(desk.actor)
    known = await desk.drafts.get(desk.actor)
    if known is not None and known.form is Form.RULE and not wanted.anew:
        text, anew = desk.text, wanted.model_copy(update={"anew": True})
        go_on = [button(text("alarms.button-go-on"), DraftRule(part=Part.MENU))]
        return text("alarms.draft-there"), [go_on, [button(text("alarms.button-anew"), anew)]]
    if wanted.key:
        standing = await desk.ruling.get(desk.actor, wanted.key)
        if standing.version != wanted.version:
            raise RuleChangedError
        draft = Draft(Form.RULE, key=standing.key, version=standing.version, rule=standing.record)
        return await _asking(desk, draft, Part.MENU)
    draft = Draft(Form.RULE, guided=True)
    if not wanted.device:
        return await _asking(desk, draft, Part.WHERE)
    draft = await aiming.aimed(desk, draft, Part.DEVICE, str(wanted.device))
    return await _asking(desk, draft, Part.QUANTITY)


async def step(query: CallbackQuery, callback_data: DraftRule, alarm_desk: AlarmDesk) -> Reply:
    """Ask for a part, take an answer by a tap, draw, save, or give it up."""
    desk, wanted = alarm_desk, callback_data
    desk.ruling.require(desk.actor)
    draft = await desk.drafts.get(desk.actor)
    if draft is None or draft.form is not Form.RULE:
        raise NoDraftError
    if wanted.part is Part.DROP:
        return desk.shows(query, await dropped(desk))
    if wanted.part is Part.SAVE:
        return desk.shows(query, await _save(desk, draft))
    if wanted.part is Part.DRAW:
        return await _draw(query, desk, draft)
    if wanted.value or wanted.part is Part.LESS:
        return desk.shows(query, await told(desk, draft, wanted.part, wanted.level, wanted.value))
    if wanted.part is Part.MENU and draft.guided and draft.asked:
        card = await _asking(desk, draft, Part(draft.asked), draft.level)
        return desk.shows(query, card)
    is_enough = draft.guided and wanted.part is Part.ENOUGH
    part = Part.UP_FOR if is_enough else wanted.part
    return desk.shows(query, await _asking(desk, draft, part, wanted.level))


async def told(desk: AlarmDesk, draft: Draft, part: Part, level: int, said: str) -> Card:
    """Take an answer; then the next question, or what the rule would have done."""
    after, level = await answered(desk, draft, part, level, said)
    return await _asking(desk, after, _next(after, part), level)


async def dropped(desk: AlarmDesk) -> Card:
    """Give up what was begun."""
    await desk.drafts.drop(desk.actor)
    rules = button(desk.text("alarms.button-rules"), ShowRules())
    return desk.text("alarms.draft-dropped"), [[rules]]


def _next(draft: Draft, part: Part) -> Part:
    if draft.rule is None:
        return _missing(draft)
    if not draft.guided:
        return Part.TRY
    return (
        Part.SEVERITY if part in (Part.QUANTITY, Part.AT, Part.MORE) else AFTER.get(part, Part.TRY)
    )


def _missing(draft: Draft) -> Part:
    given = draft.given
    if "applies_to" not in given:
        return Part.WHERE
    if "quantity" not in given:
        return Part.QUANTITY
    return Part.AT if "direction" in given else Part.SIDE


async def _asking(desk: AlarmDesk, draft: Draft, part: Part, level: int = -1) -> Card:
    """Ask for a part of a draft, and keep that it was asked."""
    if part is Part.TRY:
        draft = replace(draft, guided=False)
    asked = "" if part in (Part.MENU, Part.TRY, Part.LEVEL) else part.value
    await desk.drafts.keep(desk.actor, replace(draft, asked=asked, level=level))
    if part is Part.WHERE:
        return aiming.ask_where(desk, draft)
    if part in AIMS:
        return await aiming.ask_which(desk, draft, part)
    if part is Part.QUANTITY:
        return await aiming.ask_quantity(desk, draft)
    if part is Part.SIDE:
        return aiming.ask_side(desk, draft)
    if part is Part.AT and draft.rule is None:
        return question(desk, draft, part)
    if draft.rule is None:
        raise BadRuleError
    return await _about_rule(desk, draft, draft.rule, part, level)


async def _about_rule(
    desk: AlarmDesk, draft: Draft, rule: RuleRecord, part: Part, level: int
) -> Card:
    if part is Part.TRY:
        return await trial(desk, rule)
    if part is Part.MENU:
        return await menu(desk, rule)
    if part is Part.ENOUGH:
        return await enough(desk, draft, rule)
    if part not in WRITTEN and part is not Part.LEVEL:
        raise BadRuleError
    if part in OF_A_LEVEL and not 0 <= level < len(rule.levels):
        raise BadRuleError
    if part is Part.LEVEL:
        return one_level(desk, draft, rule, level)
    return question(desk, draft, part, level)


async def _save(desk: AlarmDesk, draft: Draft) -> Card:
    """Save a rule as a new version; who comes second is shown that there is a newer one."""
    text, rule = desk.text, draft.rule
    if rule is None:
        raise BadRuleError
    if not draft.key:
        saved = await desk.ruling.create(desk.actor, rule)
    else:
        standing = await desk.ruling.get(desk.actor, draft.key)
        if standing.version != draft.version:
            newer = EditRule(key=standing.key, version=standing.version)
            drop = button(text("alarms.button-drop-draft"), DraftRule(part=Part.DROP))
            words = text("alarms.draft-stale", version=draft.version, newest=standing.version)
            return words, [[button(text("alarms.button-newer"), newer)], [drop]]
        saved = await desk.ruling.save(desk.actor, standing, rule)
    await desk.drafts.drop(desk.actor)
    shown, rows = await card(desk, saved)
    return text.lines([text("alarms.rule-saved", version=saved.version), "", shown]), rows


async def _draw(query: CallbackQuery, desk: AlarmDesk, draft: Draft) -> Reply:
    trials = await desk.ruling.rehearse(desk.actor, draft.rule) if draft.rule else []
    if draft.rule is None or not trials:
        raise BadRuleError("alarms.rule-no-trial")
    return await order(query, desk, draft.rule, trials)
