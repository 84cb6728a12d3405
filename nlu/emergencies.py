"""Emergencies come first: who writes of one gets numbers to call, not a list of services.

Rules instead of a model: they must also hold for a sentence nobody wrote before, and a person must
be able to read why. All languages' rules are tried on each text, whatever language it seems to be.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nlu.patterns import Rules, read_rules
from nlu.words import MAX_LENGTH

LONGEST = 4096
"""Characters of a message that are read for emergencies; Telegram takes no more."""
STEP = 400
"""How far apart parts of a long text begin."""


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
    """Return the most urgent emergency a text speaks of; never raises, whatever the text is.

    A long story is read in parts that overlap: people often say last what matters most.
    """
    rules, _ = _compiled()
    parts = (text[start : start + MAX_LENGTH] for start in range(0, min(len(text), LONGEST), STEP))
    found = {EmergencyKind(kind) for part in parts for kind in rules.kinds(part)}
    for kind in EmergencyKind:
        if kind in found:
            return Emergency(kind, help_lines(kind))
    return None
