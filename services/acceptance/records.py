"""A report on a device's test, as plain values; stored as JSON and shown as a card."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from lorawan.measurement import Mark


class Heard(NamedTuple):
    """A frame as far as the report needs it; `time` is when it happened (aware UTC)."""

    kind: str
    time: datetime
    session: str
    f_cnt: int | None
    copies: int
    rssi: float | None
    snr: float | None
    gateway: str
    spreading_factor: int | None


class Measured(NamedTuple):
    """A value as far as the report needs it."""

    quantity: str
    channel: int
    time: datetime
    value: float
    marks: Mark


@dataclass(frozen=True)
class Course:
    """How one quantity behaved.

    Attributes:
        lowest: smallest value, in the vocabulary's unit.
        highest: likewise.
        out_of_range: share of values outside what the quantity can be, 0 to 1.
        stuck: longest row of identical values while other quantities moved.
        jumps: steps beyond what nature can do.
    """

    quantity: str
    channel: int
    count: int
    lowest: float
    highest: float
    out_of_range: float
    stuck: int
    jumps: int


@dataclass(frozen=True)
class Criterion:
    """One demand: what was found, what is allowed, and whether that is enough.

    `figure` and `limit` are None where the answer is yes or no.
    """

    name: str
    passed: bool
    figure: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Report:
    """What a test showed.

    Attributes:
        interval: seconds between frames, given or learned; None when neither.
        learned: whether the interval is the median of what was heard.
        received: frames heard; one that came several times is one.
        expected: frames that should have been heard; None without an interval.
        lost: frames missing in the counter.
        longest_gap: seconds.
        rssi_median: dBm; `rssi_worst` likewise.
        snr_median: dB; `snr_worst` likewise.
        spreading: share of frames by spreading factor ("7" to "12"), 0 to 1.
        gateways: how many frames each gateway heard best.
        battery_start: as the device says (volt or percent); `battery_end` likewise.
    """

    since: datetime
    until: datetime
    interval: float | None
    learned: bool
    received: int
    expected: int | None
    lost: int
    longest_gap: float | None
    rssi_median: float | None
    rssi_worst: float | None
    snr_median: float | None
    snr_worst: float | None
    spreading: Mapping[str, float]
    gateways: Mapping[str, int]
    battery_start: float | None
    battery_end: float | None
    courses: tuple[Course, ...]
    criteria: tuple[Criterion, ...]

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.criteria)

    @property
    def loss(self) -> float:
        """Return the share of frames that were lost, 0 to 1."""
        return self.lost / (self.received + self.lost) if self.received else 1.0

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON: the fields, times in ISO 8601."""
        plain = asdict(self)
        for name in ("since", "until"):
            plain[name] = plain[name].isoformat()
        for name in ("courses", "criteria"):
            plain[name] = list(plain[name])
        return {**plain, "passed": self.passed, "loss": self.loss}
