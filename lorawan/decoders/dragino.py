"""Dragino's single devices; sources: user manuals (uplink payload) and published codecs.

The battery stands in the lower 14 bits of the first two bytes, in mV; numbers are big endian.
"""

from typing import Any

from lorawan.decoders.errors import DecodeError, require_port
from lorawan.decoders.fields import scaled, take

BATTERY_BITS = 0x3FFF
NO_SENSOR, INVALID_READING = "No Sensor", "Invalid Reading"
LOWEST_DISTANCE = 20
"""mm; the ultrasonic probe says 20 when the echo is of no use."""
DISTANCE_SHORT, DISTANCE_FULL = 5, 8
signed, unsigned = scaled(signed=True), scaled()


def _volt(payload: bytes) -> float:
    return (int.from_bytes(take(payload, 0, 2), "big") & BATTERY_BITS) / 1000


def ldds75(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Distance (LDDS75, LDDS20): distance in mm, or a text where there is none to tell.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    require_port(f_port, 2)
    volt = _volt(payload)
    distance = int(unsigned(take(payload, 2, 2)))
    if len(payload) < DISTANCE_SHORT:  # neither interrupt nor probe flag: no probe is plugged in
        return {"distance": NO_SENSOR}
    found: dict[str, Any] = {"Bat": volt, "Interrupt": payload[4]}
    if len(payload) >= DISTANCE_FULL:
        found["TempC_DS18B20"] = signed(payload[5:7]) / 10
        found["Sensor_flag"] = payload[7]
    return found | {"distance": _distance(distance, found.get("Sensor_flag", 1))}


def _distance(millimetres: int, probe: int) -> int | str:
    if not probe or not millimetres:
        return NO_SENSOR
    return INVALID_READING if millimetres <= LOWEST_DISTANCE else millimetres


def lse01(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Soil (LSE01): °C, %, µS/cm and V; the first three as texts, as the maker's codec has them.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    require_port(f_port, 2)
    take(payload, 0, 10)
    return {
        "Bat": _volt(payload),
        "TempC_DS18B20": _text(signed(payload[2:4]) / 10),
        "water_SOIL": _text(unsigned(payload[4:6]) / 100),
        "temp_SOIL": _text(signed(payload[6:8]) / 100),
        "conduct_SOIL": unsigned(payload[8:10]),
    }


def _text(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def lwl01(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Door and water leak (LWL01, LDS01): V, counters, minutes; MOD says which of the two.

    Bytes missing at the end count as zero: older devices leave them out.

    Raises:
        DecodeError: "unknown-port", "too-short" below three bytes, "unknown-frame".
    """
    require_port(f_port, 10)
    status, _, mode = take(payload, 0, 3)
    rest = payload[3:].ljust(7, b"\0")
    found = {"BAT_V": _volt(payload), "MOD": mode}
    door, leak, alarm = status >> 7, status >> 6 & 1, rest[6] & 1
    times, minutes = unsigned(rest[:3]), unsigned(rest[3:6])
    if mode == 1:
        return found | {
            "DOOR_OPEN_STATUS": door,
            "DOOR_OPEN_TIMES": times,
            "LAST_DOOR_OPEN_DURATION": minutes,
            "ALARM": alarm,
        }
    if mode == 2:  # noqa: PLR2004 - the maker's number of the mode
        return found | {
            "WATER_LEAK_STATUS": leak,
            "WATER_LEAK_TIMES": times,
            "LAST_WATER_LEAK_DURATION": minutes,
        }
    if mode == 3:  # noqa: PLR2004
        return found | {"DOOR_OPEN_STATUS": door, "WATER_LEAK_STATUS": leak, "ALARM": alarm}
    raise DecodeError("unknown-frame", f"mode {mode}")


NOT_CONNECTED = 0x7FFF
PLUG_BITS = 0x7F


def lht65(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Temperature and humidity, with a plug for something more (LHT65): V, °C, %, lx.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    require_port(f_port, 2)
    take(payload, 0, 9)
    found: dict[str, Any] = {
        "BatV": _volt(payload),
        "Bat_status": payload[0] >> 6,
        "TempC_SHT": signed(payload[2:4]) / 100,
        "Hum_SHT": unsigned(payload[4:6]) / 10,
    }
    return found | _external(payload[6] & PLUG_BITS, payload[7:11])


def _external(kind: int, data: bytes) -> dict[str, Any]:
    number = int(unsigned(data[:2]))
    plugged: dict[int, dict[str, Any]] = {
        0: {"Ext_sensor": "No external sensor"},
        1: {"Ext_sensor": "Temperature Sensor"},
        4: {"Ext_sensor": "Interrupt Sensor", "Exti_pin_level": number >> 8 & 1},
        5: {"Ext_sensor": "Illumination Sensor", "ILL_lx": number},
        6: {"Ext_sensor": "ADC Sensor", "ADC_V": number / 1000},
        7: {"Ext_sensor": "Counting Sensor", "Exit_count": number},
    }
    found = plugged.get(kind, {"Ext_sensor": f"unknown ({kind})"})
    if kind == 1 and number != NOT_CONNECTED:
        found["TempC_DS"] = signed(data[:2]) / 100
    return found
