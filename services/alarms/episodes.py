"""Which episodes a log tells of, and which stored ones they are; pure.

An episode lasts from the rise above the first level to the fall below it. A late value may move
its beginning, split it, or show that it never was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.alarms.rules.records import NO_LEVEL, Change, Level, Machine, What

MOVES = frozenset({What.ROSE, What.FELL})


@dataclass(frozen=True, slots=True)
class Episode:
    """From the rise above all to the fall below; `ended` None: it goes on. Levels by index."""

    began: datetime
    level: int
    peak: int
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An episode as it is known so far."""

    id: int
    began: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Pair:
    """What becomes of a stored episode; None stored: a new one; None now: it never was."""

    stored: Stored | None
    now: Episode | None


def episodes_of(before: Machine, log: Iterable[Change]) -> list[Episode]:
    """Return the episodes after a settled machine, in their order."""
    found: list[Episode] = []
    current = None
    if before.level > NO_LEVEL and before.began is not None:
        current = Episode(before.began, before.level, max(before.peak, before.level))
    for one in log:
        if one.what not in MOVES:
            continue
        if current is None:
            current = Episode(one.time, one.after, one.after)
        elif one.after == NO_LEVEL:
            found.append(replace(current, level=NO_LEVEL, ended=one.time))
            current = None
        else:
            current = replace(current, level=one.after, peak=max(current.peak, one.after))
    return [*found, current] if current is not None else found


def paired(stored: Sequence[Stored], now: Sequence[Episode]) -> list[Pair]:
    """Say which stored episode each one is: by its beginning, else by the time they share."""
    pairs: list[Pair] = []
    left, found = list(stored), list(now)
    for same in (_begins_with, _overlaps):
        for one in list(left):
            match = next((other for other in reversed(found) if same(one, other)), None)
            if match is not None:
                pairs.append(Pair(one, match))
                left.remove(one)
                found.remove(match)
    pairs += [Pair(one, None) for one in left]
    pairs += [Pair(None, one) for one in found]
    # What is closed comes first: only one of the same thing may be open at a time.
    return sorted(pairs, key=lambda pair: pair.now is not None and pair.now.ended is None)


def _begins_with(stored: Stored, now: Episode) -> bool:
    return stored.began == now.began


def _overlaps(stored: Stored, now: Episode) -> bool:
    begins_in_time = stored.ended is None or now.began <= stored.ended
    return begins_in_time and (now.ended is None or stored.began <= now.ended)


def carried_over(severity: int, levels: Sequence[Level], began: datetime) -> Machine:
    """Return where a changed rule begins while an alarm of its old version is open.

    It begins at the gravest level that is not graver than the alarm: that is left only when
    values say so, never by the change itself.
    """
    level = max(
        (index for index, one in enumerate(levels) if one.severity <= severity), default=NO_LEVEL
    )
    if level == NO_LEVEL:
        return Machine()
    return Machine(level=level, began=began, peak=level)
