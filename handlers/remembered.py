"""Remembers what was understood: who asks like many others before is answered sooner."""

import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from secrets import token_bytes

from nlu.understanding import Understanding

REMEMBERED = 2_000
"""Questions whose understanding is kept."""
FOREVER = float("inf")


def plain(question: str) -> str:
    """Return the question as it is compared: upper case and spaces make no difference."""
    return " ".join(question.lower().split())


class Remembered:
    """The understandings of one index.

    Questions are kept as digests under a key of this process: what somebody wrote stands nowhere
    in memory.
    """

    def __init__(
        self, most: int = REMEMBERED, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._clock = clock
        self._key = token_bytes(16)
        self._known: OrderedDict[bytes, tuple[Understanding, float]] = OrderedDict()

    def get(self, question: str) -> Understanding | None:
        """Return what is remembered of a question."""
        digest = self._digest(question)
        understanding, until = self._known.get(digest, (None, FOREVER))
        if understanding is None or until < self._clock():
            return None
        self._known.move_to_end(digest)
        return understanding

    def put(self, question: str, understanding: Understanding, seconds: float = FOREVER) -> None:
        """Remember an understanding for some time; the one asked for longest ago is forgotten."""
        digest = self._digest(question)
        self._known[digest] = (understanding, self._clock() + seconds)
        self._known.move_to_end(digest)
        if len(self._known) > self.most:
            self._known.popitem(last=False)

    def _digest(self, question: str) -> bytes:
        content = plain(question).encode(errors="surrogatepass")
        return blake2b(content, digest_size=16, key=self._key).digest()
