"""Ranking by words: BM25 over stems, where a compound also counts by its known parts."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.words import stem, words

Scores = NDArray[np.float64]
SATURATION = 1.2
LENGTH = 0.75
SHORTEST_PART = 4
JOINTS = ("", "s", "es", "n", "en", "er", "e")
"""What German puts between the parts of a compound."""


class Bm25:
    """Scores a fixed list of texts for a question."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        said = [words(text) for text in texts]
        self.vocabulary = frozenset(stem(word) for found in said for word in found)
        different = {word for found in said for word in found}
        self._parts = {word: self._split(word) for word in different}
        counted = [Counter(self._all_terms(found)) for found in said]
        lengths = [sum(terms.values()) for terms in counted]
        mean = max(sum(lengths) / max(len(lengths), 1), 1.0)
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, terms in enumerate(counted):
            damping = SATURATION * (1 - LENGTH + LENGTH * lengths[number] / mean)
            for term, count in terms.items():
                postings[term].append((number, count * (SATURATION + 1) / (count + damping)))
        self._postings = {term: self._weighted(found) for term, found in postings.items()}

    def scores(self, question: str) -> Scores:
        """Return how well each text fits; zero where no word is shared."""
        found = np.zeros(self._size)
        for term in set(self._all_terms(words(question))):
            if term in self._postings:
                numbers, weights = self._postings[term]
                found[numbers] += weights
        return found

    def known_share(self, question: str) -> float:
        """Return the share of the question's words that any text has, too (0 to 1)."""
        said = [stem(word) for word in words(question)]
        return sum(one in self.vocabulary for one in said) / max(len(said), 1)

    def _weighted(self, found: Sequence[tuple[int, float]]) -> tuple[NDArray[np.intp], Scores]:
        rarity = math.log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
        numbers = np.array([number for number, _ in found], dtype=np.intp)
        return numbers, rarity * np.array([weight for _, weight in found])

    def _all_terms(self, said: Sequence[str]) -> list[str]:
        return [term for word in said for term in self._terms(word)]

    def _terms(self, word: str) -> tuple[str, ...]:
        """Return the terms of a word; what people ask is not kept."""
        return self._parts.get(word) or self._split(word)

    def _split(self, word: str) -> tuple[str, ...]:
        """Return the stem of a word, and of its two parts where both are known."""
        whole = stem(word)
        for size in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            tail = stem(word[size:])
            if tail not in self.vocabulary:
                continue
            for joint in JOINTS:
                head = word[:size].removesuffix(joint)
                if len(head) >= SHORTEST_PART and stem(head) in self.vocabulary:
                    return (whole, stem(head), tail)
        return (whole,)
