"""From samples to changes of level: a fold over samples in the order of their event time.

The same samples give the same log, in whatever order and however often they arrive, as long as
each arrives within the allowed lateness: what is younger than that is folded anew whenever
something arrives. What is later is recorded elsewhere and decides nothing here.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.alarms.rules.records import (
    NO_LEVEL,
    Change,
    Direction,
    Doubt,
    Level,
    Machine,
    Patience,
    Rule,
    Sample,
    Signal,
    Streak,
    Track,
    What,
)

HOUR = timedelta(hours=1)
LEAST_FOR_A_RATE = 2


def observe(
    track: Track, rule: Rule, samples: Iterable[Sample], gone: Collection[int] = ()
) -> Track:
    """Return the track with some samples more, in any order, repeated or not.

    Samples not younger than what is settled change nothing. A sample replaces one of the same
    frame and time.

    Args:
        track: what is remembered.
        rule: what it is remembered for.
        samples: what came; their times are aware, in any zone.
        gone: frames whose earlier samples count no more (measured anew, or copies after all).
    """
    edge = track.edge
    fresh = {
        (one.time, one.frame): one
        for one in map(_in_utc, samples)
        if edge is None or one.time > edge
    }
    kept = {(one.time, one.frame): one for one in track.tail if one.frame not in gone}
    tail = sorted({**kept, **fresh}.values())
    if tail == list(track.tail):
        return track
    return _folded(track, rule, tail)


def _in_utc(sample: Sample) -> Sample:
    """Return a sample whose time can be reckoned with: that of a wall clock jumps twice a year."""
    if sample.time.tzinfo is UTC:
        return sample
    return replace(sample, time=sample.time.astimezone(UTC))


def _folded(track: Track, rule: Rule, tail: list[Sample]) -> Track:
    """Weigh the tail; what is old enough by now is settled for good."""
    newest = max((one.time for one in tail), default=track.newest)
    edge = _edge(track.edge, newest, rule)
    log: list[Change] = []
    machine = settled = track.settled
    young = []
    for sample in tail:
        machine, changes = step(machine, rule, sample)
        log += changes
        if edge is not None and sample.time <= edge:
            settled = machine
        else:
            young.append(sample)
    return Track(settled, tuple(young), machine, newest, edge, track.edge, tuple(log))


def _edge(before: datetime | None, newest: datetime | None, rule: Rule) -> datetime | None:
    """Return up to when all is settled; it never goes back, whatever the interval becomes."""
    if newest is None:
        return before
    edge = newest - rule.allowed_lateness
    return edge if before is None else max(before, edge)


def present(track: Track, rule: Rule) -> Machine:
    """Return the machine after everything that is remembered."""
    machine = track.settled
    for sample in track.tail:
        machine, _ = step(machine, rule, sample)
    return machine


def written(log: Iterable[Change], track: Track) -> tuple[Change, ...]:
    """Return an alarm log brought up to date with a track's last step."""
    kept = (one for one in log if track.since is not None and one.time <= track.since)
    return (*kept, *track.log)


def step(machine: Machine, rule: Rule, sample: Sample) -> tuple[Machine, list[Change]]:
    """Return the machine after the next sample by event time, and what changed with it."""
    doubt = doubt_of(machine, rule, sample)
    if doubt is not None:
        return _doubted(machine, rule, sample, doubt)
    machine, changes = _counted(machine, rule, sample)
    signal = signal_of(machine, rule)
    if signal is None:
        return machine, changes
    machine, moved = _moved(machine, rule, sample.time, signal)
    machine, restless = _flapping(machine, rule, sample.time, moved)
    return machine, [*changes, *moved, *restless]


def doubt_of(machine: Machine, rule: Rule, sample: Sample) -> Doubt | None:
    """Return why a sample cannot be real; None when it can."""
    limits = rule.plausibility
    if limits.lowest is not None and sample.value < limits.lowest:
        return Doubt.RANGE
    if limits.highest is not None and sample.value > limits.highest:
        return Doubt.RANGE
    if limits.step_per_hour is None or machine.last is None:
        return None
    return Doubt.STEP if too_fast(machine.last, sample, limits.step_per_hour) else None


def too_fast(before: Sample, after: Sample, per_hour: float) -> bool:
    """Whether a value changed faster than it can; `per_hour` in the quantity's unit."""
    hours = (after.time - before.time) / HOUR
    return abs(after.value - before.value) > per_hour * max(hours, 0.0)


def _doubted(
    machine: Machine, rule: Rule, sample: Sample, doubt: Doubt
) -> tuple[Machine, list[Change]]:
    """Set a sample aside; enough of them that agree with each other are believed."""
    limits = rule.plausibility
    agreeing = machine.doubted
    if doubt is Doubt.STEP and limits.step_per_hour is not None:
        if agreeing and too_fast(agreeing[-1], sample, limits.step_per_hour):
            agreeing = ()
        if len(agreeing) + 1 >= limits.confirmed_by:
            return step(replace(machine, last=None, doubted=(), window=()), rule, sample)
        agreeing = (*agreeing, sample)
    first = not machine.doubted
    kept = agreeing if doubt is Doubt.STEP else (machine.doubted or (sample,))
    machine = replace(machine, doubted=kept)
    if not first:
        return machine, []
    return machine, [_change(sample.time, What.IMPLAUSIBLE, machine, sample.value)]


