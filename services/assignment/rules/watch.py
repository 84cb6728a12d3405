"""How long a search may go on, and whether it still should."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Watch:
    """The time of a search; it may be stopped from outside at any moment.

    Attributes:
        seconds: how long it may take.
        wanted: asked now and then; False stops the search.
    """

    seconds: float
    wanted: Callable[[], bool] = field(default=lambda: True)
    began: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> float:
        """Return the seconds since it began."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Return the seconds it may still take; never below 0."""
        return max(self.seconds - self.passed, 0.0) if self.wanted() else 0.0
