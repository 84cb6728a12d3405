"""A rule as it holds: in plain words, and what can be done with it."""

from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.rule_words import in_words, name_of_rule
from handlers.buttons.alarms import BeginRule, EditRule, PlanExercise, RuleField, ShowRules
from handlers.messages import Row, button
from services.alarms.ruling import Standing


async def card(desk: AlarmDesk, one: Standing) -> Card:
    """Return a rule with its buttons."""
    text, record = desk.text, one.record
    origin = text("alarms.rule-by-staff" if one.by_staff else "alarms.rule-by-region")
    head = text(
        "alarms.rule-head", name=name_of_rule(desk, one), version=one.version, origin=origin
    )
    edit = EditRule(key=one.key, version=one.version)

    def to(key: str, **more: object) -> Row:
        return [button(text(key), edit.model_copy(update=more))]

    exercise: Row = [button(text("alarms.button-exercise"), PlanExercise(about=f"r{one.key}"))]
    if record.exercise:
        exercise = to("alarms.button-no-exercise", field=RuleField.EXERCISE)
    switch = "alarms.button-off" if one.active else "alarms.button-on"
    rows: list[Row] = [
        [button(text("alarms.button-change"), BeginRule(key=one.key, version=one.version))],
        exercise,
        to(switch, field=RuleField.ACTIVE, value=int(not one.active)),
    ]
    if one.by_staff and await desk.ruling.of_region(desk.actor, one.key) is not None:
        rows.append(to("alarms.button-region", field=RuleField.REGION))
    rows.append([button(text("alarms.button-rules"), ShowRules())])
    return text.lines([head, *await in_words(desk, record)]), rows


def to_card(desk: AlarmDesk, one: Standing) -> Row:
    """Return the way back to a rule."""
    back = EditRule(key=one.key, version=one.version)
    return [button(desk.text("alarms.button-back-rule"), back)]
