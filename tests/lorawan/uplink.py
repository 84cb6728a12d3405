"""What a sensor sent and who heard it, and the message it becomes; written by `encoders`."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from lorawan.events import Dialect, Form

HOUSE = UUID("8f0c2c64-6a5e-4d0e-9d3b-0d2f6f1d3a11")
CONTENT_TYPES = {Form.JSON: "application/json", Form.PROTOBUF: "application/octet-stream"}
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Heard:
    """A gateway that heard a frame: EUI (16 digits), dBm, dB, degrees."""

    gateway: str = "0016c001f153a14c"
    rssi: int = -97
    snr: float = 7.5
    latitude: float = 51.6244
    longitude: float = 12.3168


@dataclass(frozen=True)
class Uplink:
    """A frame of a device.

    Attributes:
        f_port: None for a frame that carries network commands only.
        time: aware; LORIOT and ThingPark write milliseconds only.
        session: device address of the join, 8 hexadecimal digits.
        decoded: what the network server's codec made of it, None without a codec.
        bandwidth: Hz; frequency: Hz.
    """

    dev_eui: str = "70b3d57ba0003bb8"
    f_cnt: int = 1
    f_port: int | None = 1
    payload: bytes = b"\x01\x75\x64"
    time: datetime = NOON
    heard: tuple[Heard, ...] = (Heard(),)
    session: str = "017d1f70"
    spreading_factor: int = 7
    bandwidth: int = 125_000
    frequency: int = 868_300_000
    confirmed: bool = False
    device: str = "gauge-1"
    application: str = "county"
    brand: str = "decentlab"
    model: str = "dl-pr26"
    decoded: Mapping[str, Any] | None = None
    simulated: bool = False

    @property
    def deduplication_id(self) -> str:
        return str(uuid5(HOUSE, f"{self.dev_eui}/{self.session}/{self.f_cnt}/{self.time}"))

    @property
    def session_key_id(self) -> str:
        return base64.b64encode(sha256(self.session.encode()).digest()[:16]).decode()

    @property
    def best(self) -> Heard:
        return max(self.heard, key=lambda one: (one.snr, one.rssi))


@dataclass(frozen=True)
class Rendering:
    """A message as it arrives; `event` is what the query or the topic calls it, "" if nothing."""

    dialect: Dialect
    body: bytes
    event: str = ""
    form: Form = Form.JSON
    topic: str = ""

    @property
    def query(self) -> dict[str, str]:
        return {"event": self.event} if self.event else {}

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Type": CONTENT_TYPES[self.form]}


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def hex_in_base64(digits: str) -> str:
    return in_base64(bytes.fromhex(digits))


def microseconds(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def milliseconds(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def without_defaults(message: dict[str, Any]) -> dict[str, Any]:
    """Leave out what proto3 may leave out: 0, false and empty texts, at every level."""
    kept: dict[str, Any] = {}
    for key, value in message.items():
        if isinstance(value, list):
            kept[key] = [without_defaults(one) for one in value]
        elif isinstance(value, dict):
            kept[key] = without_defaults(value)
        elif value:
            kept[key] = value
    return kept
