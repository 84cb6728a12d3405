"""Ranks entries by what a question means: two encoders and the words, as one weighted sum.

Each name, synonym and example of an entry is a unit. An entry scores by its best units and, less,
by its best name. Units that are near to everything ("hubs") lose their mean nearness to generic
questions; each signal is divided by its usual size, measured on the same generic questions.

Besides the order a ranking says how the question lies: how near its best units are, how far the
next entry is behind, how near questions are that must be refused. The gate decides on that.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.encoders import Encoder, Vectors
from nlu.language import Language, language_of
from nlu.lexical import Bm25, Scores
from nlu.normal import Normaliser
from nlu.places import names_other_place
from nlu.understanding import Candidate, Entry, Kind
from nlu.vectors import VectorStore
from nlu.words import MAX_LENGTH

BEST_UNITS = 0.85
"""Share of the mean of an entry's best units; the rest is its best name."""
DEPTH = 3
"""So many best units count: a service that several people would ask for so is meant, not one."""
UNITS_FOR_EACH = 4
"""An entry with few units is judged by fewer of them: one for each so many, at least one."""
FIELD = 6
"""The best entries; how far the first one stands out among them says how sure the order is."""
USUAL = 75
"""Percentile of a signal that counts as its usual size."""
TIE = 1e-12
"""What parts two units that are equally near: the earlier one counts as nearer."""
AT_A_TIME = 16
"""Generic questions compared at a time: all at once would need hundreds of megabytes."""
SOME = 4
"""Each fourth generic question is enough to measure it on."""
NOTHING = 1e-6
"""A usual size below this is only the noise of computing."""
DEFAULT_WEIGHTS = {"words": 0.2, "use": 0.35, "e5": 0.45}
OTHER_WEIGHT = 0.4
"""Of an encoder nobody has measured yet."""
UNLEARNED = {"use": frozenset({Language.UKRAINIAN})}
"""Languages an encoder never learned …"""
UNLEARNED_WEIGHT = 0.1
"""… and what it weighs there; the others get the rest."""
HANDICAP = {Kind.KNOWN: 0.1, Kind.ELSEWHERE: 0.3}
"""What is not ours is found only where it fits clearly better."""
Features = Mapping[str, float]


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

    @property
    def sizes(self) -> NDArray[np.intp]:
        """How many units each entry has."""
        return np.diff(self.firsts, append=len(self.texts))

    @property
    def depths(self) -> NDArray[np.intp]:
        """How many best units of each entry count."""
        return np.clip(self.sizes // UNITS_FOR_EACH, 1, DEPTH)

    def of_entry(self, number: int) -> slice:
        """Return where the units of an entry stand."""
        first = int(self.firsts[number])
        return slice(first, first + int(self.sizes[number]))

    def by_entry(self, scores: Scores) -> Scores:
        """Return the score of each entry for scores of units (in the last axis)."""
        if not self.texts:
            return scores
        names = np.where(self.is_name, scores, -np.inf)
        named = np.maximum.reduceat(names, self.firsts, axis=-1)
        found: Scores = BEST_UNITS * self._mean_of_best(scores) + (1 - BEST_UNITS) * named
        return found

    def _mean_of_best(self, scores: Scores) -> Scores:
        left = scores - TIE * np.arange(scores.shape[-1])  # each is masked alone
        total: Scores = np.zeros((*scores.shape[:-1], len(self.firsts)))
        counted = np.zeros_like(total)
        for place in range(DEPTH):
            best = np.maximum.reduceat(left, self.firsts, axis=-1)
            there = np.isfinite(best) & (self.depths > place)
            total[there] += best[there]
            counted += there
            left[left == np.repeat(best, self.sizes, axis=-1)] = -np.inf
        mean: Scores = np.where(counted, total / np.maximum(counted, 1), -np.inf)
        return mean


@dataclass(frozen=True)
class Nearness:
    """What one signal says about one question.

    Attributes:
        units: how near each unit is, 1 being usual for an entry.
        entries: the same for each entry.
        features: what else the gate wants to know; keys without the signal's name.
        vector: the encoded question, where an encoder gave this signal.
    """

    units: Scores
    entries: Scores
    features: Features
    vector: Vectors | None = None


@dataclass(frozen=True)
class Asked:
    """A question as it was written, and in dictionary words."""

    written: str
    standard: str


class Signal(Protocol):
    """One way to compare a question with all units."""

    name: str

    def nearness(self, asked: Asked, without: Collection[int]) -> Nearness:
        """Compare; units `without` do not count, as if nobody had written them."""
        ...


class WordSignal:
    """How well words fit."""

    name = "words"

    def __init__(self, units: Units, generic: Sequence[str]) -> None:
        self._units = units
        self._bm25 = Bm25(units.texts)
        some = generic[::SOME]
        found = np.array([units.by_entry(self._bm25.scores(text)) for text in some])
        self._usual = _usual(found[found > 0])

    def nearness(self, asked: Asked, without: Collection[int]) -> Nearness:
        units = self._bm25.scores(asked.standard)
        units[list(without)] = -np.inf
        units = units / self._usual
        known = self._bm25.known_share(asked.standard)
        other_place = float(names_other_place(asked.written))
        features = {"known": known, "other_place": other_place}
        return Nearness(units, self._units.by_entry(units), features)


class MeaningSignal:
    """How near the meaning is, by one encoder."""

    def __init__(
        self, units: Units, store: VectorStore, generic: Sequence[str], refused: Sequence[str]
    ) -> None:
        self.name = store.encoder.name
        self._units = units
        self._encoder: Encoder = store.encoder
        self._vectors: Vectors = store.passages(units.texts)
        self._refused = store.queries(refused)
        self._number_refused = {text: number for number, text in enumerate(refused)}
        asked = store.queries(generic)
        self._centre = self._vectors @ asked.mean(axis=0)
        some = asked[::SOME]
        parts = [some[first : first + AT_A_TIME] for first in range(0, len(some), AT_A_TIME)]
        near = [units.by_entry(part @ self._vectors.T - self._centre) for part in parts]
        self._usual = _usual(np.abs(np.concatenate(near)))

    def nearness(self, asked: Asked, without: Collection[int]) -> Nearness:
        vector = self._encoder.queries([asked.standard])[0]
        plain = (self._vectors @ vector).astype(np.float64)
        plain[list(without)] = -np.inf
        units = (plain - self._centre) / self._usual
        return Nearness(
            units,
            self._units.by_entry(units),
            {"nearest": float(plain.max()), **self._near_refused(asked.written, vector)},
            vector,
        )

    def _near_refused(self, written: str, vector: Vectors) -> Features:
        """A question that is itself among those to refuse is not compared with itself."""
        near = self._refused @ vector
        if (itself := self._number_refused.get(written)) is not None:
            near = np.delete(near, itself)
        best = np.sort(near)[-DEPTH:]
        if not best.size:
            return {"refused": 0.0, "refused_mean": 0.0}
        return {"refused": float(best[-1]), "refused_mean": float(best.mean())}


@dataclass(frozen=True)
class Ranking:
    """What all signals say about one question.

    Attributes:
        order: numbers of the entries, best first.
        scores: the weighted sum, by number of entry.
        signals: each signal's scores, by number of entry.
        units: the weighted sum, by number of unit.
        features: how the question lies.
        vectors: the encoded question, by encoder.
    """

    order: NDArray[np.intp]
    scores: Scores
    signals: Mapping[str, Scores]
    units: Scores
    features: Features
    vectors: Mapping[str, Vectors]


class Ranker:
    """Ranks a fixed list of entries; with no store at all by words alone."""

    def __init__(
        self,
        entries: Sequence[Entry],
        stores: Sequence[VectorStore],
        generic: Sequence[str],
        *,
        refused: Sequence[str] = (),
        weights: Mapping[str, float] | None = None,
    ) -> None:
        """Index entries; `generic` are questions of all kinds, `refused` some of no service."""
        self.entries = tuple(entries)
        self.units = Units.of(entries)
        self._handicaps = np.array([HANDICAP.get(entry.kind, 0.0) for entry in self.entries])
        self._normaliser = Normaliser([*self.units.texts, *generic])
        self._weights = weights or DEFAULT_WEIGHTS
        self._generic, self._refused = tuple(generic), tuple(refused)
        self._signals = self._weighted([WordSignal(self.units, generic)])
        self._signals += self._by_meaning(stores)

    def with_meaning(self, stores: Sequence[VectorStore]) -> "Ranker":
        """Return a ranker that also hears these encoders; the words are not indexed again."""
        found = copy(self)
        found._signals = [*self._signals, *self._by_meaning(stores)]  # noqa: SLF001 - our own
        return found

    def _by_meaning(self, stores: Sequence[VectorStore]) -> list[tuple[Signal, float]]:
        return self._weighted(
            [MeaningSignal(self.units, one, self._generic, self._refused) for one in stores]
        )

    def _weighted(self, signals: Sequence[Signal]) -> list[tuple[Signal, float]]:
        return [(one, self._weights.get(one.name, OTHER_WEIGHT)) for one in signals]

    @property
    def signals(self) -> str:
        """Which signals there are: "words+use+e5"."""
        return "+".join(signal.name for signal, _ in self._signals)

    def ranking(self, question: str, without: Collection[int] = ()) -> Ranking:
        """Compare a question with all entries, at least one; units `without` do not count."""
        language = language_of(question, chat=Language.GERMAN)
        asked = Asked(question[:MAX_LENGTH], self._standard(question, language))
        scores = -self._handicaps
        units = np.zeros(len(self.units.texts))
        found: dict[str, Nearness] = {}
        for signal, weight in self._weighted_in(language):
            near = found[signal.name] = signal.nearness(asked, without)
            scores += weight * near.entries
            units += weight * near.units
        order = np.argsort(-scores, kind="stable")
        return Ranking(
            order,
            scores,
            {name: near.entries for name, near in found.items()},
            units,
            {**_standing(scores, order), **_agreement(found, int(order[0]))},
            {name: near.vector for name, near in found.items() if near.vector is not None},
        )

    def standard(self, question: str) -> str:
        """Return a question in dictionary words."""
        return self._standard(question, language_of(question, chat=Language.GERMAN))

    def _standard(self, question: str, language: Language) -> str:
        """Only German dialect and slips have been learned."""
        if language is not Language.GERMAN:
            return question[:MAX_LENGTH]
        return self._normaliser.standard(question)

    def _weighted_in(self, language: Language) -> list[tuple[Signal, float]]:
        """Return each signal with its weight for a language; together they weigh the same."""
        weights = [
            UNLEARNED_WEIGHT if language in UNLEARNED.get(one.name, ()) else weight
            for one, weight in self._signals
        ]
        whole = sum(weight for _, weight in self._signals) / (sum(weights) or 1.0)
        signals = (one for one, _ in self._signals)
        return [(one, weight * whole) for one, weight in zip(signals, weights, strict=True)]

    def candidate(self, ranking: Ranking, number: int, score: float) -> Candidate:
        """Return an entry as a candidate: the unit that speaks for it, and each signal's word."""
        entry, own = self.entries[number], self.units.of_entry(number)
        why = self.units.texts[own.start + int(ranking.units[own].argmax())]
        signals = {name: float(scores[number]) for name, scores in ranking.signals.items()}
        return Candidate(entry.id, score, why, entry.kind, signals)

    def rank(self, question: str, *, most: int = 5) -> list[Candidate]:
        """Return the best entries, best first, with the plain sum as their score."""
        if not self.entries:
            return []
        found = self.ranking(question)
        return [self.candidate(found, one, float(found.scores[one])) for one in found.order[:most]]


def _standing(scores: Scores, order: NDArray[np.intp]) -> Features:
    """How far the first entry stands out among the next ones."""
    best = scores[order[:FIELD]]
    behind = best[1:] if best.size > 1 else best
    return {
        "top": float(best[0]),
        "lead": float(best[0] - behind[0]),
        "field": float(best[0] - behind.mean()),
    }


def _agreement(found: Mapping[str, Nearness], first: int) -> Features:
    """What each signal says of the first entry, and whether it would have put it first, too."""
    features: dict[str, float] = {}
    for name, near in found.items():
        features |= {f"{name}.{key}": value for key, value in near.features.items()}
        features[f"{name}.first"] = float(near.entries[first])
        features[f"{name}.best"] = float(near.entries.max())
        features[f"{name}.agrees"] = float(near.entries.argmax() == first)
    return features


def _usual(scores: Scores | Vectors) -> float:
    size = float(np.percentile(scores, USUAL)) if scores.size else 0.0
    return size if size > NOTHING else 1.0
