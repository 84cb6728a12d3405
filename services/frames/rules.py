"""Which messages are copies of one frame, when a value is late, which counters are missing.

All of it is a function of what came, never of the order in which it came.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from lorawan.events import SAME_FRAME, Kind
from lorawan.measurement import Mark
from services.frames.records import MOST, NORMALIZED, Heard, Known, Link, Outcome

FUTURE = timedelta(days=1)
"""An event further in the future is impossible: its clock is wrong."""
LATE = timedelta(hours=1)
LATE_INTERVALS = 2
LOGGED = timedelta(days=31)
"""A device may send what it logged so long ago; anything older has a wrong clock."""
MAX_GAP = 16384
"""A larger step is no loss but a new beginning (MAX_FCNT_GAP of LoRaWAN 1.0)."""
STRAGGLER = 8
"""A counter so little behind the highest one was overtaken; further behind: a new beginning."""
ROLLOVERS = (1 << 16, 1 << 32)
ROLLOVER_GAP = 512
"""Going round with more missing than this is a new beginning: devices are reset more often."""
FRAME_KINDS = (Kind.UPLINK, Kind.NORMALIZED)


def event_time(told: datetime | None, received_at: datetime) -> datetime:
    """Return when it happened: the arrival where nothing, or something impossible, is told."""
    if told is None or told > received_at + FUTURE:
        return received_at
    return told


def value_time(measured: datetime | None, happened: datetime) -> datetime:
    """Return when a value was measured: the frame's time where its own cannot be right."""
    if measured is None or not happened - LOGGED <= measured <= happened:
        return happened
    return measured


def mark_of(heard: Heard, interval_seconds: int | None) -> Mark:
    """Return what is to be said about all values of a message."""
    found = Mark.SIMULATED if heard.event.simulated else Mark.FINE
    allowed = max(LATE, LATE_INTERVALS * timedelta(seconds=interval_seconds or 0))
    return found | Mark.LATE if heard.received_at - heard.time > allowed else found


def plan(heard: Sequence[Heard], known: Sequence[Known]) -> list[Outcome]:
    """Return what becomes of messages, given the stored frames they may be copies of.

    Copies are what shares a key, or has the same content with no more than `SAME_FRAME` between
    one copy and the next.
    """
    nodes: list[Heard | Known] = [*known, *heard]
    groups = Groups(len(nodes))
    first: dict[bytes, int] = {}
    contents: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        groups.join(first.setdefault(node.key, number), number)
        if node.content is not None:
            contents[node.content].append(number)
    for numbers in contents.values():
        if len(numbers) > 1:
            _join_near(groups, nodes, numbers)
    members: defaultdict[int, list[Heard | Known]] = defaultdict(list)
    for number, node in enumerate(nodes):
        members[groups.root(number)].append(node)
    outcomes = (_outcome(group) for group in members.values())
    return [one for one in outcomes if one.raws or one.gone]


