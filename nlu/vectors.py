"""Vectors are computed once: a text that was encoded before costs a look into a file.

One file per encoder and version; each record is the digest of a text, its vector and a checksum.
A record that was cut off or damaged is dropped with everything after it and computed again.
In memory stands only where each text is found. Several processes may add to the same file.
"""

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoders import BATCH, Encoder, Vectors

Progress = Callable[[int, int], None]
DIGEST = 32
CHECKSUM = 4
QUERY = b"query\0"
"""Begins what is digested of a question: encoders treat it otherwise than what can be found."""


def _silent(_done: int, _all: int) -> None:
    """Tell nobody."""


class VectorStore:
    """The vectors of one encoder, in one file of a folder.

    Where the file cannot be written its vectors are kept in memory, for this process.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        self.path = folder / f"{encoder.name}-{encoder.version}-{encoder.dim}.vectors"
        self._record = np.dtype(
            [("digest", f"V{DIGEST}"), ("vector", "<f4", encoder.dim), ("sum", f"V{CHECKSUM}")]
        )
        self._places: dict[bytes, int] = {}
        self._unwritten: dict[bytes, Vectors] = {}
        self._read()

    def passages(self, texts: Sequence[str], progress: Progress = _silent) -> Vectors:
        """Return a vector for each text; encode and keep those that are new."""
        return self._vectors(texts, b"", self.encoder.passages, progress)

    def queries(self, texts: Sequence[str], progress: Progress = _silent) -> Vectors:
        """Return a vector for each question; they are kept, so never ask with people's own."""
        return self._vectors(texts, QUERY, self.encoder.queries, progress)

    def missing(self, texts: Sequence[str], questions: Sequence[str] = ()) -> int:
        """Return how many different texts and questions would have to be encoded."""
        digests = {_digest(text) for text in texts}
        digests |= {_digest(text, QUERY) for text in questions}
        return sum(not self._knows(digest) for digest in digests)

    def _vectors(
        self,
        texts: Sequence[str],
        kind: bytes,
        encode: Callable[[Sequence[str]], Vectors],
        progress: Progress,
    ) -> Vectors:
        digests = [_digest(text, kind) for text in texts]
        different = dict(zip(digests, texts, strict=True))
        new = [digest for digest in different if not self._knows(digest)]
        for first in range(0, len(new), BATCH):
            part = new[first : first + BATCH]
            self._keep(part, encode([different[digest] for digest in part]))
            progress(first + len(part), len(new))
        found = np.zeros((len(texts), self.encoder.dim), dtype=np.float32)
        if not self._gather(digests, found):
            # Somebody else changed the file: what it holds is read anew, what is gone encoded.
            self._read()
            return self._vectors(texts, kind, encode, progress)
        return found

    def _knows(self, digest: bytes) -> bool:
        return digest in self._places or digest in self._unwritten

    def _gather(self, digests: Sequence[bytes], found: Vectors) -> bool:
        """Copy the vectors; False when the file no longer holds what it held."""
        rows = [at for at, digest in enumerate(digests) if digest in self._places]
        for at, digest in enumerate(digests):
            if digest in self._unwritten:
                found[at] = self._unwritten[digest]
        if not rows:
            return True
        places = np.array([self._places[digests[at]] for at in rows])
        records = self._mapped()
        if places.max() >= len(records):
            return False
        expected = np.array([digests[at] for at in rows], dtype=f"V{DIGEST}")
        if not np.array_equal(records["digest"][places], expected):
            return False
        found[rows] = records["vector"][places]
        return True

    def _mapped(self) -> NDArray[np.void]:
        """Return the whole records of the file, read only where they are looked at."""
        try:
            count = self.path.stat().st_size // self._record.itemsize
            return np.memmap(self.path, dtype=self._record, mode="r", shape=(count,))
        except (OSError, ValueError):  # it is gone, or empty
            return np.zeros(0, dtype=self._record)

    def _read(self) -> None:
        self._places = {}
        if not self.path.exists():
            return
        content, size = self.path.read_bytes(), self._record.itemsize
        whole = 0
        for place in range(len(content) // size):
            record = memoryview(content)[place * size : (place + 1) * size]
            if zlib.crc32(record[:-CHECKSUM]).to_bytes(CHECKSUM) != record[-CHECKSUM:]:
                break
            self._places[bytes(record[:DIGEST])] = place
            whole = (place + 1) * size
        if whole != len(content):
            self._replace(content[:whole])

    def _keep(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        records = []
        for digest, vector in zip(digests, vectors, strict=True):
            record = digest + vector.astype("<f4").tobytes()
            records.append(record + zlib.crc32(record).to_bytes(CHECKSUM))
        try:
            first = self._append(b"".join(records))
        except OSError:  # a folder nobody may write to, a full disk
            self._unwritten.update(zip(digests, vectors, strict=True))
        else:
            self._places.update((digest, first + at) for at, digest in enumerate(digests))

    def _append(self, content: bytes) -> int:
        """Write records behind the others; return the place of the first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab", buffering=0) as file:  # one call: two writers do not mix
            file.write(content)
            return (file.tell() - len(content)) // self._record.itemsize

    def _replace(self, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(self.path)


def _digest(text: str, kind: bytes = b"") -> bytes:
    return hashlib.sha256(kind + text.encode(errors="surrogatepass")).digest()
