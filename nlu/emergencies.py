"""Emergencies come first: who writes of one gets numbers to call, not a list of services.

Rules instead of a model: they must also hold for a sentence nobody wrote before, and a person must
be able to read why. All languages' rules are tried on each text, whatever language it seems to be.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nlu.patterns import Rules, read_rules


class EmergencyKind(StrEnum):
    """What is happening; the most urgent first."""

    FIRE = "fire"
    GAS = "gas"
    POISON = "poison"
    SUICIDE = "suicide"
    CHILD = "child"
    VIOLENCE = "violence"
    MEDICAL = "medical"
    WATER = "water"
    CRIME = "crime"


@dataclass(frozen=True)
class HelpLine:
    """Whom to call: the line's key in the file, its proper name, its number as it is dialled."""

    id: str
    name: str
    number: str


@dataclass(frozen=True)
class Emergency:
    """What is happening and whom to call, the first one first."""

    kind: EmergencyKind
    help_lines: tuple[HelpLine, ...]


@cache
def _compiled() -> tuple[Rules, dict[EmergencyKind, tuple[HelpLine, ...]]]:
    rules, content = read_rules("emergencies.yaml")
    lines = {key: HelpLine(id=key, **line) for key, line in content["help_lines"].items()}
    helped = {
        EmergencyKind(kind): tuple(lines[name] for name in names)
        for kind, names in content["kinds"].items()
    }
    return rules, helped


def help_lines(kind: EmergencyKind) -> tuple[HelpLine, ...]:
    """Return whom to call, the first one first."""
    _, helped = _compiled()
    return helped[kind]


def emergency_in(text: str) -> Emergency | None:
    """Return the most urgent emergency a text speaks of; never raises, whatever the text is."""
    rules, _ = _compiled()
    for kind in map(EmergencyKind, rules.kinds(text)):
        return Emergency(kind, help_lines(kind))
    return None
