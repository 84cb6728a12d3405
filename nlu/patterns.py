"""Rules over words: which combinations of words speak for something, and which speak against it.

A term is a word (`luft`), its beginning (`brenn*`), its end (`*brand`), a part (`*rauch*`) or
several words in a row (`keine_luft`). Spelling is forgiven where a word is long enough.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from nlu.words import MAX_LENGTH, WORD, fold

APOSTROPHES = re.compile("['’ʼ`´]")
PLAIN = str.maketrans({"ı": "i", "ł": "l", "ة": "ه", "ى": "ي", "ё": "е", "ـ": None})
SHORTEST_TYPO = 7
LONGEST_WORD = 24


def plain(text: str) -> str:
    """Return the first characters of a text as words in lower case, without accents."""
    folded = unicodedata.normalize("NFKD", fold(APOSTROPHES.sub("", text[:MAX_LENGTH])))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(WORD.findall(bare.translate(PLAIN)[: 2 * MAX_LENGTH]))


@dataclass(frozen=True)
class Rule:
    """What it stands for, groups of which each must be said, and words that must not be said."""

    kind: str
    groups: tuple[frozenset[str], ...]
    vetoes: frozenset[str]
    most_words: int


class Rules:
    """Compiled rules, in the order in which they count."""

    def __init__(self, rules: Sequence[Rule], well_spelled: str = "") -> None:
        self._rules = rules
        self._well_spelled = frozenset(plain(well_spelled).split())
        terms = {term for rule in rules for group in (*rule.groups, rule.vetoes) for term in group}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, str] = {}
        self._ends: dict[str, str] = {}
        self._phrases: dict[str, str] = {}
        self._misspelled: dict[str, set[str]] = defaultdict(set)
        for term in terms:
            self._index(term)

    def _index(self, term: str) -> None:
        bare = plain(term.replace("*", "").replace("_", " "))
        if "_" in term:
            self._phrases[term] = f" {bare}" + ("" if term.endswith("*") else " ")
        elif term.startswith("*"):
            (self._parts if term.endswith("*") else self._ends)[term] = bare
        else:
            self._exact[bare + "*" * term.endswith("*")].add(term)
            if len(bare) >= SHORTEST_TYPO:
                for shorter in _one_less(bare):
                    self._misspelled[shorter].add(term)

    def kinds(self, text: str) -> list[str]:
        """Return what the text speaks for, each once, the first rule's first."""
        joined = plain(text)
        said = self._said(joined)
        length = joined.count(" ") + 1
        found = (rule.kind for rule in self._rules if _holds(rule, said, length))
        return list(dict.fromkeys(found))

    def _said(self, joined: str) -> set[str]:
        padded = f" {joined} "
        said = {term for term, phrase in self._phrases.items() if phrase in padded}
        said |= {term for term, part in self._parts.items() if part in padded}
        said |= {term for term, end in self._ends.items() if f"{end} " in padded}
        for word in set(joined.split()):
            said |= self._spelled(word) or self._misspelt(word)
        return said

    def _spelled(self, word: str) -> set[str]:
        found = set(self._exact.get(word, ()))
        for end in range(2, min(len(word), LONGEST_WORD) + 1):
            found |= self._exact.get(f"{word[:end]}*", set())
        return found

    def _misspelt(self, word: str) -> set[str]:
        if word in self._well_spelled:
            return set()
        found: set[str] = set()
        for end in range(SHORTEST_TYPO - 1, min(len(word), LONGEST_WORD) + 1):
            for shorter in _one_less(word[:end]):
                found |= self._misspelled.get(shorter, set())
        return {term for term in found if _almost(word, term)}


def _one_less(word: str) -> Iterator[str]:
    yield word
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]


def _almost(word: str, term: str) -> bool:
    bare = plain(term.replace("*", ""))
    ends = range(len(bare) - 1, len(bare) + 2) if term.endswith("*") else (len(word),)
    return any(DamerauLevenshtein.distance(word[:end], bare, score_cutoff=1) <= 1 for end in ends)


def _holds(rule: Rule, said: set[str], length: int) -> bool:
    return (
        length <= rule.most_words
        and not any(group.isdisjoint(said) for group in rule.groups)
        and rule.vetoes.isdisjoint(said)
    )


def read_rules(name: str) -> tuple[Rules, Mapping[str, Any]]:
    """Return the rules of a file beside this module and what else the file says."""
    file = resources.files("nlu").joinpath("data", name)
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    rules = [
        _rule(written, language.get("lists", {}))
        for language in content["languages"].values()
        for written in language["rules"]
    ]
    order = list(content["kinds"])
    rules.sort(key=lambda rule: order.index(rule.kind))
    return Rules(rules, content.get("well_spelled", "")), content


def _rule(written: Mapping[str, Any], lists: Mapping[str, str]) -> Rule:
    return Rule(
        kind=written["kind"],
        groups=tuple(_terms(group, lists) for group in written["all"]),
        vetoes=_terms(written.get("none", ""), lists),
        most_words=written.get("most_words", MAX_LENGTH),
    )


def _terms(written: str, lists: Mapping[str, str]) -> frozenset[str]:
    terms: set[str] = set()
    for term in written.split():
        terms |= _terms(lists[term[1:]], lists) if term.startswith("@") else {term}
    return frozenset(terms)
