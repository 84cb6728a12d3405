"""Decides how sure a ranking is: answer, let choose, ask back, or refuse honestly.

One logistic regression tells from how a question lies how likely anything of ours is meant; its
share for each entry follows the distance of the scores. The numbers were learned by
`nlu.calibration` and stand in a file, with the digest of the data that made them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from pydantic import TypeAdapter

from nlu.lexical import Scores
from nlu.training import DATA
from nlu.understanding import Decision

FILE = "gate.json"


@dataclass(frozen=True)
class Thresholds:
    """From which probability on something is done.

    Attributes:
        answer: that the first entry is meant: it is shown alone.
        choose: that any entry is meant: the best are offered.
        clarify: that any entry is meant: one question back; below it is refused.
    """

    answer: float
    choose: float
    clarify: float


@dataclass(frozen=True)
class Gate:
    """What was learned for one set of signals."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    temperature: float
    thresholds: Thresholds

    def in_scope(self, features: Mapping[str, float]) -> float:
        """Return the probability that any entry is meant."""
        given = np.array([features[name] for name in self.features])
        standard = (given - np.array(self.mean)) / np.array(self.scale)
        return float(1 / (1 + np.exp(-(standard @ np.array(self.weights) + self.bias))))

    def chances(self, in_scope: float, scores: Scores) -> Scores:
        """Return the probability of each entry; together they are that of any."""
        return in_scope * shares(scores, self.temperature)

    def decide(self, in_scope: float, first: float) -> Decision:
        """Return what to do where the first entry is meant with this probability."""
        if in_scope < self.thresholds.clarify:
            return Decision.REFUSE
        if in_scope < self.thresholds.choose:
            return Decision.CLARIFY
        return Decision.ANSWER if first >= self.thresholds.answer else Decision.CHOOSE


def shares(scores: Scores, temperature: float) -> Scores:
    """Divide 1 among entries by their scores (in the last axis): the softmax."""
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    found: Scores = powers / powers.sum(axis=-1, keepdims=True)
    return found


@cache
def shipped_gates() -> Mapping[str, Gate]:
    """Return the learned gates by their signals ("words+use+e5"); empty before the first time."""
    file = DATA.joinpath(FILE)
    if not file.is_file():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Gate]).validate_python(content["gates"])


def choices(chances: Sequence[float], *, usual: int = 3, most: int = 5, close: float = 0.8) -> int:
    """Return how many to offer: three, and up to five where the next is nearly as likely."""
    count = min(usual, len(chances))
    while count < min(most, len(chances)) and chances[count] >= close * chances[count - 1]:
        count += 1
    return count
