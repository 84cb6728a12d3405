"""A rule in the making: each change yields a whole rule, or says what is wrong with it; pure."""

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from services.alarms.records import (
    AppliesTo,
    LevelRecord,
    OfflineRecord,
    PlausibleRecord,
    RuleRecord,
)
from services.alarms.rules.records import Direction, Severity, Signal
from services.alarms.thresholds import band_of
from services.errors import ServiceError
from services.records import Localised

PROBLEMS = {
    "alarm_clear_side": "alarms.bad-clear-side",
    "alarm_figure_severity": "alarms.bad-figure-severity",
    "alarm_level_range": "alarms.bad-range",
    "alarm_order": "alarms.bad-order",
    "alarm_span": "alarms.bad-span",
}
MOST_LEVELS = 5
LONGEST_KEY = 30
"""Letters; a button has to hold it."""
LONGEST_NAME = 80
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
NEW = "new"
"""The key of a rule that has none yet."""
VALUES_UP, VALUES_DOWN = 2, 3
INTERVALS_DOWN = 4
UNKNOWN_INTERVAL = timedelta(minutes=15)


class BadRuleError(ServiceError):
    """The rule would make no sense; `text_key` says why."""

    def __init__(self, text_key: str = "alarms.bad-rule", **params: object) -> None:
        self.text_key = text_key
        super().__init__(**params)


def begun(
    where: AppliesTo,
    quantity: str,
    direction: Direction,
    at: float,
    *,
    name: str,
    interval: timedelta | None,
) -> RuleRecord:
    """Return a new rule with its first level, patient as fits devices that report so often.

    Args:
        where: which devices are meant.
        quantity: what is weighed.
        direction: on which side the danger lies.
        at: the threshold, in the quantity's unit.
        name: how it is called until somebody says so.
        interval: the longest of the devices; None: nobody knows.
    """
    every = interval or UNKNOWN_INTERVAL
    level = LevelRecord(severity=Severity.NOTICE, at=at, clear=_clear(quantity, direction, at))
    return _checked(
        {
            "id": NEW,
            "name": Localised(de=name, en=name).model_dump(),
            "applies_to": where.model_dump(exclude_defaults=True),
            "quantity": quantity,
            "direction": direction.value,
            "levels": [level.model_dump(exclude_none=True)],
            "up_for": {"time": every, "samples": VALUES_UP},
            "down_for": {"time": INTERVALS_DOWN * every, "samples": VALUES_DOWN},
        }
    )


def _clear(quantity: str, direction: Direction, at: float) -> float:
    band = band_of(quantity, at)
    return round(at - band if direction is Direction.ABOVE else at + band, 6)


def changed(record: RuleRecord, **changes: Any) -> RuleRecord:
    """Return a rule with other values, checked as a whole, or raise `BadRuleError`."""
    return _checked({**record.document(), **changes})


def with_level(record: RuleRecord, level: int, **changes: Any) -> RuleRecord:
    """Return a rule with one level changed, or raise `BadRuleError`.

    A threshold takes its clear value along: the band between them stays as wide as it was.
    """
    levels = _levels(record, level)
    before = record.levels[level]
    if "at" in changes and before.clear is not None:
        changes["clear"] = round(before.clear + changes["at"] - before.at, 6)
    if "at" not in changes and "clear" in changes:
        levels[level].pop("hysteresis", None)
    levels[level] |= changes
    return changed(record, levels=levels)


def with_more(record: RuleRecord, at: float) -> RuleRecord:
    """Return a rule with one more level, of the least severity that fits, or raise."""
    if len(record.levels) >= MOST_LEVELS:
        raise BadRuleError("alarms.bad-number", most=MOST_LEVELS)
    sign = 1 if record.direction is Direction.ABOVE else -1
    place = sum(sign * one.at < sign * at for one in record.levels)
    before, after = record.levels[:place], record.levels[place:]
    severity = before[-1].severity + 1 if before else Severity.NOTICE
    if severity > Severity.DEFENCE or (after and severity >= after[0].severity):
        raise BadRuleError("alarms.bad-no-severity")
    new = {"severity": Severity(severity), "at": at, "clear": _like(record, at)}
    levels = _levels(record)
    return changed(record, levels=[*levels[:place], new, *levels[place:]])


