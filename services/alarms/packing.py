"""A track as bytes: JSON arrays with times in microseconds, some hundred bytes each."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from services.alarms.rules.records import Change, Machine, Sample, Streak, Track, What

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def packed(track: Track) -> bytes:
    """Return a track without its present machine, which follows from the rest."""
    return orjson.dumps(
        [
            _time(track.newest),
            _time(track.edge),
            _time(track.since),
            _machine(track.settled),
            [_sample(one) for one in track.tail],
            [
                (_time(one.time), one.what.value, one.before, one.after, one.value)
                for one in track.log
            ],
        ]
    )


def unpacked(state: bytes) -> Track:
    """Return a track as it was packed; `present` is to be asked of the engine."""
    newest, edge, since, settled, tail, log = orjson.loads(state)
    return Track(
        settled=_read_machine(settled),
        tail=_samples(tail),
        newest=_moment(newest),
        edge=_moment(edge),
        since=_moment(since),
        log=tuple(
            Change(EPOCH + time * MICROSECOND, What(what), before, after, value)
            for time, what, before, after, value in log
        ),
    )


def _machine(machine: Machine) -> list[Any]:
    return [
        machine.level,
        [one and (_time(one.since), one.samples) for one in machine.up],
        [one and (_time(one.since), one.samples) for one in machine.down],
        machine.last and _sample(machine.last),
        machine.equal,
        [_sample(one) for one in machine.doubted],
        [_sample(one) for one in machine.window],
        [_time(one) for one in machine.changes],
        _time(machine.flapping_since),
        _time(machine.began),
        machine.peak,
    ]


def _read_machine(given: list[Any]) -> Machine:
    level, up, down, last, equal, doubted, window, changes, flapping, began, peak = given
    return Machine(
        level=level,
        up=_streaks(up),
        down=_streaks(down),
        last=_samples([last])[0] if last else None,
        equal=equal,
        doubted=_samples(doubted),
        window=_samples(window),
        changes=tuple(EPOCH + one * MICROSECOND for one in changes),
        flapping_since=_moment(flapping),
        began=_moment(began),
        peak=peak,
    )


def _streaks(given: Iterable[Any]) -> tuple[Streak | None, ...]:
    return tuple(one and Streak(EPOCH + one[0] * MICROSECOND, one[1]) for one in given)


def _sample(sample: Sample) -> tuple[int | None, int, float]:
    return _time(sample.time), sample.frame, sample.value


def _samples(given: Iterable[Any]) -> tuple[Sample, ...]:
    return tuple(Sample(EPOCH + time * MICROSECOND, *more) for time, *more in given)


def _time(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _moment(given: int | None) -> datetime | None:
    return None if given is None else EPOCH + given * MICROSECOND
