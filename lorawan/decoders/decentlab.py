"""Decentlab's protocol version 2: device id, flags, then 16-bit words of each sensor group.

Source: the decoders and examples the maker publishes for each device. Each device is a
table: adding one is adding data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import take

VERSION = 2
HEADER = 5


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a group: a polynomial over one word, or over two (the lower one first).

    Attributes:
        name: in the result.
        label: the maker's name of it.
        word: which word of the group.
        factors: of the powers 0, 1, 2 … of the raw number.
        unit: as the maker writes it; "" for none.
        words: 1, or 2 for a number of 32 bits.
    """

    name: str
    label: str
    word: int
    factors: tuple[float, ...]
    unit: str = ""
    words: int = 1

    def read(self, raw: Sequence[int]) -> float:
        number = raw[self.word]
        if self.words > 1:
            number += raw[self.word + 1] << 16
        result = 0.0
        for factor in reversed(self.factors):
            result = result * number + factor
        return result


@dataclass(frozen=True, slots=True)
class Group:
    """What one flag stands for: so many words, these values."""

    words: int
    values: tuple[Value, ...]


def decoder(groups: Sequence[Group]) -> Callable[[bytes, int | None], dict[str, Any]]:
    """Return the decoder of a device whose flags stand for these groups, lowest bit first."""

    def decode(payload: bytes, _f_port: int | None) -> dict[str, Any]:
        """Return name -> {displayName, value, unit}, with device_id and protocol_version.

        Raises:
            DecodeError: "too-short", "wrong-version", or "unknown-type" for a flag without group.
        """
        head = take(payload, 0, HEADER)
        if head[0] != VERSION:
            raise DecodeError("wrong-version", f"protocol version {head[0]} instead of {VERSION}")
        flags = int.from_bytes(head[3:], "big")
        if flags >> len(groups):
            raise DecodeError("unknown-type", f"flags {flags:#06x} name unknown sensors")
        found: dict[str, Any] = {
            "protocol_version": VERSION,
            "device_id": int.from_bytes(head[1:3], "big"),
        }
        position = HEADER
        for bit, group in enumerate(groups):
            if flags >> bit & 1:
                data = take(payload, position, group.words * 2)
                found |= _read(group, data)
                position += len(data)
        return found

    return decode


def _read(group: Group, data: bytes) -> dict[str, Any]:
    raw = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    found = {}
    for value in group.values:
        one: dict[str, Any] = {"displayName": value.label, "value": value.read(raw)}
        if value.unit:
            one["unit"] = value.unit
        found[value.name] = one
    return found
