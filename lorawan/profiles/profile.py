"""What a profile is, where a device hangs, and what comes of a frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lorawan.measurement import Measurement
from lorawan.profiles.paths import Path, stars

SERVER = "server"
"""Instead of a decoder's name: only the network server's object is read."""


class Type(StrEnum):
    """What a device is to people."""

    GAUGE = "gauge"
    WEATHER = "weather"
    SOIL = "soil"
    AIR = "air"
    PARKING = "parking"
    WASTE = "waste"
    DOOR = "door"
    LEAK = "leak"
    SMOKE = "smoke"
    NOISE = "noise"
    TRACKER = "tracker"
    COUNTER = "counter"
    OTHER = "other"


class Derivation(StrEnum):
    """What can be computed from a value and the place of the sensor."""

    LEVEL_FROM_DISTANCE = "level-from-distance"
    """Level = height - distance, for a sensor above the water."""
    LEVEL_FROM_DEPTH = "level-from-depth"
    """Level = height + depth, for a probe in the water (height negative below the zero)."""
    FILL_FROM_DISTANCE = "fill-from-distance"
    """How full a bin is, the height being from the sensor down to its floor."""


@dataclass(frozen=True, slots=True)
class Mounting:
    """Where a device hangs.

    Attributes:
        height: metres from the sensor down to the gauge's zero (or the floor of a bin); negative
            for a probe below the zero; None: unknown, then nothing is derived.
    """

    height: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule counts only where this path holds one of these."""

    path: Path
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a mapping: this path is that quantity.

    Attributes:
        path: in the decoded object.
        quantity: name in the vocabulary.
        factor: times the number …
        offset: … plus this is the value in the vocabulary's unit.
        channel: of the probe; the number the path's last star stands for is added.
        words: numbers for texts (and for other numbers, written as text), lower case.
        suffix: what may stand behind a number in a text: "mm".
        absent: values that mean "there is none", written as text.
        when: conditions; all must hold.
        time: path of the value's own time (RFC 3339 or Unix seconds); its stars are those of
            `path`; None: the time of the frame.
    """

    path: Path
    quantity: str
    factor: float = 1.0
    offset: float = 0.0
    channel: int = 0
    words: Mapping[str, float] = field(default_factory=dict)
    suffix: str = ""
    absent: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    time: Path | None = None
    numbered: bool = field(init=False)
    """Whether a star of the path tells probes apart, beyond those that tell times apart."""

    worded: bool = field(init=False)
    """Whether the value is to be looked at as a text, even if it is a number."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "worded", bool(self.words or self.absent))
        numbered = stars(self.path) > (stars(self.time) if self.time else 0)
        object.__setattr__(self, "numbered", numbered)


@dataclass(frozen=True, slots=True)
class Profile:
    """How the payload of a kind of device becomes measurements.

    Attributes:
        key: names the profile; stored with each device.
        name: what the maker calls the device.
        maker: who makes it; "" for formats several use.
        type: what it is to people.
        decoder: name of our decoder, or `SERVER`.
        models: how network servers call it: lower case, `*` stands for anything.
        mapping: rules; where two give the same quantity and channel, the first counts.
        derive: what is computed when the mounting is known.
        vocabulary: the object already uses the vocabulary's names; no mapping is needed.
        fallback: chosen only where no other fits: a maker's whole range, a format many use.
        prefer_server: the network server's object is read where it holds what is mapped.
    """

    key: str
    name: str
    maker: str
    type: Type
    decoder: str
    models: tuple[str, ...] = ()
    mapping: tuple[Rule, ...] = ()
    derive: tuple[Derivation, ...] = ()
    vocabulary: bool = False
    fallback: bool = False
    prefer_server: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """What comes of a frame.

    Attributes:
        measurements: ordered by quantity, channel and time.
        warnings: slugs with the place they are about: "wrong-type: conduct_SOIL".
        battery: percent.
        battery_volt: volts.
    """

    measurements: tuple[Measurement, ...] = ()
    warnings: tuple[str, ...] = ()
    battery: float | None = None
    battery_volt: float | None = None
