"""ChirpStack 3 with either JSON marshaler.

Source: chirpstack-application-server `internal/integration/marshaler`. "JSON" is protobuf's own
JSON: EUIs and addresses in base64, the decoded object as a text (`objectJSON`). "JSON_V3" writes
them in hexadecimal digits and the object as one (`object`). Bandwidths are in kHz.

There is no deduplication id, and the time is that of the gateway named first: null where it has no
clock of its own.
"""

import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lorawan.dialects.body import parse_json
from lorawan.dialects.fields import EUI, LONGEST_SESSION, Part
from lorawan.dialects.radio import (
    KILOHERTZ,
    best_first,
    gateway_name,
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
    "error": Kind.LOG,
    "status": Kind.STATUS,
    "location": Kind.LOCATION,
}

TELLING_FIELDS = (
    ("error", ("error",)),
    ("integration", ("integrationName",)),
    ("txack", ("gatewayID",)),
    ("ack", ("acknowledged",)),
    ("location", ("location",)),
    ("status", ("margin", "batteryLevel", "externalPowerSource", "batteryLevelUnavailable")),
    ("up", ("fCnt", "fPort", "data", "object", "objectJSON")),
    ("join", ("devAddr",)),
)


def read(body: Mapping[str, Any], name: str) -> Event:
    """Return the event of a body; `name` is what the query or the topic calls it, "" if nothing.

    Raises:
        NotUnderstoodError: "wrong-dialect" without `devEUI`; else see `fields.Part`.
            Events with an unknown name are never refused.
    """
    message = Part(body)
    if not message.has("devEUI") and (name in KINDS or not name):
        raise NotUnderstoodError("wrong-dialect", "devEUI")
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
    return {
        "dialect": Dialect.CHIRPSTACK_V3,
        "dev_eui": _eui(message, lenient=lenient),
        "device": message.name("deviceName"),
        "application": message.name("applicationName") or message.name("applicationID"),
        "time": _time(message),
        "session": _digits(message.text("devAddr", LONGEST_SESSION)),
        "model": message.text("deviceProfileName"),
        "tags": message.labels("tags"),
    }


def _eui(message: Part, *, lenient: bool) -> str | None:
    eui = _digits(message.text("devEUI"))
    if EUI.fullmatch(eui):
        return eui
    if lenient:
        return None
    raise NotUnderstoodError("bad-eui", "devEUI")


def _digits(text: str) -> str:
    """Return the hexadecimal digits of an EUI or address written in either marshaler's way.

    Eight and four bytes always end in "=" in base64, and digits never do.
    """
    if not text.endswith("="):
        return text.lower()
    try:
        return binascii.a2b_base64(text, strict_mode=True).hex()
    except ValueError:
        return text


def _time(message: Part) -> datetime | None:
    for part in message.parts("rxInfo")[:1]:
        if time := read_time(part.values.get("time")):
            return time
    return read_time(message.values.get("publishedAt"))


def _up(message: Part) -> dict[str, Any]:
    sent = message.loose("txInfo")
    lora = sent.loose("loRaModulationInfo")
    kilohertz = lora.number("bandwidth")
    return {
        "f_cnt": message.counter("fCnt") or 0,
        "f_port": message.port("fPort"),
        "payload": message.base64("data"),
        "decoded": decoded(message),
        "receptions": best_first(_reception(one) for one in message.parts("rxInfo")),
        "spreading_factor": spreading_factor(lora.number("spreadingFactor")),
        "bandwidth": None if kilohertz is None else round(kilohertz * KILOHERTZ),
        "frequency": sent.rounded("frequency"),
        "confirmed": message.yes("confirmedUplink"),
    }


def decoded(message: Part) -> Mapping[str, Any] | None:
    """Return what the server's codec made of the payload, however it is written.

    Raises:
        NotUnderstoodError: "bad-json" when `objectJSON` is none, "wrong-type" when it or `object`
            is no object.
    """
    text = message.values.get("objectJSON")
    if text is None:
        return message.object("object")
    if not isinstance(text, str):
        raise NotUnderstoodError("wrong-type", message.where("objectJSON"))
    if text in {"", "null"}:
        return None
    try:
        return parse_json(text.encode())
    except NotUnderstoodError as error:
        problem = {"not-an-object": "wrong-type", "too-deep": "too-deep"}.get(error.problem)
        raise NotUnderstoodError(problem or "bad-json", message.where("objectJSON")) from None


def _reception(part: Part) -> Reception:
    there = part.loose("location")
    latitude, longitude = place(there.number("latitude"), there.number("longitude"))
    return Reception(
        gateway=gateway_name(_digits(part.text("gatewayID"))),
        rssi=part.number("rssi"),
        snr=part.number("loRaSNR"),
        latitude=latitude,
        longitude=longitude,
    )


def _downlink(message: Part) -> dict[str, Any]:
    details: dict[str, Any] = {"f_cnt_down": message.counter("fCnt") or 0}
    if message.has("acknowledged"):
        details["acknowledged"] = message.yes("acknowledged")
    if message.has("gatewayID"):
        details["gateway"] = gateway_name(_digits(message.text("gatewayID")))
    return {"details": details}


def _error(message: Part) -> dict[str, Any]:
    return {
        "details": {
            "level": "ERROR",
            "code": message.text("type") or "UNKNOWN",
            "description": message.text("error"),
        }
    }


def _status(message: Part) -> dict[str, Any]:
    external = message.yes("externalPowerSource")
    unknown = external or message.yes("batteryLevelUnavailable")
    return {
        "battery": None if unknown else percent(message.number("batteryLevel")),
        "external_power": external,
        "margin": message.rounded("margin"),
    }


def _location(message: Part) -> dict[str, Any]:
    there = message.part("location")
    latitude, longitude = place(there.number("latitude"), there.number("longitude"))
    return {"latitude": latitude, "longitude": longitude}


def _nothing_more(message: Part) -> dict[str, Any]:  # noqa: ARG001 - a reader like the others
    return {}


READERS = {
    "up": _up,
    "join": _nothing_more,
    "ack": _downlink,
    "txack": _downlink,
    "error": _error,
    "status": _status,
    "location": _location,
}
