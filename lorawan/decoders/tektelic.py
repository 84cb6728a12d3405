"""Tektelic's industrial tracker (T0006129, "ORCA"): channel and type bytes, big endian.

Source: the codec the maker publishes. Port 10 carries what it measures, the other
ports logs and configuration, which are left alone.
"""

from typing import Any

from lorawan.decoders.errors import DecodeError, require_port
from lorawan.decoders.fields import Field, axes, scaled, take

SENSOR_PORT = 10
LOW_BIT, SEVEN_BITS = 1, 0x7F
STAMP = ("second", "minute", "hour", "day", "month")


def _coordinates(data: bytes) -> dict[str, float]:
    """Latitude in 24 bits, longitude in 32, altitude in half metres."""
    number = scaled(signed=True)
    return {
        "latitude": round(number(data[:3]) * 0.0000125, 6),
        "longitude": round(number(data[3:7]) / 10_000_000, 7),
        "altitude": number(data[7:]) / 2,
    }


def _utc(data: bytes) -> dict[str, int]:
    """Year in two bytes, then month, day, hour, minute, second."""
    rest = dict(zip(STAMP, reversed(data[2:]), strict=True))
    return {"year": int.from_bytes(data[:2], "big"), **rest}


def _battery(data: bytes) -> dict[str, float]:
    return {"voltage": round(2.5 + (data[0] & SEVEN_BITS) / 100, 2), "eos_alert": data[0] >> 7}


def _fix(data: bytes) -> dict[str, int]:
    return {"utc": data[0] & LOW_BIT, "position": data[0] >> 1 & LOW_BIT}


def _fences(data: bytes) -> dict[str, int]:
    return {f"num{fence}": data[0] >> 2 * fence & 3 for fence in range(4)}


def _acceleration(data: bytes) -> dict[str, float]:
    found = axes("zyx", 1000)(data)
    return {f"{name}axis": value for name, value in found.items()}


TYPES = {
    (0x00, 0x00): Field("acceleration_alarm", 1, scaled()),
    (0x00, 0x04): Field("fsm_state", 1, scaled()),
    (0x00, 0x67): Field("temperature", 2, scaled(10, signed=True)),
    (0x00, 0x71): Field("acceleration_vector", 6, _acceleration),
    (0x00, 0x85): Field("utc", 7, _utc),
    (0x00, 0x88): Field("coordinates", 9, _coordinates),
    (0x00, 0x92): Field("ground_speed", 2, scaled(10)),
    (0x00, 0x95): Field("fix_status", 1, _fix),
    (0x01, 0x95): Field("geofence_status", 1, _fences),
    (0x01, 0xBA): Field("battery1_status", 1, _battery),
    (0x02, 0xBA): Field("battery2_status", 1, _battery),
}


def orca(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Where it is, how it moves: degrees, metres, °C (of the processor), V, under "sensor_data".

    Raises:
        DecodeError: "unknown-port", "empty", "too-short", "unknown-type".
    """
    require_port(f_port, SENSOR_PORT)
    if not payload:
        raise DecodeError("empty")
    found: dict[str, Any] = {}
    position = 0
    while position < len(payload):
        channel, kind = take(payload, position, 2)
        field = TYPES.get((channel, kind))
        if field is None:
            where = f"channel {channel:#04x} type {kind:#04x} at position {position}"
            raise DecodeError("unknown-type", where)
        found[field.name] = field.read(take(payload, position + 2, field.width))
        position += 2 + field.width
    raw = ", ".join(f"{byte:02X}" for byte in payload)
    return {"port": str(f_port), "raw": f"[{raw}]", "sensor_data": found}
