"""A message on its way to a frame, and how well a device is heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from lorawan.events import Event, Kind
from lorawan.measurement import Measurement
from services.readings.records import NewReading, Taken

Rank = tuple[bool, bool, int, datetime, datetime, bytes, str]
NORMALIZED = "normalized_payload"
"""Where measurements of the network server stand in `Frame.decoded`."""
MOST = 32767


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a message, and what tells whether it is known.

    Attributes:
        raw: number of the message it came with.
        source: who sent that.
        received_at: when it came.
        time: when it happened; the arrival where that is unknown or impossible.
        key: the same for every copy (16 bytes).
        content: equal for equal counter and payload of a device (16 bytes); None without counter.
    """

    raw: int
    source: str
    received_at: datetime
    time: datetime
    key: bytes
    content: bytes | None
    event: Event

    @property
    def rank(self) -> Rank:
        """Return what decides among copies, the best first: it is the same in any order."""
        event = self.event
        bare = event.payload is None and event.decoded is None
        return (
            event.kind is Kind.NORMALIZED,
            bare,
            -min(len(event.receptions), MOST),
            self.time,
            self.received_at,
            self.key,
            self.source,
        )


class Known(NamedTuple):
    """A frame that is stored already, as far as copies concern it."""

    id: int
    device_id: int
    key: bytes
    content: bytes | None
    kind: str
    source: str
    time: datetime
    since: datetime
    until: datetime
    received_at: datetime
    measured_from: datetime | None
    bare: bool
    gateways: int
    copies: int
    decoded: Mapping[str, Any] | None
    """For a normalized one alone."""

    @property
    def rank(self) -> Rank:
        return (
            self.kind == Kind.NORMALIZED,
            self.bare,
            -self.gateways,
            self.time,
            self.received_at,
            self.key,
            self.source,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of copies of one frame.

    Attributes:
        best: what the frame is made of; None: what is stored stays.
        known: the stored frame that is kept; None: a new one.
        gone: stored frames that turned out to be copies of it.
        copies: how many messages brought it, all in all.
        since: when the first copy happened.
        until: when the last one did.
        raws: the messages.
    """

    best: Heard | None
    known: Known | None
    gone: tuple[Known, ...]
    copies: int
    since: datetime
    until: datetime
    raws: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What was made of a frame's content; the measurements have their final times and marks."""

    decoded: Mapping[str, Any] | None = None
    decoder: str = ""
    problem: str | None = None
    measurements: tuple[Measurement, ...] = ()
    battery: float | None = None
    battery_volt: float | None = None


class Written(NamedTuple):
    """What was stored: new values, and the frames whose earlier values were taken back."""

    values: Sequence[NewReading]
    taken: Sequence[Taken]


@dataclass(frozen=True)
class Link:
    """How a device was heard in some time.

    Attributes:
        received: frames with a counter, each once.
        lost: frames that the gaps between counters tell of.
        copies: how often a frame came again.
        loss: lost among sent, 0 to 1.
        best_rssi: dBm; None: nothing was received.
        median_rssi: dBm.
        best_snr: dB.
        median_snr: dB.
        gateways: how often each gateway heard a frame best, the most frequent first.
    """

    received: int
    lost: int
    copies: int
    loss: float
    best_rssi: float | None
    median_rssi: float | None
    best_snr: float | None
    median_snr: float | None
    gateways: Mapping[str, int]


class Failure(NamedTuple):
    """A maker's script that could not read a frame: number of its codec, and what was wrong."""

    codec_id: int
    problem: str
