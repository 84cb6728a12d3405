"""Which alarms somebody means: for subscriptions, silences, maintenance and routes alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

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

    def document(self) -> dict[str, Any]:
        """Return what is stored of it: only what chooses, severities by their number."""
        plain = {
            "rule": self.rule,
            "device": self.device,
            "type": self.type,
            "area": self.area or None,
            "quantity": self.quantity,
            "tags": sorted(self.tags) or None,
            "at_least": int(self.at_least) or None,
            "at_most": int(self.at_most) if self.at_most < Severity.DEFENCE else None,
        }
        return {name: value for name, value in plain.items() if value is not None}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Return the matcher that was stored; `document` is its other direction."""
        return cls(
            rule=document.get("rule"),
            device=document.get("device"),
            type=document.get("type"),
            area=document.get("area", ""),
            quantity=document.get("quantity"),
            tags=frozenset(document.get("tags", ())),
            at_least=Severity(document.get("at_least", Severity.NOTICE)),
            at_most=Severity(document.get("at_most", Severity.DEFENCE)),
        )
