"""Netvox: version, device type, report type, then eight bytes.

Source: the codec and the examples published for R311W and RA02A. The uppermost bit of the
voltage says that the battery is low.
"""

from typing import Any

from lorawan.decoders.errors import DecodeError, require_port
from lorawan.decoders.fields import scaled, take

REPORT_PORT = 6
LENGTH = 9
STARTUP, STATUS = 0, 1
R311W, RA02A = 0x06, 0x0A
LOW_BATTERY, VOLT_BITS = 0x80, 0x7F
NAMES = {R311W: "R311W", RA02A: "RA02A"}


def _report(payload: bytes, f_port: int | None, device: int) -> tuple[bytes, dict[str, Any]]:
    """Return the bytes of a report and what all devices say in it."""
    require_port(f_port, REPORT_PORT)
    data = take(payload, 0, LENGTH)
    if data[1] != device:
        raise DecodeError("wrong-device", f"device type {data[1]} instead of {device}")
    found: dict[str, Any] = {"Device": NAMES[device]}
    if data[2] == STARTUP:
        version = {"SWver": data[3] / 10, "HWver": data[4], "Datecode": data[5:9].hex()}
        return data, found | version
    if data[2] != STATUS:
        raise DecodeError("unknown-frame", f"report type {data[2]}")
    found["Volt"] = (data[3] & VOLT_BITS) / 10
    if data[3] & LOW_BATTERY:
        found["LowBattery"] = True
    return data, found


def r311w(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Water leak with two probes: "Leak" or "NoLeak"; V.

    Raises:
        DecodeError: "unknown-port", "too-short", "wrong-device", "unknown-frame".
    """
    data, found = _report(payload, f_port, R311W)
    if data[2] == STARTUP:
        return found
    return found | {f"WaterLeak_{probe}": _word(data[3 + probe], "Leak") for probe in (1, 2)}


def ra02a(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Smoke detector: "Alarm" or "NoAlarm" for smoke and for heat; V, °C.

    Raises:
        DecodeError: "unknown-port", "too-short", "wrong-device", "unknown-frame".
    """
    data, found = _report(payload, f_port, RA02A)
    if data[2] == STARTUP:
        return found
    return found | {
        "FireAlarm": _word(data[4], "Alarm"),
        "HighTempAlarm": _word(data[5], "Alarm"),
        "Temp": scaled(10, signed=True)(data[6:8]),
    }


def _word(byte: int, yes: str) -> str:
    return yes if byte else f"No{yes}"
