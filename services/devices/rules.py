"""Which state may follow which, and what staff may write about a device; pure decisions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from lorawan.profiles import Type
from services.devices.model import Device, State
from services.errors import ServiceError

FOLLOWING: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.UNKNOWN: frozenset({State.TEST, State.IGNORED}),
        State.TEST: frozenset({State.RELEASED, State.RETIRED, State.IGNORED}),
        State.RELEASED: frozenset({State.MAINTENANCE, State.TEST, State.RETIRED}),
        State.MAINTENANCE: frozenset({State.RELEASED, State.TEST, State.RETIRED}),
        State.RETIRED: frozenset({State.TEST}),
        State.IGNORED: frozenset({State.TEST}),
    }
)
"""Maintenance begins from "released" alone, so its end leads back there."""
TYPES = tuple(one.value for one in Type)
"""What a device is to people."""
GAUGE = Type.GAUGE.value
NAME_LENGTH, PLACE_LENGTH, WATER_LENGTH = 80, 120, 40
HEIGHTS = (0.1, 60.0)
"""Metres from a sensor down to the gauge's zero: a jetty to a high bridge."""
DATUMS = (-10.0, 1200.0)
"""Metres above sea level: Germany's lowest land to the feet of the Alps."""
TAG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PROBE = re.compile(r"(?:fuehler|probe)-([1-9][0-9]?)-([a-zäöüß0-9]+(?:-[a-zäöüß0-9]+)*)")
"""A label that says what one of several equal probes is called: "fuehler-2-30-cm"."""
TAGS_LENGTH = 200
INTERVALS = (timedelta(seconds=10), timedelta(days=7))
LONGEST_MAINTENANCE = timedelta(days=60)
SILENT_INTERVALS = 2.5
UNKNOWN_INTERVAL = timedelta(hours=12)
"""Taken where nobody said how often a device sends."""
METRES = re.compile(
    r"([+-]?[0-9]{1,6}(?:[.,][0-9]{1,9})?)\s*(?:m|meter|metres?|meters)?\.?\s*(?:(?:ü\.?\s*)?nh?n)?"
)
SPAN = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*([a-zäöü]*)\.?")
COORDINATES = re.compile(
    r"N?\s*([+-]?[0-9]{1,3}[.,][0-9]{2,9})\s*°?\s*N?\s*(?:[,;/|]\s*|\s+)"
    r"[EO]?\s*([+-]?[0-9]{1,3}[.,][0-9]{2,9})\s*°?\s*[EO]?",
    re.IGNORECASE,
)
UNITS = {
    "s": 1,
    "sek": 1,
    "sekunde": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "std": 3600,
    "stunde": 3600,
    "hour": 3600,
    "d": 86400,
    "t": 86400,
    "tag": 86400,
    "day": 86400,
    "w": 604800,
    "woche": 604800,
    "week": 604800,
}
"""Seconds of a unit, in German and English; plurals are these and one or two letters."""


class Field(StrEnum):
    """What staff may say about a device, in the order of the guided form."""

    NAME = "name"
    PLACE = "place"
    TYPE = "type"
    MUNICIPALITY = "ars"
    PROFILE = "profile"
    VISIBILITY = "visibility"
    HEIGHT = "mounting_height"
    DATUM = "gauge_datum"
    WATER = "water"
    TAGS = "tags"
    INTERVAL = "interval_seconds"
    MAINTENANCE = "maintenance"


GUIDED = (Field.NAME, Field.PLACE, Field.TYPE, Field.MUNICIPALITY, Field.PROFILE)
"""What is asked one after the other when a device is new."""
OF_GAUGES = frozenset({Field.HEIGHT, Field.DATUM, Field.WATER})


class AnswerError(ServiceError):
    """What was written is no answer to the question; `text_key` says what is wanted."""

    def __init__(self, text_key: str, **params: object) -> None:
        self.text_key = text_key
        super().__init__(**params)


class StateError(ServiceError):
    """A device cannot go from its state to the wanted one."""

    text_key = "devices.wrong-state"


