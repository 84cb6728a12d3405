"""Learns the gate: how likely something of ours is meant, and from where on to say so.

Every figure comes from folds: a question is judged by a gate that never saw it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from nlu.encoders import Encoder, Vectors
from nlu.gate import Gate, Thresholds, shares
from nlu.lexical import Scores
from nlu.logistic import logistic
from nlu.ranker import NOTHING, Ranker
from nlu.training import Training
from nlu.understanding import Entry
from nlu.vectors import VectorStore

FOLDS = 5
SEED = 1
RESTRAINT = 3.0
"""Strength of the pull of all weights towards zero (ridge)."""
TEMPERATURES = (0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0)
PRECISION_ALONE = 0.9
"""What is answered alone shall be right so often; 0.8 is the least, the rest is for the unseen."""
FALSE_OFFERS = 0.05
"""So few questions of no service may be offered some."""
FALSE_CLARIFICATIONS = 0.15
"""So few of them may be asked back, or offered something …"""
FALSE_GUESSES = 0.4
"""… by words alone, which know too little to refuse."""
BINS = 10
Asked = tuple[str, frozenset[str]]
"""A question and the ids of the entries that are right for it; none when it must be refused."""


@dataclass(frozen=True)
class Observed:
    """How one question lies in an index: its features, all scores, which entries are right.

    Nothing is right for a question that must be refused.
    """

    features: dict[str, float]
    scores: Scores
    right: NDArray[np.bool_]

    @property
    def in_scope(self) -> bool:
        return bool(self.right.any())


@dataclass(frozen=True)
class Judged:
    """What gates that had not seen the questions said: probabilities, and what was true."""

    in_scope: NDArray[np.float64]
    first: NDArray[np.float64]
    is_in_scope: NDArray[np.bool_]
    first_is_right: NDArray[np.bool_]


def observe(ranker: Ranker, asked: Sequence[Asked]) -> list[Observed]:
    """Rank questions, each with the ids that are right for it, as if no unit were the same."""
    same: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(ranker.units.texts):
        same[text.casefold()].append(number)
    found = []
    for question, right in asked:
        ranking = ranker.ranking(question, without=same.get(question.casefold(), ()))
        is_right = np.array([entry.id in right for entry in ranker.entries])
        found.append(Observed(dict(ranking.features), ranking.scores, is_right))
    return found


class Recalling:
    """An encoder that encodes each question once, however often it is asked."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.version, self.dim = encoder.name, encoder.version, encoder.dim
        self.passages = encoder.passages
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions; see `nlu.encoders.Encoder`."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.queries([text])[0]
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True)
class Lesson:
    """Entries and questions about them.

    Attributes:
        entries: what can be asked for.
        asked: what people would write.
        named: names of entries; words alone learn nothing from a name that is left out.
    """

    entries: Sequence[Entry]
    asked: Sequence[Asked]
    named: Sequence[Asked]


def calibrate(
    lessons: Sequence[Lesson],
    stores: Sequence[VectorStore],
    training: Training,
) -> Iterator[tuple[str, Gate, Judged]]:
    """Yield the gate of each set of signals: words, and with them any of the encoders.

    Args:
        lessons: a gate has to fit all of them.
        stores: the vectors of each encoder there is.
        training: what is generic, and what must be refused.
    """
    for count in range(len(stores) + 1):
        for some in combinations(stores, count):
            rankers = [_ranker(lesson.entries, some, training) for lesson in lessons]
            observed: list[Observed] = []
            for ranker, lesson in zip(rankers, lessons, strict=True):
                named = lesson.named if some else ()
                observed += observe(ranker, [*lesson.asked, *named, *_to_refuse(training)])
            asked_back = FALSE_CLARIFICATIONS if some else FALSE_GUESSES
            yield (rankers[0].signals, *learn(observed, asked_back))


def _ranker(entries: Sequence[Entry], stores: Sequence[VectorStore], training: Training) -> Ranker:
    return Ranker(entries, stores, training.generic, refused=training.to_compare)


def _to_refuse(training: Training) -> list[Asked]:
    return [(text, frozenset()) for text in training.out_of_scope]


def learn(
    observed: Sequence[Observed], asked_back: float = FALSE_CLARIFICATIONS
) -> tuple[Gate, Judged]:
    """Return the gate of all questions, and how gates of four fifths judged the fifth one."""
    judged = judge(observed)
    return _gate(observed, thresholds(judged, asked_back)), judged


