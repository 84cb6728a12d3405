"""What limits are made of: a bucket sets a pace, a window counts what may have arrived."""

import math
from dataclasses import dataclass, field

LARGEST_ALBUM = 10
SECOND = 1.0


@dataclass
class Bucket:
    """Fills with `rate` tokens a second up to `capacity`; each message takes one."""

    rate: float
    capacity: float
    tokens: float = field(init=False)
    at: float = 0.0
    paused_until: float = -math.inf

    def __post_init__(self) -> None:
        self.tokens = self.capacity

    def wait(self, now: float, count: float = 1) -> float:
        """Return the seconds until so many tokens are there; 0 when they are.

        More than the bucket holds are counted as if it did not overflow: ten pictures need a chat
        that has been quiet for that much longer.
        """
        # A rounding error must not cost a whole round of waiting.
        missing = count - self._grown(now)
        seconds = missing / self.rate if missing > 1e-9 else 0.0  # noqa: PLR2004
        return max(seconds, self.paused_until - now, 0.0)

    def take(self, now: float, count: int = 1) -> None:
        """Take tokens, more than there are if need be."""
        self.settle(now)
        self.tokens -= count

    def settle(self, now: float) -> None:
        """Count what has flowed in until now."""
        self.tokens, self.at = min(self.capacity, self._grown(now)), now

    def is_idle(self, now: float) -> bool:
        """Whether forgetting the bucket changes no answer, not even for an album."""
        return self.wait(now, LARGEST_ALBUM) == 0

    def _grown(self, now: float) -> float:
        return self.tokens + max(0.0, now - self.at) * self.rate


class Window:
    """What may have arrived at the receiver within the last second.

    A message counts from the decision to send it until a second after it has arrived for certain.
    So no second of the receiver's holds more than `most`, however the network shifts messages.
    """

    def __init__(self, most: float) -> None:
        self.most = most
        self.arrivals: dict[int, tuple[float, int]] = {}
        """For each call the latest moment of its arrival, and its messages."""

    def wait(self, now: float, count: int) -> float:
        """Return the seconds until so many more fit in; a second where nobody can know yet."""
        excess = sum(number for _, number in self.arrivals.values()) + count - self.most
        for moment, number in sorted(self.arrivals.values()):
            if excess <= 0:
                break
            excess -= number
            if excess <= 0 or moment == math.inf:
                return max(0.0, min(moment + SECOND - now, SECOND))
        return 0.0

    def expect(self, call: int, count: int) -> None:
        """A call was decided on and has not begun."""
        self.arrivals[call] = (math.inf, count)

    def arrives(self, call: int, latest: float) -> None:
        """A call arrives at this moment at the latest."""
        if call in self.arrivals:
            known, count = self.arrivals[call]
            self.arrivals[call] = (min(known, latest), count)

    def drop(self, call: int) -> None:
        """A call does not take place."""
        self.arrivals.pop(call, None)

    def tidy(self, now: float) -> None:
        """Forget what arrived more than a second ago."""
        self.arrivals = {
            call: (moment, count)
            for call, (moment, count) in self.arrivals.items()
            if moment > now - SECOND
        }
