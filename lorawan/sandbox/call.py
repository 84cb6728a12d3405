"""What goes into a vendor's script and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

MOST_SOURCE = 128 * 1024
"""Bytes of a script; the largest of 460 public ones has 101 KB."""
MOST_PAYLOAD = 1024
"""Bytes of a payload; LoRaWAN allows 242."""
MOST_OUTPUT = 64 * 1024
"""Bytes of what a script returns, as JSON."""
MOST_DEPTH = 32
"""Objects and lists inside each other, as in the bodies we read."""
TIME_LIMIT = 0.05
"""Seconds of computing for one call: reading the script, decoding and normalising together."""
MEMORY_LIMIT = 16 * 1024 * 1024
"""Bytes of JavaScript's heap."""

HARD_PROBLEMS = frozenset({"time", "memory", "crashed"})
"""Problems that cost the house something; too many of them in a row and a script has to wait.

An unusable output costs nothing, and one device with a broken probe must not silence all others
that share its codec.
"""


@dataclass(frozen=True)
class Script:
    """A vendor's JavaScript, known by the digest of its text.

    Attributes:
        sha256: 64 hexadecimal digits over the source in UTF-8.
        source: at most `MOST_SOURCE` bytes.
    """

    sha256: str
    source: str

    @classmethod
    def of(cls, source: str) -> Self:
        return cls(sha256(source.encode()).hexdigest(), source)


@dataclass(frozen=True)
class Call:
    """One frame to decode.

    Attributes:
        payload: the device's own bytes, at most `MOST_PAYLOAD`.
        f_port: LoRaWAN port.
        time: aware; what the script sees as `recvTime` and as the present.
        variables: what is configured for the device.
    """

    payload: bytes
    f_port: int
    time: datetime
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a script made of a frame.

    Attributes:
        data: what it decoded; None when it did not.
        normalized: measurements in The Things Stack's vocabulary, where it has `normalizeUplink`.
        warnings: its own words.
        errors: its own words on why it could not decode; that is no problem of the house.
        problem: why there is no result: "time", "memory", "output" (no plain JSON object, too
            large, too deep, not a number), "crashed", "syntax", "no-decode-function", "threw",
            "breaker" (failed too often, not even tried). None when it did its work.
        detail: more about the problem, for whoever wrote the script; never longer than a line.
    """

    data: dict[str, Any] | None = None
    normalized: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    problem: str | None = None
    detail: str = ""
