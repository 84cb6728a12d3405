"""Elsys: one format for all their devices, a type byte before each value.

Source: the types and widths in the decoders the maker publishes. The upper two bits of the type
byte say how many bytes of time offset stand before the value (0, 1, 2 or 4): such values are older
than the frame and kept apart, under "earlier"; this was not seen on a device yet, so nothing is
made of them.
"""

from collections.abc import Callable
from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import Field, axes, keep, scaled, take

OFFSETS = (0, 1, 2, 4)
TYPE_BITS = 0x3F
SETTINGS = 0x3E
byte, tenths = scaled(), scaled(10, signed=True)


def _gps(data: bytes) -> dict[str, float]:
    degrees = scaled(10_000, signed=True, order="little")
    return {"lat": degrees(data[:3]), "long": degrees(data[3:])}


def _infrared(data: bytes) -> dict[str, float]:
    return {
        "irInternalTemperature": tenths(data[:2]),
        "irExternalTemperature": tenths(data[2:]),
    }


def _grid(data: bytes) -> dict[str, Any]:
    return {"grideye": [data[0] + pixel / 10 for pixel in data[1:]]}


def _sound(data: bytes) -> dict[str, int]:
    return {"soundPeak": data[0], "soundAvg": data[1]}


TYPES: dict[int, Field] = {
    0x01: Field("temperature", 2, tenths),
    0x02: Field("humidity", 1, byte),
    0x03: Field("", 3, axes("xyz", 1, width=1)),
    0x04: Field("light", 2, byte),
    0x05: Field("motion", 1, byte),
    0x06: Field("co2", 2, byte),
    0x07: Field("vdd", 2, byte),
    0x08: Field("analog1", 2, byte),
    0x09: Field("", 6, _gps),
    0x0A: Field("pulse1", 2, byte),
    0x0B: Field("pulseAbs1", 4, byte),
    0x0C: Field("externalTemperature", 2, tenths),
    0x0D: Field("digital", 1, byte),
    0x0E: Field("distance", 2, byte),
    0x0F: Field("accMotion", 1, byte),
    0x10: Field("", 4, _infrared),
    0x11: Field("occupancy", 1, byte),
    0x12: Field("waterleak", 1, byte),
    0x13: Field("", 65, _grid),
    0x14: Field("pressure", 4, scaled(1000)),
    0x15: Field("", 2, _sound),
    0x16: Field("pulse2", 2, byte),
    0x17: Field("pulseAbs2", 4, byte),
    0x18: Field("analog2", 2, byte),
    0x19: Field("externalTemperature2", 2, tenths),
    0x1A: Field("digital2", 1, byte),
    0x1B: Field("analogUv", 4, scaled(signed=True)),
    0x1C: Field("tvoc", 2, byte),
    0x3D: Field("debug", 4, bytes.hex),
}
"""A field without a name holds named values. Units: °C, %, lx, ppm, mV, mm, hPa, dB, ppb."""


def decode(payload: bytes, _f_port: int | None) -> dict[str, Any]:
    """Return what the payload holds, by the maker's names.

    A type this table does not know ends the reading: what stood before it is kept, the rest comes
    as hexadecimal digits under "undecoded".

    Raises:
        DecodeError: "empty", "too-short", "unknown-type" when nothing could be read.
    """
    if not payload:
        raise DecodeError("empty")
    found: dict[str, Any] = {}
    position = 0
    while position < len(payload):
        kind = payload[position] & TYPE_BITS
        if kind not in TYPES:
            return _unknown(found, payload, position, kind)
        position = _read(found, payload, position, TYPES[kind])
    return found


def _read(found: dict[str, Any], payload: bytes, position: int, field: Field) -> int:
    """Add one field to what was found and return where the next begins."""
    offset = OFFSETS[payload[position] >> 6]
    start = position + 1 + offset
    data = take(payload, start, field.width)
    target: Callable[[str, Any], None] = lambda name, value: keep(found, name, value)  # noqa: E731
    if offset:
        earlier: dict[str, Any] = {"offset": byte(payload[position + 1 : start])}
        found.setdefault("earlier", []).append(earlier)
        target = earlier.__setitem__
    value = field.read(data)
    for name, one in value.items() if isinstance(value, dict) else [(field.name, value)]:
        if name == "grideye":
            found[name] = one
        else:
            target(name, one)
    return start + field.width


def _unknown(found: dict[str, Any], payload: bytes, position: int, kind: int) -> dict[str, Any]:
    if kind == SETTINGS:
        return found | {"settings": payload[position + 1 :].hex()}
    if not found:
        raise DecodeError("unknown-type", f"type {kind:#04x} at position {position}")
    return found | {"undecoded": payload[position:].hex()}
