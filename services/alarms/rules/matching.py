"""Which alarms somebody means: for subscriptions, silences, maintenance and routes alike."""

from dataclasses import dataclass

from services.alarms.rules.records import Severity
from services.records import covers


@dataclass(frozen=True, slots=True)
class Labels:
    """What an alarm is about.

    Attributes:
        rule: key of the rule.
        device: id of the device; None for a gateway or a source.
        type: what the device is to people ("gauge").
        ars: municipality it belongs to; "" unknown.
        quantity: what is measured.
        tags: labels staff gave the device.
    """

    rule: str
    device: int | None
    type: str = ""
    ars: str = ""
    quantity: str = ""
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matcher:
    """A choice of alarms; what is None or empty matches everything.

    Attributes:
        area: prefix of the ARS.
        tags: all of them must be there.
        at_least: lowest severity.
        at_most: highest severity.
    """

    rule: str | None = None
    device: int | None = None
    type: str | None = None
    area: str = ""
    quantity: str | None = None
    tags: frozenset[str] = frozenset()
    at_least: Severity = Severity.NOTICE
    at_most: Severity = Severity.DEFENCE

    def matches(self, labels: Labels, severity: Severity) -> bool:
        """Whether an alarm of this severity is meant."""
        return self.at_least <= severity <= self.at_most and self.concerns(labels)

    def concerns(self, labels: Labels) -> bool:
        """Whether an alarm is meant, whatever its severity."""
        return (
            self.rule in (None, labels.rule)
            and self.device in (None, labels.device)
            and self.type in (None, labels.type)
            and self.quantity in (None, labels.quantity)
            and covers(self.area, labels.ars)
            and self.tags <= labels.tags
        )
