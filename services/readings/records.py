"""Measured values as others see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from lorawan.measurement import Mark


class NewReading(NamedTuple):
    """A value to be stored; `time` is aware, `value` in the vocabulary's unit."""

    device_id: int
    quantity: str
    channel: int
    time: datetime
    frame_id: int
    value: float
    marks: int = 0


class Taken(NamedTuple):
    """A frame whose values are taken back: they lie between two moments (inclusive)."""

    device_id: int
    frame_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Value:
    """One value; `time` UTC."""

    time: datetime
    value: float
    marks: Mark


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest value, by event time, of one series of a device."""

    quantity: str
    channel: int
    value: float
    time: datetime
    marks: Mark


@dataclass(frozen=True, slots=True)
class Span:
    """The values of an hour or a day, added up; `start` is its beginning (UTC)."""

    start: datetime
    count: int
    lowest: float
    highest: float
    mean: float
    last: float


@dataclass(frozen=True)
class Retention:
    """How long values are kept; the sums of days stay for ever."""

    readings: timedelta = timedelta(days=3 * 366)
    hours: timedelta = timedelta(days=10 * 366)
    frames: timedelta = timedelta(days=90)
