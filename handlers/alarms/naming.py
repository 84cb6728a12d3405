"""What rules, types of devices and spans are called in the figures of a month."""

from datetime import timedelta

from handlers.alarms.desk import AlarmDesk
from handlers.alarms.wording import KINDS
from handlers.readings.lists import OTHER, TYPES
from services.alarms.model import Kind
from services.alarms.monthly import GATEWAYS, Monthly
from services.alarms.rules.monthly import OfRule

HOUR = timedelta(hours=1)


def rule_name(desk: AlarmDesk, found: Monthly, one: OfRule) -> str:
    """Return what a rule is called; an alarm that is not about a value says so."""
    if one.kind == Kind.GATEWAY:
        return desk.text(KINDS[Kind.GATEWAY])
    names = found.names.get(one.rule, {})
    kind = KINDS.get(Kind(one.kind))
    name = names.get("en" if desk.text.language == "en" else "de", "" if kind else one.rule)
    return ", ".join(part for part in (name, desk.text(kind) if kind else "") if part)


def type_name(desk: AlarmDesk, kind: str) -> str:
    """Return what a type of device is called; gateways have a word of their own."""
    if kind == GATEWAYS:
        return desk.text("alarms.type-gateway")
    return desk.text(TYPES.get(kind, TYPES[OTHER]))


def hours(desk: AlarmDesk, span: timedelta) -> str:
    """Return a span in hours with a tenth: spans of a month are compared and added up."""
    return desk.text.amount(span / HOUR, "duration-hour", 1)