def _counted(machine: Machine, rule: Rule, sample: Sample) -> tuple[Machine, list[Change]]:
    """Take a sample in: the row of equal values, the window of the rate, streaks after a gap."""
    same = machine.last is not None and machine.last.value == sample.value
    equal = machine.equal + 1 if same else 1
    begin = sample.time - rule.window
    window = (*(one for one in machine.window if one.time >= begin), sample)
    gap = machine.last is not None and sample.time - machine.last.time > rule.longest_gap
    if rule.signal is not Signal.RATE:
        window = ()
    elif gap:
        window = (sample,)
    machine = Machine(  # every sample comes by here: `replace` takes three times as long
        machine.level,
        () if gap else machine.up,  # nobody knows what was in between
        () if gap else machine.down,
        sample,
        equal,
        (),
        window,
        machine.changes,
        machine.flapping_since,
        machine.began,
        machine.peak,
    )
    if equal == rule.plausibility.stuck_after:
        return machine, [_change(sample.time, What.STUCK, machine, sample.value)]
    return machine, []


def signal_of(machine: Machine, rule: Rule) -> float | None:
    """Return what is compared with the thresholds; None while it cannot be told."""
    if machine.last is None:
        return None
    if rule.signal is Signal.VALUE:
        return machine.last.value
    return rate(machine.window)


def rate(window: tuple[Sample, ...]) -> float | None:
    """Return the change per hour from the first to the last sample; None with less than two."""
    if len(window) < LEAST_FOR_A_RATE:
        return None
    first, last = window[0], window[-1]
    hours = (last.time - first.time) / HOUR
    return (last.value - first.value) / hours if hours > 0 else None


def reaches(level: Level, direction: Direction, signal: float) -> bool:
    """Whether a signal is at a level's threshold or beyond."""
    if direction is Direction.ABOVE:
        return signal >= level.threshold
    return signal <= level.threshold


def leaves(level: Level, direction: Direction, signal: float) -> bool:
    """Whether a signal is back behind the value at which a level is cleared."""
    return signal < level.clear if direction is Direction.ABOVE else signal > level.clear


def _moved(
    machine: Machine, rule: Rule, time: datetime, signal: float
) -> tuple[Machine, list[Change]]:
    """Rise at once to the highest level that lasted; fall one level after each patience."""
    below = machine.level == NO_LEVEL and not any(machine.up)
    if below and not reaches(rule.levels[0], rule.direction, signal):
        return machine, []  # as almost always
    up = _streaks(
        machine.up, rule, time, [reaches(one, rule.direction, signal) for one in rule.levels]
    )
    held = [
        index <= machine.level and leaves(one, rule.direction, signal)
        for index, one in enumerate(rule.levels)
    ]
    down = _streaks(machine.down, rule, time, held)
    if (up, down) != (machine.up, machine.down):  # a copy costs more than a look
        machine = replace(machine, up=up, down=down)
    lasting = [index for index, one in enumerate(up) if _lasted(one, rule.up, time)]
    if lasting and lasting[-1] > machine.level:
        risen = _risen(machine, lasting[-1], time)
        return risen, [Change(time, What.ROSE, machine.level, risen.level, signal)]
    if machine.level > NO_LEVEL and _lasted(down[machine.level], rule.down, time):
        after = machine.level - 1
        # The level below has to be left for its own while, reckoned from this step on.
        again = tuple(Streak(time, 0) if one else None for one in down)
        began = machine.began if after > NO_LEVEL else None
        peak = machine.peak if after > NO_LEVEL else NO_LEVEL
        fallen = replace(machine, level=after, down=again, began=began, peak=peak)
        return fallen, [Change(time, What.FELL, machine.level, after, signal)]
    return machine, []


def _risen(machine: Machine, level: int, time: datetime) -> Machine:
    began = time if machine.began is None else machine.began
    return replace(machine, level=level, began=began, peak=max(machine.peak, level))


def _streaks(
    known: tuple[Streak | None, ...], rule: Rule, time: datetime, holds: list[bool]
) -> tuple[Streak | None, ...]:
    before = known or (None,) * len(rule.levels)
    if True not in holds:
        return before if not any(before) else (None,) * len(rule.levels)
    return tuple(
        (Streak(one.since, one.samples + 1) if one else Streak(time, 1)) if yes else None
        for one, yes in zip(before, holds, strict=True)
    )


def _lasted(streak: Streak | None, patience: Patience, time: datetime) -> bool:
    return (
        streak is not None
        and streak.samples >= patience.samples
        and time - streak.since >= patience.time
    )


def _flapping(
    machine: Machine, rule: Rule, time: datetime, moved: list[Change]
) -> tuple[Machine, list[Change]]:
    """Notice when levels change too often, and when that is over."""
    if not moved and not machine.changes and machine.flapping_since is None:
        return machine, []
    begin = time - rule.flapping.window
    changes = (*(one for one in machine.changes if one > begin), *(one.time for one in moved))
    if changes != machine.changes:
        machine = replace(machine, changes=changes)
    if machine.flapping_since is None and len(changes) > rule.flapping.changes:
        machine = replace(machine, flapping_since=time)
        return machine, [_change(time, What.FLAPPING, machine, len(changes))]
    if machine.flapping_since is not None and not changes:
        machine = replace(machine, flapping_since=None)
        return machine, [_change(time, What.CALM, machine, 0)]
    return machine, []


def _change(time: datetime, what: What, machine: Machine, value: float) -> Change:
    return Change(time, what, machine.level, machine.level, value)
