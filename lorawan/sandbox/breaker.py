"""A script that fails too often has to wait, so that it does not cost everybody else's time."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 5
"""So many hard failures in a row, and the script is refused for a while."""
FIRST_PAUSE = 10.0
LONGEST_PAUSE = 3600.0
MOST_SCRIPTS = 1000


@dataclass
class _Record:
    failures: int = 0
    pause: float = 0.0
    until: float = 0.0
    trying: bool = False


class Breaker:
    """Counts hard failures of each script, by its digest.

    After `FAILURES` in a row it is refused for ten seconds, then one trial decides: when it fails,
    too, the pause doubles (an hour at most), when it succeeds, everything is forgotten.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def admits(self, script: str) -> bool:
        """Whether the script may run now; when it waits for its trial, this is the trial."""
        record = self._records.get(script)
        if record is None or record.failures < FAILURES:
            return True
        if record.trying or self.clock() < record.until:
            return False
        record.trying = True
        return True

    def succeeded(self, script: str) -> None:
        self._records.pop(script, None)

    def failed(self, script: str) -> None:
        record = self._records.setdefault(script, _Record())
        self._records.move_to_end(script)
        record.failures += 1
        record.trying = False
        if record.failures >= FAILURES:
            record.pause = min(max(record.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            record.until = self.clock() + record.pause
        while len(self._records) > MOST_SCRIPTS:
            self._records.popitem(last=False)

    def gave_up(self, script: str) -> None:
        """Nobody waited for the result of a trial: the next call is one."""
        if record := self._records.get(script):
            record.trying = False