def without_level(record: RuleRecord, level: int) -> RuleRecord:
    """Return a rule with one level less; the last one stays."""
    levels = _levels(record, level)
    if len(levels) == 1:
        raise BadRuleError("alarms.bad-last-level")
    return changed(record, levels=[*levels[:level], *levels[level + 1 :]])


def graver(record: RuleRecord, level: int, severity: int) -> RuleRecord:
    """Return a rule with another severity of a level, or raise `BadRuleError`."""
    try:
        wanted = Severity(severity)
    except ValueError:
        raise BadRuleError from None
    return with_level(record, level, severity=wanted)


def lasting(
    record: RuleRecord, time: timedelta | None, samples: int | None, *, up: bool
) -> RuleRecord:
    """Return a rule with another patience; what is None stays as it is."""
    name = "up_for" if up else "down_for"
    before = record.up_for if up else record.down_for
    wanted = {
        "time": before.time if time is None else time,
        "samples": before.samples if samples is None else samples,
    }
    return changed(record, **{name: wanted})


def silent(record: RuleRecord, severity: int | None, patience: timedelta | None) -> RuleRecord:
    """Return a rule that says what the silence of a device is worth; no severity: nothing."""
    if severity is None:
        return changed(record, offline=None)
    before = record.offline or OfflineRecord()
    wanted = {"severity": severity, "patience": before.patience if patience is None else patience}
    return changed(record, offline=wanted)


def plausible(record: RuleRecord, **changes: float | None) -> RuleRecord:
    """Return a rule with other bounds of what can be real at a place."""
    wanted = {**record.plausible.model_dump(exclude_defaults=True), **changes}
    return changed(record, plausible={key: one for key, one in wanted.items() if one is not None})


def named(record: RuleRecord, name: str) -> RuleRecord:
    """Return a rule with another name, in every language the same: only one was said."""
    line = " ".join(name.split())
    if not line or len(line) > LONGEST_NAME or not line.isprintable():
        raise BadRuleError("alarms.bad-name", most=LONGEST_NAME)
    return changed(record, name={"de": line, "en": line})


def key_for(name: str, taken: Collection[str]) -> str:
    """Return a key for a new rule, made of its name, that no other rule has."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold().translate(LETTERS)).strip("-")
    key = plain[:LONGEST_KEY].strip("-") or "rule"
    number = 2
    found = key
    while found in taken or found == NEW:
        found, number = f"{key}-{number}", number + 1
    return found


def _like(record: RuleRecord, at: float) -> float:
    """Return a clear value as far from its threshold as that of the rule's last level."""
    last = record.levels[-1].level(record.direction)
    return round(at + last.clear - last.threshold, 6)


def _levels(record: RuleRecord, level: int = 0) -> list[dict[str, Any]]:
    if not 0 <= level < len(record.levels):
        raise BadRuleError
    return [one.model_dump(exclude_none=True) for one in record.levels]


def _checked(document: dict[str, Any]) -> RuleRecord:
    """Return the rule of a document, or raise `BadRuleError` with the first thing wrong."""
    try:
        record = RuleRecord.model_validate(document)
    except ValidationError as error:
        wrong = error.errors()[0]
        kind = "alarm_span" if "samples" in wrong["loc"] else wrong["type"]
        raise BadRuleError(PROBLEMS.get(kind, "alarms.bad-rule")) from None
    bounds: PlausibleRecord = record.plausible
    lowest, highest = bounds.lowest, bounds.highest
    if lowest is not None and highest is not None and lowest >= highest:
        raise BadRuleError("alarms.bad-bounds")
    if record.signal is Signal.VALUE and not all(
        (lowest is None or lowest <= one.at) and (highest is None or one.at <= highest)
        for one in record.levels
    ):
        raise BadRuleError("alarms.bad-plausible")
    return record
