"""Ranks entries by what a question means: two encoders and the words, as one weighted sum.

Each name, synonym and example of an entry is a unit. An entry scores by its best unit and, less,
by its best name. Units that are near to everything ("hubs") lose their mean nearness to generic
questions; each signal is divided by its usual size, measured on the same generic questions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.encoders import Encoder, Vectors
from nlu.lexical import Bm25, Scores
from nlu.understanding import Candidate, Entry
from nlu.vectors import VectorStore
from nlu.words import MAX_LENGTH

BEST_UNIT = 0.7
"""Share of an entry's best unit; the rest is its best name."""
USUAL = 75
"""Percentile of a signal that counts as its usual size."""
NOTHING = 1e-6
"""A usual size below this is only the noise of computing."""
DEFAULT_WEIGHTS = {"words": 0.3, "use": 0.35, "e5": 0.35}


@dataclass(frozen=True)
class Units:
    """All texts of all entries, entry after entry, the names of each first."""

    texts: tuple[str, ...]
    firsts: NDArray[np.intp]
    is_name: NDArray[np.bool_]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Units":
        """Return the units of entries; each entry needs at least one name."""
        texts: list[str] = []
        is_name: list[bool] = []
        firsts = []
        for entry in entries:
            firsts.append(len(texts))
            texts += [*entry.names, *entry.phrases]
            is_name += [True] * len(entry.names) + [False] * len(entry.phrases)
        return cls(tuple(texts), np.array(firsts, dtype=np.intp), np.array(is_name, dtype=bool))

    def by_entry(self, scores: Scores) -> Scores:
        """Return the score of each entry for scores of units (in the last axis)."""
        names = np.where(self.is_name, scores, -np.inf)
        best = np.maximum.reduceat(scores, self.firsts, axis=-1)
        named = np.maximum.reduceat(names, self.firsts, axis=-1)
        found: Scores = BEST_UNIT * best + (1 - BEST_UNIT) * named
        return found


class WordSignal:
    """How well words fit."""

    name = "words"

    def __init__(self, units: Units, generic: Sequence[str]) -> None:
        self._units = units
        self._bm25 = Bm25(units.texts)
        found = np.array([self.entries(text) for text in generic])
        self._usual = _usual(found[found > 0])

    def entries(self, question: str) -> Scores:
        return self._units.by_entry(self._bm25.scores(question))

    def scores(self, question: str) -> Scores:
        """Return a score for each entry, 1 being usual."""
        return self.entries(question) / self._usual


class MeaningSignal:
    """How near the meaning is, by one encoder."""

    def __init__(self, units: Units, store: VectorStore, generic: Sequence[str]) -> None:
        self.name = store.encoder.name
        self._units = units
        self._encoder: Encoder = store.encoder
        self._vectors: Vectors = store.passages(units.texts)
        near = self._encoder.queries(generic) @ self._vectors.T
        self._centre = near.mean(axis=0)
        self._usual = _usual(np.abs(units.by_entry(near - self._centre)))

    def scores(self, question: str) -> Scores:
        """Return a score for each entry, 1 being usual."""
        near = self._vectors @ self._encoder.queries([question])[0] - self._centre
        return self._units.by_entry(near) / self._usual


class Ranker:
    """Ranks a fixed list of entries; with no store at all by words alone."""

    def __init__(
        self,
        entries: Sequence[Entry],
        stores: Sequence[VectorStore],
        generic: Sequence[str],
        *,
        weights: dict[str, float] | None = None,
    ) -> None:
        """Index the entries; `generic` are questions of all kinds, at least one."""
        self.entries = tuple(entries)
        self._weights = weights or DEFAULT_WEIGHTS
        units = Units.of(entries)
        self.signals: list[WordSignal | MeaningSignal] = [WordSignal(units, generic)]
        self.signals += [MeaningSignal(units, store, generic) for store in stores]

    def rank(
        self, question: str, *, allowed: Collection[str] | None = None, most: int = 5
    ) -> list[Candidate]:
        """Return the best entries, best first; only allowed ids where some are given."""
        if not self.entries:
            return []
        asked = question[:MAX_LENGTH]
        scores = sum(
            (self._weights[signal.name] * signal.scores(asked) for signal in self.signals),
            start=np.zeros(len(self.entries)),
        )
        ranked = (self.entries[number] for number in np.argsort(-scores, kind="stable"))
        by_id = dict(zip((entry.id for entry in self.entries), scores, strict=True))
        found = [one for one in ranked if allowed is None or one.id in allowed][:most]
        return [Candidate(one.id, float(by_id[one.id]), one.names[0]) for one in found]


def _usual(scores: Scores | Vectors) -> float:
    size = float(np.percentile(scores, USUAL)) if scores.size else 0.0
    return size if size > NOTHING else 1.0
