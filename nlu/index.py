"""An index that answers: by words at once, by meaning too where there are encoders.

The one place that builds understanders of our own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from nlu.builtin import WORDS, Builtin
from nlu.encoders import Encoder, available_encoders
from nlu.training import read_training
from nlu.understanding import Decision, Entry, Understander, Understanding
from nlu.vectors import VectorStore

Load = Callable[[str], Encoder | None]


class WordUnderstander(Understander, Protocol):
    """Understands by words alone, and can be given encoders."""

    def with_meaning(self, stores: Sequence[VectorStore]) -> Understander:
        """Return an understander of the same entries that uses these encoders, too."""
        ...


Build = Callable[[Sequence[Entry]], WordUnderstander]


def build(entries: Sequence[Entry]) -> Builtin:
    """Return an understander of these entries by words alone."""
    return Builtin(entries, read_training())


def build_understander(entries: Sequence[Entry], vectors: Path) -> Builtin:
    """Return an understander with every encoder there is; what it encodes is kept in a folder."""
    stores = [VectorStore(vectors, encoder) for encoder in available_encoders()]
    return build(entries).with_meaning(stores)


@dataclass(frozen=True)
class Index:
    """What answers questions about a fixed set of entries.

    Attributes:
        plain: the understander that needs no encoder.
        entries: what can be asked for.
        best: the one with all encoders that are ready.
        encoders: their names.
    """

    plain: WordUnderstander
    entries: tuple[Entry, ...]
    best: Understander | None = None
    encoders: tuple[str, ...] = ()

    def with_meaning(self, stores: Sequence[VectorStore]) -> "Index":
        """Return the same index with these encoders."""
        names = tuple(one.encoder.name for one in stores)
        return replace(self, best=self.plain.with_meaning(stores), encoders=names)

    def by_words(self, question: str) -> Understanding:
        """Return what words alone say: to choose from, for one answer alone would be a guess."""
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
