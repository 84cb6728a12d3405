"""What can be done with a rule in the making: its parts, one of its levels, its dry run."""

from aiogram.types import InlineKeyboardButton

from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.rule_questions import leaving
from handlers.alarms.rule_words import in_words
from handlers.alarms.trying import preview
from handlers.buttons.alarms import DraftRule, Part
from handlers.messages import Row, button
from handlers.readings.quantities import shown
from services.alarms.drafts import Draft
from services.alarms.records import RuleRecord


async def menu(desk: AlarmDesk, rule: RuleRecord) -> Card:
    """Return a rule as it would be, and a button for each of its parts."""
    text = desk.text
    lines = [text("alarms.rule-would-be"), *await in_words(desk, rule), ""]
    lines.append(text("alarms.draft-hint"))
    rows = [*_levels(desk, rule), [_to(desk, "alarms.button-silent", Part.SILENT)]]
    if rule.offline is not None:
        rows.append([_to(desk, "alarms.button-patient", Part.PATIENT)])
    if rule.quantity is not None:
        bounds = _to(desk, "alarms.button-bounds", Part.BOUNDS)
        rows.append([bounds, _to(desk, "alarms.button-bounds-step", Part.STEP)])
    name = _to(desk, "alarms.button-name", Part.NAME)
    rows.append([_to(desk, "alarms.button-where", Part.WHERE), name])
    rows.append([_to(desk, "alarms.button-try", Part.TRY)])
    rows.append([_to(desk, "alarms.button-drop-draft", Part.DROP)])
    return text.lines(lines), rows


def _levels(desk: AlarmDesk, rule: RuleRecord) -> list[Row]:
    text, how = desk.text, shown(rule.quantity or "")
    if not rule.levels:
        return []
    rows: list[Row] = [
        [
            button(
                text(
                    "alarms.button-one-level",
                    severity=desk.severity(one.severity),
                    at=how.words(one.at, text),
                ),
                DraftRule(part=Part.LEVEL, level=number),
            )
        ]
        for number, one in enumerate(rule.levels)
    ]
    return [
        *rows,
        [_to(desk, "alarms.button-more", Part.MORE)],
        [_to(desk, "alarms.button-up-for", Part.UP_FOR)],
        [_to(desk, "alarms.button-down-for", Part.DOWN_FOR)],
    ]


def one_level(desk: AlarmDesk, draft: Draft, rule: RuleRecord, level: int) -> Card:
    """Return what of a level can be changed."""
    severity = desk.severity(rule.levels[level].severity)
    rows: list[Row] = [
        [_to(desk, key, part, level)]
        for key, part in (
            ("alarms.button-threshold", Part.AT),
            ("alarms.button-clear", Part.CLEAR),
            ("alarms.button-severity", Part.SEVERITY),
            ("alarms.button-less", Part.LESS),
        )
    ]
    return desk.text("alarms.ask-part", level=severity), [*rows, leaving(desk, draft)]


async def enough(desk: AlarmDesk, draft: Draft, rule: RuleRecord) -> Card:
    """Ask whether there is to be one more level."""
    lines = [*await in_words(desk, rule), "", desk.text("alarms.ask-more")]
    more = [_to(desk, "alarms.button-more", Part.MORE)]
    go_on = [_to(desk, "alarms.button-enough", Part.ENOUGH)]
    return desk.text.lines(lines), [more, go_on, leaving(desk, draft)]


async def trial(desk: AlarmDesk, rule: RuleRecord) -> Card:
    """Return what a rule would have done with the last 30 days; from here it is saved."""
    trials = await desk.ruling.rehearse(desk.actor, rule)
    lines = await preview(desk, rule, trials)
    picture = [_to(desk, "alarms.button-picture", Part.DRAW)] if trials else []
    rows: list[Row] = [
        [_to(desk, "alarms.button-save", Part.SAVE)],
        picture,
        [_to(desk, "alarms.button-change-more", Part.MENU)],
        [_to(desk, "alarms.button-drop-draft", Part.DROP)],
    ]
    return desk.text.lines(lines), rows


def _to(desk: AlarmDesk, key: str, part: Part, level: int = -1) -> InlineKeyboardButton:
    return button(desk.text(key), DraftRule(part=part, level=level))
