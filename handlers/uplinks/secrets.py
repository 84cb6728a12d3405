"""Secrets of senders: in files, several at once if need be, changed without a restart."""

import time
from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

import structlog

log = structlog.get_logger()
SHORTEST = 16
"""Characters: 16 random letters and digits cannot be guessed by trying."""
LOOK_SECONDS = 1.0
LARGEST_FILE = 64 * 1024


class SecretFileError(Exception):
    """A file with secrets is no good; the message is a slug, never the content."""


def read_secrets(path: Path, shortest: int = SHORTEST) -> tuple[str, ...]:
    """Return the lines of a file; raise "unreadable", "empty", "short" or "large"."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SecretFileError("large")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SecretFileError("unreadable") from None
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not lines:
        raise SecretFileError("empty")
    if any(len(line) < shortest for line in lines):
        raise SecretFileError("short")
    return lines


class Secrets:
    """The secrets of one source: only their digests are kept in memory.

    A file is looked at once a second. While a new one is no good the ones known so far count, so
    that half a rotation locks nobody out.
    """

    def __init__(
        self, fixed: Sequence[str] = (), path: Path | None = None, before: str = ""
    ) -> None:
        """Take secrets, or the file they stand in; `before` stands before each ("user:")."""
        self.path = path
        self._before = before
        self._seen: object = None
        self._look_at = float("-inf")
        self._digests = self._hashed(fixed)

    def admits(self, given: bytes) -> bool:
        """Whether this is one of them; takes equally long wherever the difference is."""
        if self.path is not None:
            self._look(self.path)
        digest, found = sha256(given).digest(), False
        for known in self._digests:
            found |= compare_digest(digest, known)
        return found

    def _look(self, path: Path) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        seen = _signature(path)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._digests = self._hashed(read_secrets(path))
        except SecretFileError as error:
            log.error("secrets not read", file=path.name, problem=str(error))

    def _hashed(self, secrets: Sequence[str]) -> tuple[bytes, ...]:
        return tuple(sha256(f"{self._before}{one}".encode()).digest() for one in secrets)


def _signature(path: Path) -> object:
    """Return what changes when a file is written or replaced."""
    try:
        found = path.stat()
    except OSError:
        return "away"
    return found.st_mtime_ns, found.st_ino, found.st_size
