"""Adeunis Temp (version 4): frames by their first byte, temperatures in tenths.

Source: the codec the maker publishes. Frame 0x57 carries the values of one or two probes
by turns, the newest first; 0x30 is a sign of life with the present values. Time counts in seconds
from 2013-01-01.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import bits, scaled, take

NAMES = {0x57: "0x57 Temp 4 periodic data", 0x30: "0x30 Temp 4 keep alive"}
EPOCH = datetime(2013, 1, 1, tzinfo=UTC)
STATUS = {
    0: "configurationDone",
    1: "lowBattery",
    2: "timestamp",
    3: "configurationInconsistency",
    4: "configuration2ChannelsActivated",
}
HEADER, STAMP = 2, 4
celsius = scaled(10, signed=True)


def temp(payload: bytes, _f_port: int | None) -> dict[str, Any]:
    """Temperatures of one or two probes in °C, under bytes.temperatures[probe].values.

    Raises:
        DecodeError: "too-short", "unknown-frame" for alarms and answers about the configuration.
    """
    code, raw = take(payload, 0, HEADER)
    if code not in NAMES:
        raise DecodeError("unknown-frame", f"frame {code:#04x}")
    flags = bits(raw, STATUS)
    status = {"frameCounter": raw >> 5, "hardwareError": False, **flags}
    found: dict[str, Any] = {"type": NAMES[code], "status": status}
    end = len(payload)
    if flags["timestamp"]:
        end = max(HEADER, end - STAMP)
        found["timestamp"] = _moment(take(payload, end, STAMP))
    found["decodingInfo"] = "values: [t=0, t-1, t-2, ...]"
    probes = 2 if flags["configuration2ChannelsActivated"] else 1
    return {"bytes": found | {"temperatures": _temperatures(payload[HEADER:end], probes)}}


def _moment(stamp: bytes) -> str:
    moment = EPOCH + timedelta(seconds=int.from_bytes(stamp, "big"))
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _temperatures(data: bytes, probes: int) -> list[dict[str, Any]]:
    take(data, 0, 2 * probes)
    values = [celsius(data[at : at + 2]) for at in range(0, len(data) - 1, 2)]
    return [
        {"name": f"temperature {probe + 1}", "unit": "°C", "values": values[probe::probes]}
        for probe in range(probes)
    ]
