"""Which words are known, and which are names: what may stand in a question that is kept."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from nlu.patterns import APOSTROPHES, PLAIN, plain
from nlu.words import FILLER, fold

SHORTEST_TYPO = 5
SHORTEST_FREE_TYPO = 8
"""From so many letters on any one typing error is forgiven; in shorter words only slips that
hardly make a name of a word."""
SHORTEST_STEM = 3
WORD = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*")
COMBINING = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""What Arabic joins to the beginning of a word."""


def key_of(word: str) -> str:
    """Return a word as it is compared: lower case, no accents, Arabic without its article."""
    return _without_article(plain(word).replace(" ", ""))


def _without_article(key: str) -> str:
    for article in ARTICLES:
        if key.startswith(article) and len(key) - len(article) >= SHORTEST_STEM:
            return key.removeprefix(article)
    return key


class Vocabulary:
    """Known words, found also with one typing error behind the first letter."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._add(texts)

    def with_texts(self, texts: Iterable[str]) -> "Vocabulary":
        """Return this vocabulary and the words of more texts; this one stays as it is."""
        found = Vocabulary()
        found._words = set(self._words)
        found._alike = defaultdict(list, {key: list(words) for key, words in self._alike.items()})
        found._add(texts)
        return found

    def _add(self, texts: Iterable[str]) -> None:
        """All texts are folded at once: word by word would take ten times as long."""
        folded = unicodedata.normalize("NFKD", fold("\n".join(texts)))
        bare = APOSTROPHES.sub("", COMBINING.sub("", folded)).translate(PLAIN)
        for word in map(_without_article, set(WORD.findall(bare))):
            if word not in self._words and not is_name(word):
                self._words.add(word)
                if len(word) >= SHORTEST_TYPO:
                    self._alike[word[0], len(word)].append(word)

    def knows(self, word: str, *, typo: bool) -> bool:
        """Whether a word (by its key) is known, with one typing error where that is allowed."""
        if word in self._words:
            return True
        if not typo or len(word) < SHORTEST_TYPO:
            return False
        return any(
            _is_typo(word, known)
            for size in (len(word) - 1, len(word), len(word) + 1)
            for known in self._alike.get((word[0], size), ())
        )


def _is_typo(word: str, known: str) -> bool:
    if len(word) >= SHORTEST_FREE_TYPO:
        return DamerauLevenshtein.distance(word, known, score_cutoff=1) <= 1
    if len(word) > len(known):  # a letter doubled
        return any(
            word[at] == word[at - 1] and word[:at] + word[at + 1 :] == known
            for at in range(1, len(word))
        )
    if len(word) < len(known):  # a letter inside left out
        return any(known[:at] + known[at + 1 :] == word for at in range(1, len(known) - 1))
    return known in _swapped(word)


def _swapped(word: str) -> Iterator[str]:
    """Yield the word with two neighbours in the other order."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@dataclass(frozen=True)
class WordLists:
    """Words by what they do to others, as `key_of` writes them; see nlu/data/masking.yaml."""

    everyday: frozenset[str]
    plain: frozenset[str]
    """Everyday words, and what people speak of at an office."""
    introductions: tuple[tuple[str, ...], ...]
    before_names: tuple[tuple[str, ...], ...]
    titles: frozenset[str]
    owners: frozenset[str]
    titles_behind: frozenset[str]
    street_endings: tuple[str, ...]
    street_words: frozenset[str]
    house_words: frozenset[str]
    names: frozenset[str]
    names_that_are_words: frozenset[str]


@cache
def word_lists() -> WordLists:
    """Read the lists beside this module."""
    file = resources.files("nlu").joinpath("data", "masking.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    words = frozenset(_keys(content["names_that_are_words"]))
    everyday = _all_keys(content["everyday"]) | FILLER
    return WordLists(
        everyday=everyday - words,
        plain=(everyday | _all_keys(content["known"])) - words,
        introductions=_phrases(content["introductions"]),
        before_names=_phrases(content["before_names"]),
        titles=frozenset(_keys(content["titles"])),
        owners=frozenset(_keys(content["owners"])),
        titles_behind=frozenset(_keys(content["titles_behind"])),
        street_endings=tuple(_keys(content["street_endings"])),
        street_words=frozenset(_keys(content["street_words"])),
        house_words=frozenset(_keys(content["house_words"])),
        names=_all_keys(content["names"]) - words,
        names_that_are_words=words,
    )


def _keys(written: str) -> Iterator[str]:
    return (key_of(word) for word in written.split())


def _all_keys(by_language: dict[str, str]) -> frozenset[str]:
    return frozenset(key for written in by_language.values() for key in _keys(written))


def _phrases(written: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(key_of, one.split("_"))) for one in written.split())


def is_name(word: str) -> bool:
    """Whether a word (by its key) is a name and hardly anything else."""
    return word in word_lists().names
