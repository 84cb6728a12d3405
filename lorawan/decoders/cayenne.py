"""Cayenne Low Power Payload: what many kits and small makers send.

Source: myDevices' description of the format (channel, type, value; all numbers big endian) and
the IPSO object numbers of the later types. The names are those The Things Stack gives, so that a
profile fits both: "temperature_1" is the temperature of channel 1.
"""

from collections.abc import Callable
from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import Field, axes, scaled, take


def _gps(data: bytes) -> dict[str, float]:
    degrees, metres = scaled(10_000, signed=True), scaled(100, signed=True)
    return {
        "latitude": degrees(data[:3]),
        "longitude": degrees(data[3:6]),
        "altitude": metres(data[6:]),
    }


def _colour(data: bytes) -> dict[str, int]:
    return {"r": data[0], "g": data[1], "b": data[2]}


def _field(
    name: str, width: int, divisor: float = 1, *, signed: bool = False
) -> tuple[str, int, Callable[[bytes], Any]]:
    return name, width, scaled(divisor, signed=signed)


TYPES = {
    0: Field(*_field("digital_in", 1)),
    1: Field(*_field("digital_out", 1)),
    2: Field(*_field("analog_in", 2, 100, signed=True)),
    3: Field(*_field("analog_out", 2, 100, signed=True)),
    100: Field(*_field("generic", 4)),
    101: Field(*_field("luminosity", 2)),
    102: Field(*_field("presence", 1)),
    103: Field(*_field("temperature", 2, 10, signed=True)),
    104: Field(*_field("relative_humidity", 1, 2)),
    113: Field("accelerometer", 6, axes("xyz", 1000)),
    115: Field(*_field("barometric_pressure", 2, 10)),
    116: Field(*_field("voltage", 2, 100)),
    117: Field(*_field("current", 2, 1000)),
    118: Field(*_field("frequency", 4)),
    120: Field(*_field("percentage", 1)),
    121: Field(*_field("altitude", 2, signed=True)),
    125: Field(*_field("concentration", 2)),
    128: Field(*_field("power", 2)),
    130: Field(*_field("distance", 4, 1000)),
    131: Field(*_field("energy", 4, 1000)),
    132: Field(*_field("direction", 2)),
    133: Field(*_field("unix_time", 4)),
    134: Field("gyrometer", 6, axes("xyz", 100)),
    135: Field("colour", 3, _colour),
    136: Field("gps", 9, _gps),
    142: Field(*_field("switch", 1)),
}


def decode(payload: bytes, _f_port: int | None) -> dict[str, Any]:
    """Return "name_channel" -> value, in the units of the format (°C, %, hPa, lx, V, m …).

    Raises:
        DecodeError: "empty", "too-short", or "unknown-type" naming type and position; nothing is
            returned then, for the width of an unknown type is unknown too.
    """
    if not payload:
        raise DecodeError("empty")
    found: dict[str, Any] = {}
    position = 0
    while position < len(payload):
        channel, kind = take(payload, position, 2)
        field = TYPES.get(kind)
        if field is None:
            raise DecodeError("unknown-type", f"type {kind} at position {position + 1}")
        value = take(payload, position + 2, field.width)
        found[f"{field.name}_{channel}"] = field.read(value)
        position += 2 + field.width
    return found
