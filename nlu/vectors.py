"""Vectors are computed once: a text that was encoded before costs a look into a file.

One file per encoder and version; each record is the digest of a text, its vector and a checksum.
A record that was cut off or damaged is dropped with everything after it and computed again.
"""

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from nlu.encoders import BATCH, Encoder, Vectors

Progress = Callable[[int, int], None]
DIGEST = 32
CHECKSUM = 4


def _silent(_done: int, _all: int) -> None:
    """Tell nobody."""


class VectorStore:
    """The vectors of one encoder, in one file of a folder."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        self.path = folder / f"{encoder.name}-{encoder.version}-{encoder.dim}.vectors"
        self._size = DIGEST + 4 * encoder.dim + CHECKSUM
        self._known: dict[bytes, Vectors] = {}
        self._read()

    def passages(self, texts: Sequence[str], progress: Progress = _silent) -> Vectors:
        """Return a vector for each text; encode and keep those that are new."""
        new = [text for text in dict.fromkeys(texts) if _digest(text) not in self._known]
        for first in range(0, len(new), BATCH):
            part = new[first : first + BATCH]
            self._keep(part, self.encoder.passages(part))
            progress(first + len(part), len(new))
        if not texts:
            return np.zeros((0, self.encoder.dim), dtype=np.float32)
        return np.stack([self._known[_digest(text)] for text in texts])

    def _read(self) -> None:
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = 0
        for first in range(0, len(content) - self._size + 1, self._size):
            record = content[first : first + self._size]
            if zlib.crc32(record[:-CHECKSUM]).to_bytes(CHECKSUM) != record[-CHECKSUM:]:
                break
            vector = np.frombuffer(record[DIGEST:-CHECKSUM], dtype="<f4").astype(np.float32)
            self._known[record[:DIGEST]] = vector
            whole = first + self._size
        if whole != len(content):
            self._replace(content[:whole])

    def _keep(self, texts: Sequence[str], vectors: Vectors) -> None:
        records = []
        for text, vector in zip(texts, vectors, strict=True):
            self._known[_digest(text)] = vector
            record = _digest(text) + vector.astype("<f4").tobytes()
            records.append(record + zlib.crc32(record).to_bytes(CHECKSUM))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab", buffering=0) as file:  # one call: two writers do not mix
            file.write(b"".join(records))

    def _replace(self, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(self.path)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
