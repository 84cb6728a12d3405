"""Simpler ways to rank, for comparison: each with the same texts as ours."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.encoders import Vectors
from nlu.evaluation import MOST
from nlu.lexical import Bm25, Scores
from nlu.ranker import Units
from nlu.understanding import Candidate, Entry
from nlu.vectors import VectorStore

WORDS = "words"
BEST_UNIT = 0.7
"""Share of an entry's best unit; the rest is its best name."""
USUAL = 75
"""Percentile of a signal that counts as its usual size."""
PLAIN_SUM = {WORDS: 0.3, "use": 0.35, "e5": 0.35}


class Baseline(ABC):
    """Ranks entries by one score for each of their texts."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self.units = Units.of(entries)

    @abstractmethod
    def scores(self, text: str) -> Scores:
        """Return a score for each entry."""

    def rank(self, text: str) -> list[Candidate]:
        """Return the best entries, best first."""
        found = self.scores(text)
        order = np.argsort(-found, kind="stable")[:MOST]
        return [Candidate(self._ids[number], float(found[number]), "") for number in order]

    def by_entry(self, scores: Scores | Vectors) -> Scores:
        """Return the best unit and, less, the best name of each entry."""
        names = np.where(self.units.is_name, scores, -np.inf)
        best = np.maximum.reduceat(scores, self.units.firsts, axis=-1)
        named = np.maximum.reduceat(names, self.units.firsts, axis=-1)
        found: Scores = BEST_UNIT * best + (1 - BEST_UNIT) * named
        return found


class Characters(Baseline):
    """TF-IDF over sequences of three to five characters."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(entries)
        counted = [_grams(text) for text in self.units.texts]
        occurs = Counter(gram for grams in counted for gram in grams)
        self._columns = {gram: column for column, gram in enumerate(sorted(occurs))}
        self._rarity = np.log(1 + len(counted) / np.array([occurs[one] for one in self._columns]))
        postings: dict[int, list[tuple[int, float]]] = {}
        for row, grams in enumerate(counted):
            for column, weight in self._weights(grams).items():
                postings.setdefault(column, []).append((row, weight))
        self._postings = {column: _arrays(found) for column, found in postings.items()}

    def scores(self, text: str) -> Scores:
        found: Scores = np.zeros(len(self.units.texts))
        for column, weight in self._weights(_grams(text)).items():
            rows, weights = self._postings[column]
            found[rows] += weight * weights
        return self.by_entry(found)

    def _weights(self, grams: set[str]) -> dict[int, float]:
        known = sorted(self._columns[gram] for gram in grams if gram in self._columns)
        found = {column: float(self._rarity[column]) for column in known}
        length = float(np.sqrt(sum(weight**2 for weight in found.values()))) or 1.0
        return {column: weight / length for column, weight in found.items()}


class Sum(Baseline):
    """Words and encoders as a weighted sum, each divided by its usual size; or one alone."""

    def __init__(
        self,
        entries: Sequence[Entry],
        stores: Sequence[VectorStore],
        generic: Sequence[str],
        weights: Mapping[str, float],
    ) -> None:
        super().__init__(entries)
        self._bm25 = Bm25(self.units.texts)
        self._weights = weights
        self._stores = [store for store in stores if store.encoder.name in weights]
        self._vectors = [store.passages(self.units.texts) for store in self._stores]
        near = [
            store.queries(generic) @ vectors.T
            for store, vectors in zip(self._stores, self._vectors, strict=True)
        ]
        self._centres = [one.mean(axis=0) for one in near]
        self._usual = {
            store.encoder.name: _usual(np.abs(self.by_entry(one - one.mean(axis=0))))
            for store, one in zip(self._stores, near, strict=True)
        }
        said = np.array([self.by_entry(self._bm25.scores(text)) for text in generic])
        self._usual[WORDS] = _usual(said[said > 0])

    def scores(self, text: str) -> Scores:
        found: Scores = np.zeros(len(self._ids))
        if WORDS in self._weights:
            words = self.by_entry(self._bm25.scores(text)) / self._usual[WORDS]
            found += self._weights[WORDS] * words
        for store, vectors, centre in zip(self._stores, self._vectors, self._centres, strict=True):
            name = store.encoder.name
            near = vectors @ store.encoder.queries([text])[0] - centre
            found += self._weights[name] * self.by_entry(near) / self._usual[name]
        return found


def _grams(text: str) -> set[str]:
    padded = f" {text.lower()} "
    return {padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)}


def _arrays(found: Sequence[tuple[int, float]]) -> tuple[NDArray[np.intp], Scores]:
    rows = np.array([row for row, _ in found], dtype=np.intp)
    return rows, np.array([weight for _, weight in found])


def _usual(scores: Scores) -> float:
    return float(np.percentile(scores, USUAL)) or 1.0
