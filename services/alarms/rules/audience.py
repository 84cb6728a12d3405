"""Who hears of an alarm: what chats subscribed to, and whom nobody's answer brings in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Severity

OWN = "own:"
"""How the key of a rule begins that is a person's own threshold."""
EVERYBODY = 3
"""The last step of an escalation: all chats of the place, whatever else they chose."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a chat wants to hear of; `step` 1 and 2 only when nobody before took it on."""

    matcher: Matcher
    step: int = 0
    own: str | None = None
    """The rule of a person's own threshold: nothing else is meant."""


def concerns(wish: Wish, rule: str, labels: Labels) -> bool:
    """Whether an alarm is of the kind somebody wants to hear of, whatever its severity."""
    if wish.own is not None or rule.startswith(OWN):
        return wish.own == rule
    return wish.matcher.concerns(labels)


def hears(wish: Wish, rule: str, labels: Labels, severity: Severity, escalated: int) -> bool:
    """Whether a chat is to hear of an alarm now; `escalated`: steps already taken."""
    if wish.own is not None or rule.startswith(OWN):
        return wish.own == rule
    if escalated >= EVERYBODY:
        return Matcher(area=wish.matcher.area).concerns(labels)
    return wish.step <= escalated and wish.matcher.matches(labels, severity)


def hears_of_stage(wish: Wish, gauges: Collection[Labels], severity: Severity) -> bool:
    """Whether a chat is to hear that a stage was declared: who hears at once of such a gauge.

    `severity`: the stage, 1 to 4; of a fall or an end the one that held.
    """
    return (
        wish.own is None
        and wish.step == 0
        and any(wish.matcher.matches(one, severity) for one in gauges)
    )


def steps_due(
    minutes: Collection[int], since: datetime, escalated: int, now: datetime
) -> int | None:
    """Return how many steps should have been taken by now; None: no more than there were.

    `minutes`: after how long each step is due, in order.
    """
    due = sum(now >= since + timedelta(minutes=one) for one in minutes)
    return due if due > escalated else None


def inhibited(series: Mapping[int, tuple[int | None, Severity]]) -> set[int]:
    """Return the alarms that a graver one of the same series explains.

    `series`: by the alarm's id its series (None: it has none) and severity.
    """
    gravest: dict[int, Severity] = {}
    for place, severity in series.values():
        if place is not None:
            gravest[place] = max(severity, gravest.get(place, severity))
    return {
        number
        for number, (place, severity) in series.items()
        if place is not None and severity < gravest[place]
    }
