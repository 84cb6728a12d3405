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

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text that can be found; encode and keep those that are new."""
        return self._filled(texts, (), [_digest(text) for text in texts])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each question; they are kept, so never ask with people's own."""
        return self._filled((), texts, [_digest(text, QUERY) for text in texts])

    def missing(self, texts: Sequence[str], questions: Sequence[str] = ()) -> int:
        """Return how many different texts and questions would have to be encoded."""
        return len(self._new(texts)) + len(self._new(questions, QUERY))

    def fill(
        self, texts: Sequence[str], questions: Sequence[str] = (), progress: Progress = _silent
    ) -> None:
        """Encode and keep what is new; `progress` is told after each batch."""
        new = [*self._new(texts).items()], [*self._new(questions, QUERY).items()]
        total, done = sum(map(len, new)), 0
        for encode, pairs in zip((self.encoder.passages, self.encoder.queries), new, strict=True):
            for first in range(0, len(pairs), BATCH):
                digests, part = zip(*pairs[first : first + BATCH], strict=True)
                self._keep(digests, encode(part))
                done += len(part)
                progress(done, total)

    def _new(self, texts: Sequence[str], kind: bytes = b"") -> dict[bytes, str]:
        found = {_digest(text, kind): text for text in texts}
        return {digest: text for digest, text in found.items() if not self._knows(digest)}

    def _knows(self, digest: bytes) -> bool:
        return digest in self._places or digest in self._unwritten

    def _filled(
        self, texts: Sequence[str], questions: Sequence[str], digests: Sequence[bytes]
    ) -> Vectors:
        self.fill(texts, questions)
        try:
            return self._gather(digests)
        except (OSError, ValueError):  # somebody else changed the file, or took it away
            self._read()
            self.fill(texts, questions)
            return self._gather(digests)

    def _gather(self, digests: Sequence[bytes]) -> Vectors:
        """Copy vectors out of the file; raise ValueError where it holds others by now."""
        found = np.zeros((len(digests), self.encoder.dim), dtype=np.float32)
        for at, digest in enumerate(digests):
            if digest in self._unwritten:
                found[at] = self._unwritten[digest]
        written = [at for at, digest in enumerate(digests) if digest in self._places]
        if not written:
            return found
        records = np.memmap(self.path, dtype=self._record, mode="r", shape=(self._whole(),))
        places = np.array([self._places[digests[at]] for at in written], dtype=np.intp)
        expected = np.array([digests[at] for at in written], dtype=f"V{DIGEST}")
        if places.max() >= len(records) or (records["digest"][places] != expected).any():
            raise ValueError("another file")
        found[written] = records["vector"][places]
        return found

    def _whole(self) -> int:
        """Return how many records there are."""
        return self.path.stat().st_size // self._record.itemsize

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
            if file.write(content) != len(content):
                raise OSError("the disk is full")
            return (file.tell() - len(content)) // self._record.itemsize

    def _replace(self, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(self.path)


def _digest(text: str, kind: bytes = b"") -> bytes:
    return hashlib.sha256(kind + text.encode(errors="surrogatepass")).digest()