def judge(observed: Sequence[Observed]) -> Judged:
    """Judge each fifth of the questions by the other four."""
    fold = np.random.default_rng(SEED).permutation(len(observed)) % FOLDS
    in_scope, first = np.zeros(len(observed)), np.zeros(len(observed))
    unset = Thresholds(1.0, 1.0, 1.0)
    for number in range(FOLDS):
        gate = _gate([one for one, at in zip(observed, fold, strict=True) if at != number], unset)
        for at in np.flatnonzero(fold == number).tolist():
            in_scope[at] = gate.in_scope(observed[at].features)
            first[at] = gate.chances(in_scope[at], observed[at].scores).max()
    return Judged(
        in_scope,
        first,
        np.array([one.in_scope for one in observed]),
        np.array([one.right[one.scores.argmax()] for one in observed]),
    )


def thresholds(judged: Judged, asked_back: float = FALSE_CLARIFICATIONS) -> Thresholds:
    """Return the lowest thresholds that keep what is promised."""
    refused = np.sort(judged.in_scope[~judged.is_in_scope])
    choose = float(np.quantile(refused, 1 - FALSE_OFFERS))
    clarify = float(np.quantile(refused, 1 - asked_back))
    offered = judged.in_scope >= choose
    order = np.argsort(-judged.first[offered], kind="stable")
    right = np.cumsum(judged.first_is_right[offered][order])
    precise = np.flatnonzero(right / np.arange(1, len(order) + 1) >= PRECISION_ALONE)
    sorted_first = judged.first[offered][order]
    answer = float(sorted_first[precise[-1]]) if precise.size else 1.0
    return Thresholds(round(answer, 4), round(choose, 4), round(min(clarify, choose), 4))


@dataclass(frozen=True)
class Kept:
    """What a gate keeps for questions it never saw (shares from 0 to 1).

    Attributes:
        coverage: questions of ours that are answered or offered something.
        false_offers: the same for questions of no service.
        alone: questions of ours that are answered alone.
        precision_alone: how often what is answered alone is right.
    """

    coverage: float
    false_offers: float
    alone: float
    precision_alone: float


def kept(judged: Judged, limits: Thresholds) -> Kept:
    """Return what these thresholds keep."""
    offered = judged.in_scope >= limits.choose
    alone = offered & (judged.first >= limits.answer)
    ours = judged.is_in_scope
    return Kept(
        coverage=round(float(offered[ours].mean()), 3),
        false_offers=round(float(offered[~ours].mean()), 3),
        alone=round(float(alone[ours].mean()), 3),
        precision_alone=round(float(judged.first_is_right[alone].mean()), 3)
        if alone.any()
        else 0.0,
    )


def reliability(said: NDArray[np.float64], true: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Return for each tenth of probability what was said on average and what was true."""
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    return [
        {
            "said": round(float(said[bins == one].mean()), 3),
            "true": round(float(true[bins == one].mean()), 3),
            "n": int((bins == one).sum()),
        }
        for one in range(BINS)
        if (bins == one).any()
    ]


def _gate(observed: Sequence[Observed], limits: Thresholds) -> Gate:
    names = tuple(sorted(observed[0].features))
    given = np.array([[one.features[name] for name in names] for one in observed])
    mean, spread = given.mean(axis=0), given.std(axis=0)
    scale = np.where(spread > NOTHING, spread, 1.0)  # one that never varies says nothing
    ours = np.array([one.in_scope for one in observed])
    weights = logistic((given - mean) / scale, ours, restraint=RESTRAINT)
    return Gate(
        features=names,
        mean=_rounded(mean),
        scale=_rounded(scale),
        weights=_rounded(weights[:-1]),
        bias=round(float(weights[-1]), 6),
        temperature=_temperature([one for one in observed if one.in_scope]),
        thresholds=limits,
    )


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)


def _temperature(observed: Sequence[Observed]) -> float:
    """Return the temperature at which the right entries get the most likely share."""

    def surprise(temperature: float) -> float:
        found = [shares(one.scores, temperature)[one.right].sum() for one in observed]
        return float(-np.log(np.array(found) + 1e-9).mean())

    return min(TEMPERATURES, key=surprise)