class Groups:
    """Numbers joined into groups (union-find)."""

    def __init__(self, count: int) -> None:
        self.parents = list(range(count))

    def root(self, number: int) -> int:
        """Return the number that stands for a number's group."""
        while self.parents[number] != number:
            self.parents[number] = self.parents[self.parents[number]]
            number = self.parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make the groups of two numbers one."""
        self.parents[self.root(other)] = self.root(one)


def _span(node: Heard | Known) -> tuple[datetime, datetime]:
    return (node.since, node.until) if isinstance(node, Known) else (node.time, node.time)


def _join_near(groups: Groups, nodes: Sequence[Heard | Known], numbers: list[int]) -> None:
    numbers.sort(key=lambda number: _span(nodes[number]))
    before, latest = numbers[0], _span(nodes[numbers[0]])[1]
    for number in numbers[1:]:
        since, until = _span(nodes[number])
        if since - latest <= SAME_FRAME:
            groups.join(before, number)
        before, latest = number, max(latest, until)


def _outcome(group: Sequence[Heard | Known]) -> Outcome:
    heard = [one for one in group if isinstance(one, Heard)]
    known = sorted((one for one in group if isinstance(one, Known)), key=lambda one: one.rank)
    kept = known[0] if known else None
    best = min(heard, key=lambda one: one.rank) if heard else None
    spans = [_span(one) for one in group]
    if best is not None and _only_normalized(best, kept):
        best = _together(best, heard, known)
    elif best is not None and kept is not None and kept.rank <= best.rank:
        best = None
    return Outcome(
        best=best,
        known=kept,
        gone=tuple(known[1:]),
        copies=min(sum(one.copies for one in known) + len(heard), MOST),
        since=min(since for since, _ in spans),
        until=max(until for _, until in spans),
        raws=tuple(one.raw for one in heard),
    )


def _only_normalized(best: Heard, kept: Known | None) -> bool:
    return best.event.kind is Kind.NORMALIZED and (kept is None or kept.kind == Kind.NORMALIZED)


def _together(best: Heard, heard: Sequence[Heard], known: Sequence[Known]) -> Heard | None:
    """Return one event with the measurements of all; None when nothing is new.

    The Things Stack sends each measurement of a frame by itself.
    """
    parts = _distinct(part for one in known for part in (one.decoded or {}).get(NORMALIZED, ()))
    kept = _distinct((known[0].decoded or {}).get(NORMALIZED, ())) if known else {}
    parts |= _distinct(part for one in heard for part in one.event.normalized)
    if known and parts.keys() == kept.keys():
        return None
    normalized = tuple(parts[name] for name in sorted(parts))
    return replace(best, event=replace(best.event, normalized=normalized))


def _distinct(parts: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {json.dumps(part, sort_keys=True, default=str): part for part in parts}


class Counted(NamedTuple):
    """A frame as far as its counter and reception matter."""

    kind: str
    time: datetime
    session: str
    f_cnt: int | None
    copies: int
    rssi: float | None
    snr: float | None
    gateway: str


def link_of(frames: Iterable[Counted]) -> Link:
    """Return how a device was heard: a function of the set of its frames.

    A counter only tells of losses within one session: after a join it begins anew.
    """
    ordered = sorted(frames, key=lambda one: (one.time, one.f_cnt or 0, one.session))
    runs: defaultdict[str | int, list[int]] = defaultdict(list)
    joins = 0
    for one in ordered:
        if one.kind == Kind.JOIN:
            joins += 1
        elif one.kind in FRAME_KINDS and one.f_cnt is not None:
            runs[one.session or joins].append(one.f_cnt)
    received = sum(map(len, runs.values()))
    lost = sum(map(lost_in, runs.values()))
    uplinks = [one for one in ordered if one.kind in FRAME_KINDS]
    rssi = [one.rssi for one in uplinks if one.rssi is not None]
    snr = [one.snr for one in uplinks if one.snr is not None]
    heard_best = Counter(one.gateway for one in uplinks if one.gateway)
    return Link(
        received=received,
        lost=lost,
        copies=sum(one.copies - 1 for one in uplinks),
        loss=lost / (lost + received) if received else 0.0,
        best_rssi=max(rssi, default=None),
        median_rssi=median(rssi) if rssi else None,
        best_snr=max(snr, default=None),
        median_snr=median(snr) if snr else None,
        gateways=dict(sorted(heard_best.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def lost_in(counters: Sequence[int]) -> int:
    """Return how many counters of one session are missing; they stand in the order of their time.

    A counter that goes round (16 or 32 bits) goes on; one that falls back or leaps far has begun
    anew, and what lies between tells nothing. One that was only overtaken fills its gap.
    """
    lost, run = 0, set[int]()
    highest = 0
    for counter in counters:
        at = _going_on(counter, highest, run) if run else counter
        if at is None:
            lost += _missing(run)
            run, at = set(), counter
        highest = max(at, highest) if run else at
        run.add(at)
    return lost + _missing(run)


def _going_on(counter: int, highest: int, run: set[int]) -> int | None:
    """Return a counter's place in its run, beyond rollovers; None when a new run begins."""
    if counter == highest or highest < counter <= highest + MAX_GAP:
        return counter
    for size in ROLLOVERS:
        base = highest - highest % size
        for at in (base + counter, base + size + counter):
            if counter < size and 0 <= at - highest <= ROLLOVER_GAP:
                return at
            if counter < size and 0 < highest - at <= STRAGGLER and at not in run:
                return at
    return None


def _missing(run: set[int]) -> int:
    return max(run) - min(run) + 1 - len(run) if run else 0
