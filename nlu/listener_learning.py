"""Learns to hear emergencies from examples of them, look-alikes, and questions for services.

The threshold comes from folds: so many questions for services, and no more, that the numbers never
saw may be taken for an emergency.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from nlu.emergencies import EmergencyKind, emergency_in
from nlu.listener import Listener
from nlu.logistic import logistic
from nlu.training import DATA, Training
from nlu.vectors import VectorStore

EXAMPLES = "emergency_examples.yaml"
EVERY = 3
"""Each third example of a service is enough to know what is no emergency."""
FALSE_ALARMS = 0.005
LEAST = -1.5
"""Below this sum (a probability of one in five) nothing is one, whatever the folds say."""
RESTRAINT = 0.5
"""Strength of the pull of all weights towards zero (ridge)."""
FOLDS = 5
DIGITS = 4


@dataclass(frozen=True)
class Lesson:
    """Questions with the kind of emergency they speak of, and questions that speak of none."""

    emergencies: tuple[tuple[str, EmergencyKind], ...]
    others: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return a name of exactly this data."""
        content = json.dumps([self.emergencies, self.others], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@cache
def _examples() -> Mapping[str, Sequence[str]]:
    text = DATA.joinpath(EXAMPLES).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def lesson(training: Training) -> Lesson:
    """Return what there is to learn from; a question a rule takes for an emergency is left out."""
    examples = _examples()
    asked = [
        text
        for kind in (training.services, training.ozg)
        for key in sorted(kind)
        for text in kind[key]
    ]
    others = dict.fromkeys([*examples["look_alikes"], *training.out_of_scope, *asked[::EVERY]])
    return Lesson(
        tuple((text, kind) for kind in EmergencyKind for text in examples[kind]),
        tuple(text for text in others if emergency_in(text) is None),
    )


def learn(stores: Sequence[VectorStore], given: Lesson) -> Listener:
    """Return a listener for these encoders."""
    texts = [text for text, _ in given.emergencies]
    kinds = [kind for _, kind in given.emergencies]
    alarming = np.hstack([store.queries(texts) for store in stores]).astype(np.float64)
    harmless = np.hstack([store.queries(given.others) for store in stores]).astype(np.float64)
    weights = _between(alarming, harmless)
    return Listener(
        encoders={store.encoder.name: store.encoder.version for store in stores},
        weights=_rounded(weights[:-1]),
        bias=round(float(weights[-1]), DIGITS),
        threshold=round(_threshold(alarming, harmless), DIGITS),
        kinds={kind: _rounded(_kind(kind, kinds, alarming)) for kind in dict.fromkeys(kinds)},
    )


def learn_each(stores: Sequence[VectorStore], given: Lesson) -> Iterator[Listener]:
    """Yield a listener for each set of encoders: any of them may be missing where the bot runs."""
    for count in range(1, len(stores) + 1):
        for some in combinations(stores, count):
            yield learn(some, given)


def _kind(
    kind: EmergencyKind, kinds: Sequence[EmergencyKind], alarming: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what tells a kind of emergency from the other kinds."""
    is_kind = np.array([one is kind for one in kinds])
    return _between(alarming[is_kind], alarming[~is_kind])


def as_json(listeners: Sequence[Listener], given: Lesson) -> str:
    """Return the content of the file that `nlu.listener` reads."""
    named = {"+".join(listener.encoders): asdict(listener) for listener in listeners}
    return json.dumps({"digest": given.digest, "listeners": named}) + "\n"


def _threshold(alarming: NDArray[np.float64], harmless: NDArray[np.float64]) -> float:
    """Return the sum above which few of the questions lie that the weights never saw."""
    sums = np.zeros(len(harmless))
    for fold in range(FOLDS):
        out = np.arange(len(harmless)) % FOLDS == fold
        weights = _between(alarming[np.arange(len(alarming)) % FOLDS != fold], harmless[~out])
        sums[out] = harmless[out] @ weights[:-1] + weights[-1]
    return max(LEAST, float(np.quantile(sums, 1 - FALSE_ALARMS)))


def _between(alarming: NDArray[np.float64], harmless: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights and, last, the bias that tell one kind of vectors from the other."""
    both = np.vstack([alarming, harmless])
    return logistic(both, np.arange(len(both)) < len(alarming), restraint=RESTRAINT)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), DIGITS) for value in values)
