"""What a rule says, what a sensor reported, and what the engine remembers between the two."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

HIGHEST_SEVERITY = 4
NO_LEVEL = -1
"""Below every level of a rule."""


class Severity(IntEnum):
    """How grave a level is; the flood service's stages give the names of the upper four."""

    NOTICE = 0
    """Meldegrenze: somebody should know."""
    START = 1
    """Meldebeginn."""
    WATCH = 2
    """Kontrolldienst."""
    GUARD = 3
    """Wachdienst; from here on nothing is held back."""
    DEFENCE = 4
    """Hochwasserabwehr."""


class Direction(StrEnum):
    """On which side of a threshold the danger is."""

    ABOVE = "above"
    BELOW = "below"


class Signal(StrEnum):
    """What is compared with the thresholds."""

    VALUE = "value"
    RATE = "rate"
    """Change per hour over a window, in the quantity's unit; rising is positive."""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a rule.

    Attributes:
        severity: how grave it is.
        threshold: reached when the signal is at it or beyond.
        clear: left when the signal is back behind it; on the safe side of `threshold`.
    """

    severity: Severity
    threshold: float
    clear: float


@dataclass(frozen=True, slots=True)
class Patience:
    """How long something must last: event time and samples, both."""

    time: timedelta = timedelta(0)
    samples: int = 1


@dataclass(frozen=True, slots=True)
class Plausibility:
    """What a sensor at this place can report at all; None: no such limit.

    Attributes:
        lowest: in the quantity's unit.
        highest: in the quantity's unit.
        step_per_hour: the fastest change that can be real.
        confirmed_by: so many implausible values in a row that agree with each other are real
            after all: a flood that no one thought possible must not be ignored for ever.
        stuck_after: so many equal values in a row are suspicious; 0: never.
    """

    lowest: float | None = None
    highest: float | None = None
    step_per_hour: float | None = None
    confirmed_by: int = 3
    stuck_after: int = 0


@dataclass(frozen=True, slots=True)
class Flapping:
    """More than so many changes of level within the window are a nuisance, not news."""

    changes: int = 6
    window: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a value is an alarm; `levels` rise in severity and in threshold.

    Attributes:
        key: name of the rule, stable over its versions.
        quantity: from the vocabulary of measurements.
        up: how long a level must be reached before it counts.
        down: how long it must be left before the alarm falls by one level.
        interval: how often the sensor reports; gaps and lateness are reckoned in it.
        lateness: how late a value may arrive and still be weighed; default 2 intervals.
        window: of the rate of change.
    """

    key: str
    quantity: str
    levels: tuple[Level, ...]
    direction: Direction = Direction.ABOVE
    signal: Signal = Signal.VALUE
    up: Patience = Patience()
    down: Patience = Patience()
    interval: timedelta = timedelta(minutes=15)
    lateness: timedelta | None = None
    window: timedelta = timedelta(hours=1)
    plausibility: Plausibility = Plausibility()
    flapping: Flapping = Flapping()

    @property
    def longest_gap(self) -> timedelta:
        """Return the pause after which nothing can be said about the time between two values."""
        return self.interval * STALE_INTERVALS

    @property
    def allowed_lateness(self) -> timedelta:
        return self.interval * 2 if self.lateness is None else self.lateness


STALE_INTERVALS = 2.5
OFFLINE_INTERVALS = 5.0


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """A value, in the order of its event time; equal times are ordered by the frame's number."""

    time: datetime
    frame: int
    value: float


class Doubt(StrEnum):
    """Why a value is recorded, but decides nothing."""

    RANGE = "range"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Streak:
    """Since when, and for how many samples, something has been so without a break."""

    since: datetime
    samples: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What the engine knows after some samples; a plain value, small and immutable.

    Attributes:
        level: index of the present level; `NO_LEVEL` below all.
        up: for each level, the streak in which it has been reached.
        down: for each level, the streak in which it has been left.
        last: the newest sample that counted.
        equal: how many equal values came in a row.
        doubted: implausible samples since the last one that counted.
        window: samples of the rate's window.
        changes: times of the latest changes of level, for flapping.
        flapping_since: set while there are too many of them.
        began: when it rose from below all levels; None while it is there.
        peak: the highest level since then.
    """

    level: int = NO_LEVEL
    up: tuple[Streak | None, ...] = ()
    down: tuple[Streak | None, ...] = ()
    last: Sample | None = None
    equal: int = 0
    doubted: tuple[Sample, ...] = ()
    window: tuple[Sample, ...] = ()
    changes: tuple[datetime, ...] = ()
    flapping_since: datetime | None = None
    began: datetime | None = None
    peak: int = NO_LEVEL


class What(StrEnum):
    """What happened."""

    ROSE = "rose"
    FELL = "fell"
    IMPLAUSIBLE = "implausible"
    """The first doubted value of a row."""
    STUCK = "stuck"
    FLAPPING = "flapping"
    CALM = "calm"
    """The flapping ended."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """An entry of the alarm log, at event time.

    Attributes:
        time: when, by the sample that brought it.
        what: what happened.
        before: index of the level before.
        after: index of the level afterwards.
        value: the signal that decided; of a doubt the value doubted.
    """

    time: datetime
    what: What
    before: int
    after: int
    value: float


@dataclass(frozen=True, slots=True)
class Track:
    """A rule at a series: what is settled, and what a late value may still change.

    Attributes:
        settled: the machine after everything older than the allowed lateness.
        tail: younger samples, in order.
        present: the machine after all of them.
        newest: event time of the newest sample; None before the first.
        edge: the time up to which everything is settled; None before the first sample.
        since: the last step weighed everything after this time anew; None: everything.
        log: what happened after `since`; it replaces what was said of that time before.
    """

    settled: Machine = Machine()
    tail: tuple[Sample, ...] = ()
    present: Machine = Machine()
    newest: datetime | None = None
    edge: datetime | None = None
    since: datetime | None = None
    log: tuple[Change, ...] = ()
