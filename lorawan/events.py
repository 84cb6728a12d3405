"""What a network server tells, in one shape whatever dialect it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

SAME_FRAME = timedelta(minutes=5)
"""Two uplinks of a device with equal counter and payload within this time are one frame.

A device that restarts begins to count anew, so the same counter and payload may honestly come
again, but not within minutes (lorawan specification: a join comes first).
"""


class Dialect(StrEnum):
    """How a network server writes."""

    CHIRPSTACK_V4 = "chirpstack-v4"
    CHIRPSTACK_V3 = "chirpstack-v3"
    TTS_V3 = "tts-v3"
    LORIOT = "loriot"
    THINGPARK = "thingpark"
    MILESIGHT = "milesight"


class Form(StrEnum):
    """How a body is written down."""

    JSON = "json"
    PROTOBUF = "protobuf"


class Kind(StrEnum):
    """What happened, in our words."""

    UPLINK = "uplink"
    NORMALIZED = "normalized"
    """Measurements of a frame that has a message of its own (The Things Stack)."""
    JOIN = "join"
    STATUS = "status"
    LOCATION = "location"
    LOG = "log"
    DOWNLINK = "downlink"
    """Anything about a message to the device: queued, sent, acknowledged, failed."""
    OTHER = "other"
    """Authentic, but unknown to us: kept, not interpreted."""


@dataclass(frozen=True, slots=True)
class Reception:
    """One gateway that heard the frame.

    Attributes:
        gateway: its id as the network server writes it, lower case where it is an EUI.
        rssi: dBm.
        snr: dB.
        latitude: degrees, WGS 84; None when unknown (0/0 counts as unknown).
        longitude: degrees, WGS 84.
    """

    gateway: str
    rssi: float | None = None
    snr: float | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one device.

    Attributes:
        dialect: who speaks.
        kind: what happened, in our words.
        name: the network server's own name of the event ("up", "uplink_message", …).
        dev_eui: 16 hexadecimal digits, lower case; None where a part of the message is missing.
        device: the network server's id or name of the device; "" when it gives none.
        application: the network server's id or name of the application.
        time: when it happened (aware, UTC); None when the network server gave none or an
            impossible one: then the arrival counts.
        key: the same for every copy of this event, whoever brings it; "" when the dialect has no
            such thing.
        session: changes when the device joins anew (session key id or device address); "" unknown.
        f_cnt: frame counter; None for events without.
        f_port: LoRaWAN port, 1 to 223; None when the frame carries only network commands.
        payload: the device's own bytes; None when there are none or they are still encrypted.
        encrypted: the network server could not decrypt the payload.
        decoded: what the network server's codec made of it.
        normalized: measurements in The Things Stack's vocabulary, one or more per frame.
        warnings: what the network server's codec had to say.
        receptions: the gateways that heard it, best first (highest SNR, then RSSI).
        spreading_factor: 7 to 12.
        bandwidth: Hz.
        frequency: Hz.
        simulated: made by hand in a console, no radio involved.
        confirmed: the device asked for an acknowledgement.
        battery: percent, 0 to 100, from a device status.
        external_power: the device reported mains power.
        margin: dB, link margin from a device status.
        latitude: degrees, from a location event.
        longitude: degrees, from a location event.
        model: how the network server calls the kind of device (device profile, brand/model).
        tags: the network server's labels of the device.
        details: what else matters for this kind of event (log code and text, downlink counter).
    """

    dialect: Dialect
    kind: Kind
    name: str
    dev_eui: str | None = None
    device: str = ""
    application: str = ""
    time: datetime | None = None
    key: str = ""
    session: str = ""
    f_cnt: int | None = None
    f_port: int | None = None
    payload: bytes | None = None
    encrypted: bool = False
    decoded: Mapping[str, Any] | None = None
    normalized: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    receptions: tuple[Reception, ...] = ()
    spreading_factor: int | None = None
    bandwidth: int | None = None
    frequency: int | None = None
    simulated: bool = False
    confirmed: bool = False
    battery: float | None = None
    external_power: bool = False
    margin: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    model: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return what the device is known by: its EUI, or where it stands at the server.

        "" when the message names no device at all.
        """
        if self.dev_eui:
            return self.dev_eui
        return f"{self.application}/{self.device}" if self.device else ""


class NotUnderstoodError(ValueError):
    """A body that is not what its dialect promises; the message is a slug saying what is wrong.

    `where` is the path of the field ("uplink_message.f_cnt"), "" for the whole body.
    """

    def __init__(self, problem: str, where: str = "") -> None:
        super().__init__(problem, where)
        self.problem = problem
        self.where = where
