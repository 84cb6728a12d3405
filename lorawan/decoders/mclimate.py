"""MClimate's CO2 sensor; source: the maker's device communication protocol, "keep-alive".

A keep-alive is command byte 1 and six bytes; answers to commands follow it and are left alone.
"""

from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import take

KEEP_ALIVE, LENGTH = 1, 7


def co2(payload: bytes, _f_port: int | None) -> dict[str, Any]:
    """Return ppm, °C, % and V.

    Raises:
        DecodeError: "too-short", "unknown-frame".
    """
    command = take(payload, 0, 1)[0]
    if command != KEEP_ALIVE:
        raise DecodeError("unknown-frame", f"command {command:#04x}")
    data = take(payload, 0, LENGTH)
    return {
        "CO2": int.from_bytes(data[1:3], "big"),
        "sensorTemperature": (int.from_bytes(data[3:5], "big") - 400) / 10,
        "relativeHumidity": round(data[5] * 100 / 256, 2),
        "batteryVoltage": round((data[6] * 8 + 1600) / 1000, 2),
    }