@dataclass(frozen=True)
class Spot:
    """A place on the earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float


def may_follow(state: str, wanted: State) -> bool:
    """Whether a device may go from one state to another."""
    return wanted in FOLLOWING[State(state)]


def require_step(state: str, wanted: State) -> None:
    """Raise `StateError` unless a device may go from one state to another."""
    if not may_follow(state, wanted):
        raise StateError


def read_line(words: str, most: int) -> str:
    """Return a single line of some length, or raise `AnswerError`."""
    line = " ".join(words.split())
    if not line or not line.isprintable():
        raise AnswerError("devices.no-words")
    if len(line) > most:
        raise AnswerError("devices.too-long", most=most)
    return line


def read_metres(words: str, lowest: float, highest: float) -> float:
    """Return metres written with comma or point ("3,25 m"), or raise `AnswerError`."""
    found = METRES.fullmatch(words.strip().lower())
    if found is None:
        raise AnswerError("devices.no-metres")
    metres = float(found[1].replace(",", "."))
    if not lowest <= metres <= highest:
        raise AnswerError("devices.metres-range", lowest=lowest, highest=highest)
    return metres


def read_span(words: str, unit: str) -> timedelta:
    """Return a span of time ("15 min", "2 Tage"); a bare number counts in `unit`.

    Raises `AnswerError` for anything else.
    """
    found = SPAN.fullmatch(words.strip().lower())
    name = (found[2] if found else "") or unit
    known = next((one for one in (name, name[:-1], name[:-2]) if one in UNITS), None)
    if found is None or known is None:
        raise AnswerError("devices.no-span")
    return timedelta(seconds=float(found[1].replace(",", ".")) * UNITS[known])


def read_tags(words: str) -> str:
    """Return labels, once each and in order, separated by spaces; "-" are none.

    Raises `AnswerError` for what is no label: small letters, digits, hyphens in between.
    """
    found = sorted({*words.lower().replace(",", " ").split()} - {"-"})
    if not all(TAG.fullmatch(one) or PROBE.fullmatch(one) for one in found):
        raise AnswerError("devices.no-tags")
    return read_line(" ".join(found), TAGS_LENGTH) if found else ""


def probes_of(tags: str) -> Mapping[int, str]:
    """Return how staff call the probes of a device, by channel: {1: "30 cm"}."""
    found = (PROBE.fullmatch(one) for one in tags.split())
    return {int(one[1]) - 1: one[2].replace("-", " ") for one in found if one}


def read_interval(words: str) -> int:
    """Return how often a device sends, in seconds; a bare number is minutes."""
    span = read_span(words, "min")
    if not INTERVALS[0] <= span <= INTERVALS[1]:
        raise AnswerError("devices.interval-range")
    return round(span.total_seconds())


def read_end(words: str, now: datetime) -> datetime:
    """Return when a maintenance ends: so long from now on; a bare number is hours."""
    span = read_span(words, "h")
    if not timedelta() < span <= LONGEST_MAINTENANCE:
        raise AnswerError("devices.maintenance-range", days=LONGEST_MAINTENANCE.days)
    return now + span


def read_spot(words: str) -> Spot | None:
    """Return coordinates written as degrees ("51,62 12,33"); None when it is something else.

    Raises `AnswerError` for degrees that do not exist.
    """
    found = COORDINATES.fullmatch(words.strip())
    if found is None:
        return None
    return spot(*(float(one.replace(",", ".")) for one in found.groups()))


def spot(latitude: float, longitude: float) -> Spot:
    """Return a place, or raise `AnswerError`: 0/0 is what a receiver without a fix says."""
    possible = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004 - degrees
    if not possible or (latitude == 0 and longitude == 0):
        raise AnswerError("devices.no-such-place")
    return Spot(round(latitude, 6), round(longitude, 6))


def is_silent(device: Device, now: datetime) -> bool:
    """Whether a device in use has missed its time by far (2.5 intervals)."""
    if device.state not in {State.TEST, State.RELEASED} or device.seen_at is None:
        return False
    every = timedelta(seconds=device.interval_seconds) if device.interval_seconds else None
    return now - device.seen_at > SILENT_INTERVALS * (every or UNKNOWN_INTERVAL)


def next_question(device: Device, after: Field | None) -> Field | None:
    """Return what the guided form asks next; None at its end.

    The profile is asked only where none is chosen, a gauge is asked for its height.
    """
    asked = [*GUIDED, *([Field.HEIGHT] if device.type == GAUGE else [])]
    rest = asked[asked.index(after) + 1 :] if after in asked else asked if after is None else []
    return next((one for one in rest if one is not Field.PROFILE or not device.profile), None)
