"""From what an editor wrote to a typed record, or to a list of what to mend and where."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.yaml_source import Problem, Source, Steps

RecordType = TypeVar("RecordType", bound=BaseModel)

TEXT_KEYS = {
    "missing": "catalogue.problem-missing",
    "extra_forbidden": "catalogue.problem-unknown-field",
    "string_too_long": "catalogue.problem-too-long",
    "string_too_short": "catalogue.problem-empty",
    "too_short": "catalogue.problem-empty",
    "string_type": "catalogue.problem-not-text",
    "string_pattern_mismatch": "catalogue.problem-pattern",
    "not_https": "catalogue.problem-not-https",
    "no_source": "catalogue.problem-no-source",
    "fee_amount": "catalogue.problem-fee-amount",
    "maturity_level": "catalogue.problem-maturity-level",
    "responsibility": "catalogue.problem-responsibility",
    "timezone": "catalogue.problem-timezone",
    "alarm_clear": "alarms.problem-clear",
    "alarm_clear_side": "alarms.problem-clear-side",
    "alarm_figure_severity": "alarms.problem-figure-severity",
    "alarm_hysteresis": "alarms.problem-hysteresis",
    "alarm_level_range": "alarms.problem-level-range",
    "alarm_no_levels": "alarms.problem-no-levels",
    "alarm_order": "alarms.problem-order",
    "alarm_quantity": "alarms.problem-quantity",
    "alarm_quantity_missing": "alarms.problem-quantity-missing",
    "alarm_severity": "alarms.problem-severity",
    "alarm_span": "alarms.problem-span",
    "case_absence": "assignment.problem-absence",
    "case_blocks": "assignment.problem-blocks",
    "case_deadline": "assignment.problem-deadline",
    "case_effort": "assignment.problem-effort",
    "case_exclusion": "assignment.problem-exclusion",
    "case_holder": "assignment.problem-holder",
    "closing_day": "faq.problem-closing-day",
    "faq_answer": "faq.problem-answer",
    "faq_language": "faq.problem-language",
    "faq_phrases": "faq.problem-phrases",
    "uplink_access": "uplinks.problem-access",
    "uplink_direct": "uplinks.problem-direct",
    "uplink_network": "uplinks.problem-network",
    "uplink_secret_empty": "uplinks.problem-secret-empty",
    "uplink_secret_large": "uplinks.problem-secret-large",
    "uplink_secret_short": "uplinks.problem-secret-short",
    "uplink_secret_unreadable": "uplinks.problem-secret-unreadable",
    "uplink_span": "uplinks.problem-span",
}


def validate(
    model: type[RecordType],
    data: object,
    source: Source,
    steps: Steps = (),
    *,
    context: Mapping[str, object] | None = None,
) -> tuple[RecordType | None, list[Problem]]:
    """Return the record, or None and one problem for each error found in it.

    `context` is what the model's own checks may ask for.
    """
    try:
        return model.model_validate(data, context=context), []
    except ValidationError as error:
        return None, [_problem(detail, source, steps) for detail in error.errors()]


def _problem(detail: ErrorDetails, source: Source, steps: Steps) -> Problem:
    where = (*steps, *(step for step in detail["loc"] if step != "function-after"))
    # A fee, deadline or law without its source is the mistake that hurts citizens: named as such.
    kind = "no_source" if detail["type"] == "missing" and where[-1] == "source" else detail["type"]
    return source.problem(
        where,
        TEXT_KEYS.get(kind, "catalogue.problem-other"),
        detail=detail["msg"],
        **{name: value for name, value in detail.get("ctx", {}).items() if name != "error"},
    )
