"""When failed work is tried again, and when people have to look at it."""

from dataclasses import dataclass
from datetime import timedelta

MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=10)
GROWTH = 4
"""The waits are 10 s, 40 s, 2 min 40 s and 10 min 40 s: a restart or a full disk fits in."""


@dataclass(frozen=True)
class Decision:
    """What happens after a failed attempt: the wait before the next, or None to set aside."""

    wait: timedelta | None


def after_failure(attempts: int) -> Decision:
    """Decide after the nth failed attempt (n >= 1)."""
    if attempts >= MAX_ATTEMPTS:
        return Decision(None)
    return Decision(FIRST_WAIT * GROWTH ** (attempts - 1))
