"""Whether a value rises or falls, told only where the measurements allow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations, pairwise
from statistics import median

GAP = 2.5
"""Intervals without a value: from then on something is missing."""
USUAL_INTERVAL = timedelta(hours=1)
SHORTEST_WINDOW = timedelta(hours=3)
LONGEST_WINDOW = timedelta(hours=24)
INTERVALS_IN_WINDOW = 6
FEWEST = 3
"""Values a trend needs."""
MOST = 60
"""Values a trend looks at: more say the same."""
HOUR = 3600.0

Point = tuple[datetime, float]
"""When (aware), and the value."""


class Direction(StrEnum):
    """Where a value is going."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True)
class Trend:
    """Where a value is going, by how much an hour, and over which time that was looked at."""

    direction: Direction
    per_hour: float
    window: timedelta


def interval_of(times: Sequence[datetime], given: timedelta | None = None) -> timedelta:
    """Return how often values come: as registered, else the median gap, else one hour."""
    if given:
        return given
    gaps = [
        (after - before).total_seconds()
        for before, after in pairwise(sorted(times))
        if after > before
    ]
    return timedelta(seconds=median(gaps)) if gaps else USUAL_INTERVAL


def window_of(interval: timedelta) -> timedelta:
    """Return how far back a trend looks: six values, at least 3 and at most 24 hours."""
    return min(max(SHORTEST_WINDOW, interval * INTERVALS_IN_WINDOW), LONGEST_WINDOW)


def is_stale(newest: datetime, now: datetime, interval: timedelta) -> bool:
    """Whether the newest value is so old that one must have been missed (2.5 intervals)."""
    return now - newest > interval * GAP


def unbroken(points: Sequence[Point], interval: timedelta) -> Sequence[Point]:
    """Return the newest points that follow each other without a gap (in order of time)."""
    for position in range(len(points) - 1, 0, -1):
        if points[position][0] - points[position - 1][0] > interval * GAP:
            return points[position:]
    return points


def trend(
    points: Sequence[Point], *, now: datetime, interval: timedelta, steady: float
) -> Trend | None:
    """Return where a value is going; None where too little was measured to say so.

    Args:
        points: measured values in order of time.
        now: aware; what is older than the window does not count.
        interval: how often values come.
        steady: change an hour (unit of the value) that is no change.

    The slope is the median of those between all pairs (Theil 1950, Sen 1968): one wrong value in
    between changes nothing. What lies before a gap is left out, and what is left must cover half
    of the window.
    """
    window = window_of(interval)
    recent = [point for point in points if now - window <= point[0] <= now]
    recent = _fewer(unbroken(recent, interval))
    if len(recent) < FEWEST or recent[-1][0] - recent[0][0] < window / 2:
        return None
    slopes = [
        (late - early) / (after - before).total_seconds() * HOUR
        for (before, early), (after, late) in combinations(recent, 2)
        if after > before
    ]
    if not slopes:
        return None
    slope = median(slopes)
    if abs(slope) < steady:
        return Trend(Direction.STEADY, slope, window)
    return Trend(Direction.RISING if slope > 0 else Direction.FALLING, slope, window)


def _fewer(points: Sequence[Point]) -> list[Point]:
    """Return every n-th point, the newest among them."""
    step = -(-len(points) // MOST) or 1
    return list(points[::-1][::step][::-1])
