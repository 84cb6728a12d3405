"""An encoder of a few topics, for tests: it needs no weights and can be told to be slow."""

import threading
from collections.abc import Sequence

import numpy as np

from nlu.encoders import Vectors

TOPICS = (
    ("hund", "dog"),
    ("haus", "bau", "house"),
    ("wohn", "zieh", "gezogen", "umgezogen", "move"),
    ("ausweis", "perso", "card"),
    ("drache", "dragon"),
)
"""What belongs together; everything else is near to nothing."""


class SmallEncoder:
    """Implements `nlu.encoders.Encoder`.

    Attributes:
        encoded: the texts that were encoded so far, questions among them.
        may_answer: questions wait until it is set.
    """

    name = "small"
    version = "1"
    dim = len(TOPICS) + 1

    def __init__(self) -> None:
        self.encoded: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return self._rows(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.may_answer.wait(timeout=10)
        self.encoded += texts
        return self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> Vectors:
        found = [
            [any(word in text.lower() for word in topic) for topic in TOPICS] + [0.1]
            for text in texts
        ]
        rows = np.array(found, dtype=np.float32).reshape(len(texts), self.dim)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
