"""Spares people the wait for a server that is down: after some failures it is left in peace."""

from collections.abc import Callable

FAILURES = 3
"""So many in a row, and the server is not asked any more …"""
PAUSE_SECONDS = 30.0
"""… for so long; then one question tries it."""


class Breaker:
    """Says whether a server may be asked.

    `clock` gives seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._failures = 0
        self._closed_until = 0.0

    def lets_ask(self) -> bool:
        """Whether to ask now; after a pause only the first who comes is let through."""
        if self._failures < FAILURES:
            return True
        now = self.clock()
        if now < self._closed_until:
            return False
        # Whoever tries it may never report back; the next one comes after another pause.
        self._closed_until = now + PAUSE_SECONDS
        return True

    def answered(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._closed_until = self.clock() + PAUSE_SECONDS
