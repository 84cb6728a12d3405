"""How long the solver may search: by the clock, or by steps that are the same on every machine."""

from time import monotonic

from services.assignment.rules.records import Progress, Report
from services.assignment.rules.watch import Watch

STEPS_A_SECOND = 10
"""Areas of a few persons that an ordinary core solves in a second."""
OFTEN = 1.0
"""Seconds after which whoever waits hears of the search again, and may stop it."""


class Budget:
    """Time, steps and the wish of whoever waits."""

    def __init__(
        self,
        time_limit: float,
        *,
        deterministic: bool,
        report: Report | None,
        whole: "Budget | None" = None,
    ) -> None:
        self._start = monotonic()
        self._limit = time_limit
        self._report = report
        self._whole = whole
        self._stopped = False
        self._told = monotonic()
        self.deterministic = deterministic
        self.first_plan: float | None = None

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""
        return monotonic() - self._start

    @property
    def steps(self) -> int:
        """Return how many areas may be solved if steps count, not time."""
        return int(self._limit * STEPS_A_SECOND)

    @property
    def silent(self) -> bool:
        """Tell whether whoever waits has heard nothing for a while."""
        return monotonic() - self._told > OFTEN

    def going(self, reserve: float = 0.0) -> bool:
        """Tell whether to go on; `reserve` is time that is needed for something afterwards."""
        if not self.wanted:
            return False
        return self.deterministic or self.seconds < self._limit - reserve

    @property
    def left(self) -> float:
        """Return the seconds that are left; 0 once somebody stopped the search."""
        return max(self._limit - self.seconds, 0.0) if self.wanted else 0.0

    @property
    def wanted(self) -> bool:
        """Whether nobody stopped the search."""
        return not self._stopped and (self._whole is None or self._whole.wanted)

    def watch(self) -> Watch:
        """Return a watch over what is left."""
        return Watch(self.left, lambda: self.wanted)

    def part(self, share: float) -> "Budget":
        """Return a budget over a share of the time; who waits for the whole hears of it."""
        limit = self._limit * share
        return Budget(limit, deterministic=self.deterministic, report=None, whole=self)

    def tell(self, level: str, objective: float, bound: float) -> None:
        """Tell how far we are, and hear whether to go on."""
        if self.first_plan is None:
            self.first_plan = self.seconds
        self._told = monotonic()
        if self._whole is not None:
            self._whole.tell(level, objective, bound)
        progress = Progress(level, objective, bound, self.seconds)
        if self._report is not None and not self._report(progress):
            self._stopped = True
