"""The first matcher: words, synonyms and tolerance for typing errors.

A question is compared with every phrase of every entry, in both directions: how much of the phrase
was said, and how much of the question it explains. Rare words weigh more than common ones (inverse
document frequency). An equal stem counts fully, one that is spelled similarly less, and a part of
a compound by its share of the letters: "Müll" is most of "Müllauto", but little of
"Müllverbrennungsanlage".
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from nlu.understanding import Candidate, Decision, Entry, Understanding
from nlu.words import MAX_LENGTH, WORD, fold, stem, words

ALONE = 0.62
"""Score from which one entry is answered alone …"""
LEAD = 0.12
"""… when it leads the next by this much."""
POSSIBLE = 0.42
"""Score from which an entry is offered among others."""
BEHIND = 0.30
"""An entry this far behind the best is not offered beside it."""
MOST_CHOICES = 5
COMPOUND = 0.9
TYPO = 0.8
SHORTEST_COMPOUND = 4
SHORTEST_END = 5
"""A shorter unknown word is not looked for at the end of compounds."""
SHORTEST_TYPO = 5
LONG_WORD = 8
SEPARABLE = frozenset({"ab", "an", "auf", "aus", "ein", "um", "weg"})
CHANCE = 0.7
"""Part of the score that is left where only one phrase of an entry speaks for it."""
UNKNOWN = 0.6
"""An unknown word weighs this part of the rarest known one: it is part of what was asked."""
Key = TypeVar("Key")


@dataclass(frozen=True)
class _Similar:
    """How well a known word and one of the question stand for each other (0 to 1).

    Attributes:
        said: how much of the known word was said.
        explained: how much of the asked word it explains.
    """

    said: float
    explained: float


@dataclass(frozen=True)
class _Phrase:
    """One way to say an entry, and the weight of each stem in it."""

    entry: int
    text: str
    weights: Mapping[str, float]


class Matcher:
    """Implements `nlu.understanding.Understander` on words alone."""

    def __init__(self, entries: Sequence[Entry], ignored: Iterable[str] = ()) -> None:
        """Index the entries; `ignored` are words that say nothing here, such as place names."""
        self.entries = entries
        self.ignored = frozenset(word for text in ignored for word in words(text))
        phrases = [
            (number, text, frozenset(stem(word) for word in words(text)))
            for number, entry in enumerate(entries)
            for text in (*entry.names, *entry.phrases)
        ]
        self.weights = _weights(((number, stems) for number, _, stems in phrases), len(entries))
        self.phrases = [
            _Phrase(number, text, {one: self.weights[one] for one in sorted(stems)})
            for number, text, stems in phrases
        ]
        self.rarest = math.log(1 + max(len(entries), 1))
        self.by_stem: Mapping[str, list[int]] = _postings(self.phrases)
        self.vocabulary = sorted(self.by_stem)
        self.backwards = sorted(one[::-1] for one in self.vocabulary)
        self._similar = lru_cache(maxsize=20_000)(self._find_similar)

    def understand(self, question: str) -> Understanding:
        """Return what a question asks for; see `nlu.understanding.Understander`."""
        asked = [word for word in words(self._joined(question)) if word not in self.ignored]
        candidates = self._rank(list(dict.fromkeys(asked)))
        best = [one for one in candidates if one.score >= POSSIBLE]
        if not best:
            return Understanding(Decision.REFUSE, candidates[:MOST_CHOICES])
        best = [one for one in best if one.score >= best[0].score - BEHIND][:MOST_CHOICES]
        lead = best[0].score - (best[1].score if len(best) > 1 else 0.0)
        alone = best[0].score >= ALONE and lead >= LEAD
        return Understanding(Decision.ANSWER if alone else Decision.CHOOSE, best)

    def _joined(self, question: str) -> str:
        """Put a separated prefix back: "melde meinen Hund an" asks for "anmelden"."""
        said = WORD.findall(fold(question[:MAX_LENGTH]))
        if said and said[-1] in SEPARABLE:
            joined = [said[-1] + word for word in said if stem(said[-1] + word) in self.by_stem]
            said += joined[:1]
        return " ".join(said)

    def _rank(self, asked: Sequence[str]) -> list[Candidate]:
        """Return every entry that shares a word with the question, best first."""
        matches = [self._similar(word) for word in asked]
        weights = {position: self._weight_of(match) for position, match in enumerate(matches)}
        said: dict[int, dict[str, float]] = defaultdict(dict)
        explained: dict[int, dict[int, float]] = defaultdict(dict)
        for position, match in enumerate(matches):
            for known, similar in match.items():
                for number in self.by_stem[known]:
                    before = said[number].get(known, 0.0)
                    said[number][known] = max(before, similar.said)
                    so_far = explained[number].get(position, 0.0)
                    explained[number][position] = min(1.0, so_far + similar.explained)
        evidence = Counter(self.phrases[number].entry for number in said)
        best: dict[int, Candidate] = {}
        for number, of_phrase in said.items():
            phrase = self.phrases[number]
            covered = _share(of_phrase, phrase.weights)
            score = _harmonic(covered, _share(explained[number], weights))
            score *= max(covered, _trust(evidence[phrase.entry]))
            leader = best.get(phrase.entry)
            if leader is None or score > leader.score:
                best[phrase.entry] = Candidate(self.entries[phrase.entry].id, score, phrase.text)
        return sorted(best.values(), key=lambda one: (-one.score, one.id))

    def _weight_of(self, match: Mapping[str, _Similar]) -> float:
        if not match:
            return UNKNOWN * self.rarest
        nearest = max(match, key=lambda known: (match[known].explained, self.weights[known]))
        return self.weights[nearest]

    def _find_similar(self, word: str) -> dict[str, _Similar]:
        """Return the known stems a word may stand for."""
        asked = stem(word)
        found = self._find_compounds(asked)
        if asked in self.by_stem:
            found[asked] = _Similar(1.0, 1.0)
        elif len(asked) >= SHORTEST_TYPO:
            found |= self._find_typos(asked)
        return found

    def _find_compounds(self, asked: str) -> dict[str, _Similar]:
        """Return stems that begin or end the asked one, or that it begins or ends."""
        found: dict[str, _Similar] = {}
        for size in range(SHORTEST_COMPOUND, len(asked)):
            for part in (asked[:size], asked[-size:]):
                if part in self.by_stem:
                    found[part] = _Similar(COMPOUND, COMPOUND * size / len(asked))
        if len(asked) < SHORTEST_COMPOUND:
            return found
        longer = _starting(self.vocabulary, asked)
        if len(asked) >= SHORTEST_END or asked in self.by_stem:
            longer += [one[::-1] for one in _starting(self.backwards, asked[::-1])]
        for known in longer:
            found[known] = _Similar(COMPOUND * len(asked) / len(known), COMPOUND)
        return found

    def _find_typos(self, stemmed: str) -> dict[str, _Similar]:
        allowed = 2 if len(stemmed) >= LONG_WORD else 1
        near = process.extract(
            stemmed,
            self.vocabulary,
            scorer=DamerauLevenshtein.distance,
            score_cutoff=allowed,
            limit=3,
        )
        return {known: _Similar(TYPO, TYPO) for known, _, _ in near if known[0] == stemmed[0]}


def _starting(vocabulary: Sequence[str], beginning: str) -> list[str]:
    """Return the words of a sorted vocabulary that begin so."""
    first = bisect_left(vocabulary, beginning)
    return list(takewhile(lambda one: one.startswith(beginning), islice(vocabulary, first, None)))


def _share(found: Mapping[Key, float], weights: Mapping[Key, float]) -> float:
    """Return the found part of a weighted whole (0 to 1)."""
    part = sum(quality * weights[key] for key, quality in found.items())
    return min(1.0, part / sum(weights.values()))


def _trust(phrases: int) -> float:
    """A word that one phrase alone shares may be chance; from three on it is none."""
    return min(1.0, CHANCE + (1 - CHANCE) * (phrases - 1) / 2)


def _harmonic(one: float, other: float) -> float:
    """Return the harmonic mean: high only when both are."""
    return 2 * one * other / (one + other) if one + other else 0.0


def _weights(phrases: Iterable[tuple[int, frozenset[str]]], entries: int) -> dict[str, float]:
    """Return the inverse document frequency of each stem over the entries."""
    occurs = Counter(one for _, one in {(entry, one) for entry, stems in phrases for one in stems})
    return {one: math.log(1 + entries / count) for one, count in occurs.items()}


def _postings(phrases: Sequence[_Phrase]) -> dict[str, list[int]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for number, phrase in enumerate(phrases):
        for one in phrase.weights:
            postings[one].append(number)
    return postings
