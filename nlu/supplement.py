"""What people ask an office for that others do: topics that are no service, services of others.

A topic of its own (`known:<slug>`) has its examples and its answer in data/supplement.yaml. The
services of the OZG stand in data/elsewhere.yaml with who does them; those a region offers itself
are left out when it is asked for (`ozg:<id>`), their examples are those of the training.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from nlu.training import DATA, Examples
from nlu.understanding import Entry, Kind

KNOWN = "known:"
OZG = "ozg:"
EXAMPLES = 5
"""Of a service of others so many are enough: it must be heard, not told from its neighbours."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, where it is there, is ten times as fast."""


@dataclass(frozen=True)
class Words:
    """A text in German and English."""

    de: str
    en: str

    def of(self, language: str) -> str:
        """Return the English text for English readers, the German one for everybody else."""
        return self.en if language == "en" else self.de


@dataclass(frozen=True)
class Topic:
    """Something people ask for that is no service of ours: whose it is, in whole sentences."""

    id: str
    name: Words
    answer: Words
    phrases: tuple[str, ...]

    @property
    def entry(self) -> Entry:
        return Entry(self.id, (self.name.de, self.name.en), self.phrases, Kind.KNOWN)


@dataclass(frozen=True)
class Who:
    """Who does something, "die Krankenkasse", and how to find them.

    `ours` marks the county and its municipalities: they do it, their catalogue does not name it.
    """

    name: Words
    how: Words
    ours: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """A service of the OZG and who does it where the region does not."""

    id: str
    name: Words
    who: Who

    def entry(self, examples: Examples) -> Entry:
        """Return what is searched for; `examples` are those of the training, by OZG id."""
        phrases = examples.get(self.id.removeprefix(OZG), ())
        return Entry(self.id, (self.name.de, self.name.en), phrases, Kind.ELSEWHERE)


@cache
def topics() -> Mapping[str, Topic]:
    """Return every topic of its own, by its id."""
    found = {}
    for slug, row in _read("supplement.yaml").items():
        phrases = tuple(text for texts in row["examples"].values() for text in texts)
        name, answer = Words(**row["name"]), Words(**row["answer"])
        found[KNOWN + slug] = Topic(KNOWN + slug, name, answer, phrases)
    return found


@cache
def services_of_others() -> Mapping[str, Elsewhere]:
    """Return every service of the OZG, by its id; also those that a region may do itself."""
    content = _read("elsewhere.yaml")
    who = {
        key: Who(Words(**row["name"]), Words(**row["how"]), row.get("ours", False))
        for key, row in content["who"].items()
    }
    return {
        OZG + key: Elsewhere(OZG + key, Words(row["de"], row["en"]), who[row["who"]])
        for key, row in content["services"].items()
    }


def entries_beyond(covered: Collection[str], examples: Examples) -> list[Entry]:
    """Return the topics, and the services of the OZG that a region does not offer.

    Args:
        covered: OZG ids of the region's own services.
        examples: example questions by OZG id.
    """
    few = {key: texts[:EXAMPLES] for key, texts in examples.items()}
    others = [
        one.entry(few)
        for one in services_of_others().values()
        if one.id.removeprefix(OZG) not in covered
    ]
    return [*(topic.entry for topic in topics().values()), *others]


@cache
def _read(name: str) -> dict[str, Any]:
    text = DATA.joinpath(name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe
    return content
