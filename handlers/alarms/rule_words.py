"""A rule of alarms in plain words."""

from handlers.alarms.desk import AlarmDesk
from handlers.devices.desk import TYPES
from handlers.readings.quantities import name_of, shown
from services.alarms.records import PatienceRecord, RuleRecord
from services.alarms.ruling import Standing, Unreadable, is_above


def name_of_rule(desk: AlarmDesk, one: Standing | Unreadable) -> str:
    """Return what a rule is called, and whether it is switched off or cannot be read."""
    if isinstance(one, Unreadable):
        return desk.text("alarms.rule-unreadable-short", rule=one.key)
    name = one.record.name.of(desk.text.language)
    return name if one.active else desk.text("alarms.rule-off", name=name)


def sentences(desk: AlarmDesk, record: RuleRecord) -> list[str]:
    """Return a rule in plain words: "ab 320 cm für 30 Minuten, Entwarnung unter 310 cm"."""
    text, quantity = desk.text, record.quantity or ""
    lines: list[str] = [text("alarms.rule-where", where=_where(desk, record))]
    if quantity:
        lines.append(text("alarms.rule-quantity", quantity=name_of(quantity, 0, text)))
    for one in record.levels:
        level, how = one.level(record.direction), shown(quantity)
        lines.append(
            text(
                "alarms.rule-above" if is_above(record) else "alarms.rule-below",
                severity=desk.severity(one.severity),
                at=how.words(level.threshold, text),
                clear=how.words(level.clear, text),
            )
        )
    if record.levels:
        up, down = _patience(desk, record.up_for), _patience(desk, record.down_for)
        lines.append(text("alarms.rule-patience", up=up, down=down))
    if record.offline is not None:
        grave = desk.severity(record.offline.severity)
        lines.append(text("alarms.rule-offline", severity=grave))
    lines += [text("alarms.rule-exercise")] if record.exercise else []
    lines += [text("alarms.rule-public")] if record.public else []
    return lines


def _where(desk: AlarmDesk, record: RuleRecord) -> str:
    text, wanted = desk.text, record.applies_to
    parts: list[str | None] = [text(TYPES[wanted.type]) if wanted.type in TYPES else wanted.type]
    parts += [wanted.water, wanted.device, wanted.tag]
    parts.append(desk.region.area_name(wanted.ars) if wanted.ars else None)
    return ", ".join(part for part in parts if part) or text("alarms.all-types")


def _patience(desk: AlarmDesk, patience: PatienceRecord) -> str:
    if not patience.time:
        return desk.text("alarms.rule-at-once", number=patience.samples)
    span = desk.text.span(patience.time)
    return desk.text("alarms.rule-lasting", span=span, number=patience.samples)
