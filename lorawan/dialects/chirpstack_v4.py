"""ChirpStack 4 (and Helium, which runs on it): JSON, the event named in the query or the topic.

Source: chirpstack `api/proto/integration/integration.proto` in proto3 JSON: fields with a default
value (0, false, "") may be left out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lorawan.dialects.fields import Part
from lorawan.dialects.radio import (
    best_first,
    gateway_name,
    left_out_snr,
    percent,
    place,
    spreading_factor,
)
from lorawan.dialects.times import read_time
from lorawan.events import Dialect, Event, Kind, NotUnderstoodError, Reception

KINDS = {
    "up": Kind.UPLINK,
    "join": Kind.JOIN,
    "ack": Kind.DOWNLINK,
    "txack": Kind.DOWNLINK,
    "log": Kind.LOG,
    "status": Kind.STATUS,
    "location": Kind.LOCATION,
}
"""Any other name ("integration" of servers before 4.14, names yet to come) is `Kind.OTHER`."""

TELLING_FIELDS = (
    ("log", ("level", "code", "description")),
    ("integration", ("integrationName",)),
    ("txack", ("downlinkId", "gatewayId")),
    ("ack", ("acknowledged", "queueItemId", "fCntDown")),
    ("location", ("location",)),
    ("status", ("margin", "batteryLevel", "externalPowerSource", "batteryLevelUnavailable")),
    ("up", ("fCnt", "fPort", "data", "object", "rxInfo", "txInfo", "dr", "confirmed")),
    ("join", ("devAddr",)),
)


def read(body: Mapping[str, Any], name: str) -> Event:
    """Return the event of a body; `name` is what the query or the topic calls it, "" if nothing.

    Raises:
        NotUnderstoodError: "wrong-dialect" without `deviceInfo`; else see `fields.Part`.
            Events with an unknown name are never refused.
    """
    message = Part(body)
    known = name in KINDS or not name
    if known and not isinstance(body.get("deviceInfo"), dict):
        raise NotUnderstoodError("wrong-dialect", "deviceInfo")
    name = name or event_name(body)
    kind = KINDS.get(name, Kind.OTHER)
    envelope = _envelope(message, lenient=kind is Kind.OTHER)
    details = READERS[name](message) if kind is not Kind.OTHER else {}
    return Event(kind=kind, name=name, **envelope, **details)


def event_name(body: Mapping[str, Any]) -> str:
    """Return what the fields say which event this is; "" when they say nothing."""
    for name, fields in TELLING_FIELDS:
        if any(field in body for field in fields):
            return name
    return ""


def _envelope(message: Part, *, lenient: bool) -> dict[str, Any]:
    device = message.loose("deviceInfo")
    return {
        "dialect": Dialect.CHIRPSTACK_V4,
        "dev_eui": _eui(device, lenient=lenient),
        "device": device.name("deviceName"),
        "application": device.name("applicationName") or device.name("applicationId"),
        "time": time_of(message),
        "model": device.text("deviceProfileName"),
        "tags": device.labels("tags"),
    }


def _eui(device: Part, *, lenient: bool) -> str | None:
    try:
        eui = device.eui("devEui")
    except NotUnderstoodError:
        if lenient:
            return None
        raise
    if eui is None and not lenient:
        raise NotUnderstoodError("missing", device.where("devEui"))
    return eui


def _key(message: Part) -> str:
    return message.text("deduplicationId")


def _up(message: Part) -> dict[str, Any]:
    payload = message.base64("data")
    encrypted = message.has("joinServerContext")
    sent = message.loose("txInfo")
    lora = sent.loose("modulation").loose("lora")
    return {
        "key": _key(message),
        "session": message.session("devAddr"),
        "f_cnt": message.counter("fCnt") or 0,
        "f_port": message.port("fPort"),
        "payload": None if encrypted else payload,
        "encrypted": encrypted,
        "decoded": message.object("object"),
        "receptions": best_first(_reception(one) for one in message.parts("rxInfo")),
        "spreading_factor": spreading_factor(lora.number("spreadingFactor")),
        "bandwidth": lora.rounded("bandwidth"),
        "frequency": sent.rounded("frequency"),
        "confirmed": message.yes("confirmed"),
    }


def _reception(part: Part) -> Reception:
    there = part.loose("location")
    latitude, longitude = place(there.number("latitude"), there.number("longitude"))
    return Reception(
        gateway=gateway_name(part.text("gatewayId")),
        rssi=part.number("rssi") or None,  # 0 stands for a missing one
        snr=left_out_snr(part),
        latitude=latitude,
        longitude=longitude,
    )


def _join(message: Part) -> dict[str, Any]:
    return {"key": _key(message), "session": message.session("devAddr")}


def _ack(message: Part) -> dict[str, Any]:
    return {
        "key": _key(message),
        "details": {
            "queue_item": message.text("queueItemId"),
            "acknowledged": message.yes("acknowledged"),
            "f_cnt_down": message.counter("fCntDown") or 0,
        },
    }


def _txack(message: Part) -> dict[str, Any]:
    details = {
        "queue_item": message.text("queueItemId"),
        "downlink": message.counter("downlinkId") or 0,
        "f_cnt_down": message.counter("fCntDown") or 0,
        "gateway": gateway_name(message.text("gatewayId")),
    }
    key = stand_in(time_of(message), details["downlink"], details["queue_item"])
    return {"key": key, "details": details}


def _log(message: Part) -> dict[str, Any]:
    details = {
        "level": message.text("level") or "INFO",
        "code": message.text("code") or "UNKNOWN",
        "description": message.text("description"),
        "context": message.labels("context"),
    }
    key = stand_in(time_of(message), details["code"], details["description"])
    return {"key": key, "details": details}


def time_of(message: Part) -> datetime | None:
    """Return when the network server saw it happen."""
    return read_time(message.values.get("time"))


def stand_in(time: datetime | None, *parts: object) -> str:
    """Return what stands for the deduplication id that an event lacks; "" without a time."""
    return "/".join(map(str, (time.isoformat(), *parts))) if time else ""


def _status(message: Part) -> dict[str, Any]:
    external = message.yes("externalPowerSource")
    unknown = external or message.yes("batteryLevelUnavailable")
    return {
        "key": _key(message),
        "battery": None if unknown else percent(_battery(message)),
        "external_power": external,
        "margin": message.rounded("margin") or 0,
    }


def _battery(message: Part) -> float | None:
    return message.number("batteryLevel") if message.has("batteryLevel") else 0.0


def _location(message: Part) -> dict[str, Any]:
    there = message.part("location")
    latitude, longitude = place(there.number("latitude"), there.number("longitude"))
    return {"key": _key(message), "latitude": latitude, "longitude": longitude}


READERS = {
    "up": _up,
    "join": _join,
    "ack": _ack,
    "txack": _txack,
    "log": _log,
    "status": _status,
    "location": _location,
}
