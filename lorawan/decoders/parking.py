"""NWave's parking sensor NPS310SM; source: the codec the maker publishes."""

from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import take

STATUS, HEARTBEAT, STARTUP = 1, 2, 3
CAUSES = ("unknown", "watchdog", "power_on", "user_request", "brownout", "other")


def nps310sm(payload: bytes, f_port: int | None) -> dict[str, Any]:
    """Whether a car stands there: at each change, and as a sign of life every few hours.

    Raises:
        DecodeError: "unknown-port", "too-short".
    """
    if f_port in (STATUS, HEARTBEAT):
        kind = "parking_status" if f_port == STATUS else "heartbeat"
        return {"type": kind, "occupied": bool(take(payload, 0, 1)[0] & 1)}
    if f_port == STARTUP:
        data = take(payload, 0, 5)
        cause = CAUSES[data[3]] if data[3] < len(CAUSES) else CAUSES[0]
        return {
            "type": "startup",
            "firmware_version": ".".join(str(number) for number in data[:3]),
            "reset_cause": cause,
            "occupied": bool(data[4] & 1),
        }
    raise DecodeError("unknown-port", f"unknown FPort {f_port}")
