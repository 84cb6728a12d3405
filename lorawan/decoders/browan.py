"""Browan's Tabs: a few packed bytes, told apart by their port.

Source: the reference manual of TBWL100; for TBDW100 and TBHH100 the codecs published for them. A
voltage is 2.5 V and a tenth for each step; a temperature is seven bits above -32 °C; 127 % of
humidity means that the probe failed.
"""

from typing import Any

from lorawan.decoders.errors import require_port
from lorawan.decoders.fields import take

DOOR_PORT, CLIMATE_PORT, LEAK_PORT = 100, 103, 106
SEVEN_BITS, FOUR_BITS = 0x7F, 0x0F


def _volt(byte: int) -> float:
    return (25 + (byte & FOUR_BITS)) / 10


def _celsius(byte: int) -> int:
    return (byte & SEVEN_BITS) - 32


def tbdw100(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Door and window: status 1 is open; minutes since the last event, number of openings.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    require_port(f_port, DOOR_PORT)
    data = take(payload, 0, 8)
    return {
        "status": data[0] & 1,
        "battery": _volt(data[1]),
        "temperatureBoard": _celsius(data[2]),
        "time": int.from_bytes(data[3:5], "little"),
        "count": int.from_bytes(data[5:8], "little"),
    }


def tbwl100(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Water leak: status 1 is wet; V, °C, %.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    require_port(f_port, LEAK_PORT)
    data = take(payload, 0, 5)
    return {
        "status": data[0] & 1,
        "temperatureChanged": data[0] >> 5 & 1,
        "humidityChanged": data[0] >> 6 & 1,
        "battery": _volt(data[1]),
        "temperatureBoard": _celsius(data[2]),
        "humidity": data[3],
        "temperature": _celsius(data[4]),
    }


def tbhh100(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Temperature and humidity: V, °C, %.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    require_port(f_port, CLIMATE_PORT)
    data = take(payload, 0, 4)
    return {
        "status": data[0] >> 3,
        "battery": _volt(data[1]),
        "temperature": _celsius(data[2]),
        "humidity": data[3] & SEVEN_BITS,
    }
