"""Short questions that refer to what was talked about: "und was kostet das?", "nein, was anderes".

A follow-up says nothing but its topic and little words. Who names a service of his own asks anew:
"was kostet ein Reisepass" is no follow-up, however much it sounds like one.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from nlu.patterns import Rule, Rules, plain, read_rules

LITTLE = "little"
MOST_WORDS = 12


class Topic(StrEnum):
    """What somebody wants to know of the service talked about; the more specific first."""

    COST = "cost"
    DOCUMENTS = "documents"
    DURATION = "duration"
    ONLINE = "online"
    OFFICE = "office"
    OTHER = "other"
    """Not that service: another one."""
    ALSO = "also"
    """The same for what was left out of the text, such as a place: "und in …?"."""


@cache
def _compiled() -> tuple[Rules, Rules]:
    rules, content = read_rules("followups.yaml")
    little = frozenset(_little(content))
    return rules, Rules([Rule(LITTLE, (little,), frozenset(), most_words=1)])


def _little(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield every word a follow-up may be made of, the topics' own ones too."""
    for language in content["languages"].values():
        yield from language["little"].split()
        for rule in language["rules"]:
            for group in rule["all"]:
                yield from group.replace("_", " ").split()


def follow_up(text: str) -> Topic | None:
    """Return the topic of a text that names no service of its own, else None; never raises.

    Names of places should be taken out before: they say where, not what.
    """
    rules, little = _compiled()
    said = plain(text).split()
    if len(said) > MOST_WORDS or not all(little.kinds(word) for word in said):
        return None
    for kind in rules.kinds(text):
        return Topic(kind)
    return None
