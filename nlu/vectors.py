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
        """Return the vector of each text that can be found; encode and keep those that are new."""
        return self._vectors(texts, self.encoder.passages, _passage, progress)

    def queries(self, texts: Sequence[str], progress: Progress = _silent) -> Vectors:
        """Return the vector of each text that is looked for; not for what people ask: it is kept."""
        return self._vectors(texts, self.encoder.queries, _query, progress)

    def _vectors(
        self,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], Vectors],
        digest: Callable[[str], bytes],
        progress: Progress,
    ) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if digest(text) not in self._known]
        for first in range(0, len(new), BATCH):
            part = new[first : first + BATCH]
            self._keep([digest(text) for text in part], encode(part))
            progress(first + len(part), len(new))
        if not texts:
            return np.zeros((0, self.encoder.dim), dtype=np.float32)
        return np.stack([self._known[digest(text)] for text in texts])

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

    def _keep(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        records = []
        for digest, vector in zip(digests, vectors, strict=True):
            self._known[digest] = vector
            record = digest + vector.astype("<f4").tobytes()
            records.append(record + zlib.crc32(record).to_bytes(CHECKSUM))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab", buffering=0) as file:  # one call: two writers do not mix
            file.write(b"".join(records))

    def _replace(self, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(self.path)


def _passage(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _query(text: str) -> bytes:
    return hashlib.sha256(b"query\0" + text.encode(errors="surrogatepass")).digest()
