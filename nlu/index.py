"""An index that answers: by words at once, by meaning too where there are encoders.

The one place that builds understanders of our own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlu.builtin import Builtin
from nlu.encoders import Encoder, available_encoders
from nlu.training import read_training
from nlu.understanding import Decision, Entry, Understander, Understanding
from nlu.vectors import VectorStore

WORDS = "words"
Build = Callable[[Sequence[Entry], Sequence[VectorStore]], Understander]
Load = Callable[[str], Encoder | None]


def build(entries: Sequence[Entry], stores: Sequence[VectorStore]) -> Builtin:
    """Return an understander of these entries; without any store words alone decide."""
    return Builtin(entries, stores, read_training())


def build_understander(entries: Sequence[Entry], vectors: Path) -> Builtin:
    """Return an understander with every encoder there is; what it encodes is kept in a folder."""
    return build(entries, [VectorStore(vectors, encoder) for encoder in available_encoders()])


@dataclass(frozen=True)
class Index:
    """What answers questions about a fixed set of entries.

    Attributes:
        plain: the understander that needs no encoder.
        entries: what can be asked for.
        best: the one with all encoders that are ready.
        encoders: their names.
    """

    plain: Understander
    entries: tuple[Entry, ...]
    best: Understander | None = None
    encoders: tuple[str, ...] = ()

    def with_meaning(self, best: Understander, stores: Sequence[VectorStore]) -> "Index":
        """Return the same index with an understander that uses these encoders."""
        return replace(self, best=best, encoders=tuple(one.encoder.name for one in stores))

    def by_words(self, question: str) -> Understanding:
        """Return what words alone say: never one answer alone, that would be a guess."""
        found = self.plain.understand(question)
        guess = found.decision is Decision.ANSWER
        decision = Decision.CHOOSE if guess else found.decision
        return replace(found, decision=decision, by=WORDS)

    def understand(self, question: str) -> Understanding:
        """Return the best understanding there is."""
        return (self.best or self.plain).understand(question)


def texts_of(entries: Sequence[Entry]) -> list[str]:
    """Return every text of the entries once, for who wants to encode them beforehand."""
    texts = (text for entry in entries for text in (*entry.names, *entry.phrases))
    return list(dict.fromkeys(texts))
