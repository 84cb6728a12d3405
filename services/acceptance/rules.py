"""Whether a test shows that a device can be relied on; pure decisions.

The thresholds are the house's own, after LoRaWAN practice: a link with one frame in twenty lost
still tells a flood wave in time, and a day of hourly values shows the course of a day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import median

from lorawan.measurement import Mark
from lorawan.vocabulary import QUANTITIES
from services.acceptance.records import Course, Criterion, Heard, Measured, Report
from services.devices.model import Device
from services.devices.rules import GAUGE
from services.frames.rules import FRAME_KINDS, Counted, link_of

PERIODS = (
    timedelta(hours=24),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=14),
)
MOST_LOSS = 0.05
FEWEST_FRAMES = 24
MOST_INTERVALS = 5
"""No gap may be longer than so many intervals."""
MOST_OUT_OF_RANGE = 0.01
MOST_STUCK = 12
"""So many identical values in a row are too many while others move."""
MOST_JUMPS = 0.01
STEPS = {
    "water.level": 2.0,
    "water.distance": 2.0,
    "air.temperature": 12.0,
    "soil.temperature": 6.0,
    "water.temperature.current": 5.0,
    "air.pressure": 12.0,
    "soil.moisture": 60.0,
}
"""The largest step within an hour, in the vocabulary's unit: the Mulde rose 13 cm/h in the flood
of Christmas 2023, a cloudburst in a ditch does far more."""
LEAST_STEP_TIME = timedelta(minutes=15)
"""Closer values may differ as much as values a quarter of an hour apart."""
SETTLED = frozenset({"battery"})
"""Quantities that may rest, beside yes and no, words, and counters."""


@dataclass(frozen=True)
class Period:
    """From when to when a device was tested (aware UTC)."""

    since: datetime
    until: datetime


def report(
    device: Device, period: Period, frames: Sequence[Heard], values: Sequence[Measured]
) -> Report:
    """Return what a test showed; frames and values may come in any order."""
    link = link_of(Counted(*one[:-1]) for one in frames)
    heard = sorted((one for one in frames if one.kind in FRAME_KINDS), key=_by_time)
    gaps = [(late.time - early.time).total_seconds() for early, late in pairwise(heard)]
    interval = float(device.interval_seconds) if device.interval_seconds else _median(gaps)
    seconds = (period.until - period.since).total_seconds()
    courses = tuple(_courses(values))
    batteries = sorted((one for one in values if one.quantity == "battery"), key=_by_time)
    rssi = [one.rssi for one in heard if one.rssi is not None]
    snr = [one.snr for one in heard if one.snr is not None]
    silence = [(period.until - heard[-1].time).total_seconds()] if heard else []
    found = Report(
        since=period.since,
        until=period.until,
        interval=interval,
        learned=not device.interval_seconds,
        received=len(heard),
        expected=int(seconds // interval) if interval else None,
        lost=link.lost,
        longest_gap=max([*gaps, *silence], default=None),
        rssi_median=link.median_rssi,
        rssi_worst=min(rssi, default=None),
        snr_median=link.median_snr,
        snr_worst=min(snr, default=None),
        spreading=_shares(one.spreading_factor for one in heard),
        gateways=link.gateways,
        battery_start=batteries[0].value if batteries else device.battery,
        battery_end=batteries[-1].value if batteries else device.battery,
        courses=courses,
        criteria=(),
    )
    return _judged(found, device)


def _judged(found: Report, device: Device) -> Report:
    """Return the report with its verdict on every demand."""
    gap = found.longest_gap / found.interval if found.longest_gap and found.interval else None
    worst = max((one.out_of_range for one in found.courses), default=0.0)
    stuck = max((one.stuck for one in found.courses), default=0)
    steps = sum(one.count for one in found.courses)
    jumps = sum(one.jumps for one in found.courses) / steps if steps else 0.0
    height = device.type != GAUGE or device.mounting_height is not None
    demands = (
        Criterion("frames", found.received >= FEWEST_FRAMES, found.received, FEWEST_FRAMES),
        Criterion("loss", found.loss <= MOST_LOSS, found.loss, MOST_LOSS),
        Criterion("gap", gap is not None and gap <= MOST_INTERVALS, gap, MOST_INTERVALS),
        Criterion("values", bool(found.courses)),
        Criterion("range", worst <= MOST_OUT_OF_RANGE, worst, MOST_OUT_OF_RANGE),
        Criterion("stuck", stuck < MOST_STUCK, stuck, MOST_STUCK),
        Criterion("jumps", jumps <= MOST_JUMPS, jumps, MOST_JUMPS),
        Criterion("place", device.latitude is not None and device.longitude is not None),
        Criterion("type", bool(device.type)),
        Criterion("profile", bool(device.profile)),
        Criterion("owner", bool(device.ars)),
        Criterion("height", height),
    )
    return Report(**{**vars(found), "criteria": demands})


def _courses(values: Sequence[Measured]) -> Iterator[Course]:
    series = {
        key: list(group)
        for key, group in groupby(
            sorted(values, key=lambda one: (one.quantity, one.channel, one.time)),
            key=attrgetter("quantity", "channel"),
        )
    }
    moving = {key for key, group in series.items() if len({one.value for one in group}) > 1}
    for key, group in series.items():
        quantity, channel = key
        numbers = [one.value for one in group]
        outside = sum(Mark.OUT_OF_RANGE in one.marks for one in group)
        yield Course(
            quantity=quantity,
            channel=channel,
            count=len(group),
            lowest=min(numbers),
            highest=max(numbers),
            out_of_range=outside / len(group),
            stuck=_longest_row(numbers) if moving - {key} and not _rests(quantity) else 0,
            jumps=_jumps(quantity, group),
        )


def _rests(quantity: str) -> bool:
    known = QUANTITIES.get(quantity)
    by_nature = known is not None and bool(known.yes_no or known.words or known.cumulative)
    return by_nature or quantity in SETTLED


def _longest_row(numbers: Iterable[float]) -> int:
    return max((len(list(row)) for _, row in groupby(numbers)), default=0)


def _jumps(quantity: str, group: Sequence[Measured]) -> int:
    step = STEPS.get(quantity)
    if step is None:
        return 0
    return sum(
        abs(late.value - early.value)
        > step * max(late.time - early.time, LEAST_STEP_TIME) / timedelta(hours=1)
        for early, late in pairwise(group)
    )


def _shares(factors: Iterable[int | None]) -> dict[str, float]:
    counted = Counter(one for one in factors if one is not None)
    return {str(factor): counted[factor] / counted.total() for factor in sorted(counted)}


def _median(numbers: Sequence[float]) -> float | None:
    return float(median(numbers)) if numbers else None


def _by_time(one: Heard | Measured) -> datetime:
    return one.time
