"""ChirpStack 4 in protobuf: the same events in less than half the bytes.

The messages are those of the package `chirpstack-api`. It pulls in gRPC, so it is imported when
the first such message comes, not when the bot starts.
"""

from functools import cache
from math import isfinite
from types import ModuleType
from typing import Any

from lorawan.dialects.body import DEEPEST
from lorawan.dialects.chirpstack_v4 import KINDS, stand_in
from lorawan.dialects.fields import (
    EUI,
    HIGHEST_PORT,
    LONGEST_NAME,
    LONGEST_SESSION,
    LONGEST_TEXT,
    MOST_LABELS,
    check_payload,
    check_whole,
)
from lorawan.dialects.radio import best_first, gateway_name, percent, place, spreading_factor
from lorawan.dialects.times import from_seconds
from lorawan.events import Dialect, Event, Kind, NotUnderstoodError, Reception

MESSAGES = {
    "up": "UplinkEvent",
    "join": "JoinEvent",
    "ack": "AckEvent",
    "txack": "TxAckEvent",
    "log": "LogEvent",
    "status": "StatusEvent",
    "location": "LocationEvent",
}
ENVELOPE = "StatusEvent"
"""Reads id, time and device of an unknown event: its other fields are plain numbers, and a field
of another wire type is skipped as unknown."""


def read(body: bytes, name: str) -> Event:
    """Return the event of a body; `name` is what the query or the topic calls it.

    Raises:
        NotUnderstoodError: "missing" (`event`) without a name, for a protobuf message does not
            say what it is; "empty"; "not-protobuf"; "wrong-dialect" without `deviceInfo`;
            "bad-eui", "out-of-range", "payload-too-long", "too-deep" with the field's name as
            JSON writes it.
    """
    if not name:
        raise NotUnderstoodError("missing", "event")
    if not body:
        raise NotUnderstoodError("empty")
    kind = KINDS.get(name, Kind.OTHER)
    message = _parse(body, MESSAGES.get(name, ENVELOPE))
    if kind is Kind.OTHER:
        return Event(kind=kind, name=name, **_envelope(message, lenient=True))
    if not message.HasField("device_info"):
        raise NotUnderstoodError("wrong-dialect", "deviceInfo")
    return Event(
        kind=kind, name=name, **_envelope(message, lenient=False), **READERS[name](message)
    )


@cache
def _integration() -> ModuleType:
    from chirpstack_api import integration  # noqa: PLC0415 - pulls gRPC, most sources write JSON

    return integration  # type: ignore[no-any-return]


def _parse(body: bytes, message_name: str) -> Any:
    from google.protobuf.message import DecodeError  # noqa: PLC0415

    message = getattr(_integration(), message_name)()
    try:
        message.ParseFromString(body)
    except DecodeError:
        raise NotUnderstoodError("not-protobuf") from None
    return message


def _envelope(message: Any, *, lenient: bool) -> dict[str, Any]:
    device = message.device_info
    return {
        "dialect": Dialect.CHIRPSTACK_V4,
        "dev_eui": _eui(device.dev_eui, lenient=lenient),
        "device": _text(device.device_name)[:LONGEST_NAME],
        "application": _text(device.application_name or device.application_id)[:LONGEST_NAME],
        "time": from_seconds(message.time.seconds, message.time.nanos),
        "model": _text(device.device_profile_name),
        "tags": _labels(device.tags),
    }


def _eui(text: str, *, lenient: bool) -> str | None:
    if EUI.fullmatch(text):
        return text.lower()
    if lenient:
        return None
    raise NotUnderstoodError("bad-eui" if text else "missing", "deviceInfo.devEui")


def _text(text: str) -> str:
    return text.replace("\x00", "\ufffd")[:LONGEST_TEXT]


def _labels(labels: Any) -> dict[str, str]:
    found = {_text(name): _text(label) for name, label in labels.items()}
    return dict(list(found.items())[:MOST_LABELS])


def _up(message: Any) -> dict[str, Any]:
    payload = check_payload(message.data, "data")
    encrypted = message.HasField("join_server_context")
    lora = message.tx_info.modulation.lora
    return {
        "key": _text(message.deduplication_id),
        "session": _text(message.dev_addr)[:LONGEST_SESSION].lower(),
        "f_cnt": message.f_cnt,
        "f_port": check_whole(message.f_port, HIGHEST_PORT, "fPort") or None,
        "payload": None if encrypted else payload,
        "encrypted": encrypted,
        "decoded": _record(message.object, DEEPEST) if message.HasField("object") else None,
        "receptions": best_first(_reception(one) for one in message.rx_info),
        "spreading_factor": spreading_factor(lora.spreading_factor),
        "bandwidth": lora.bandwidth or None,
        "frequency": message.tx_info.frequency or None,
        "confirmed": message.confirmed,
    }


def _reception(info: Any) -> Reception:
    latitude, longitude = place(info.location.latitude, info.location.longitude)
    return Reception(
        gateway=gateway_name(_text(info.gateway_id)),
        rssi=float(info.rssi) if info.rssi else None,
        snr=_finite(info.snr) if info.rssi or info.snr else None,
        latitude=latitude,
        longitude=longitude,
    )


def _finite(number: float) -> float | None:
    """Round away what 32 bits add to a number: -15.8, not -15.800000190734863."""
    return float(f"{number:.7g}") if isfinite(number) else None


def _record(struct: Any, levels: int) -> dict[str, Any]:
    if not levels:
        raise NotUnderstoodError("too-deep", "object")
    return {_text(name): _value(value, levels) for name, value in struct.fields.items()}


def _value(value: Any, levels: int) -> Any:
    """Return a value of the well-known type `Value`; a number that is none becomes null."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _record(value.struct_value, levels - 1)
    if kind == "list_value":
        return _values(value.list_value, levels - 1)
    if kind == "number_value":
        return value.number_value if isfinite(value.number_value) else None
    if kind == "string_value":
        return value.string_value.replace("\x00", "\ufffd")
    return value.bool_value if kind == "bool_value" else None


def _values(values: Any, levels: int) -> list[Any]:
    if not levels:
        raise NotUnderstoodError("too-deep", "object")
    return [_value(value, levels) for value in values.values]


def _join(message: Any) -> dict[str, Any]:
    return {
        "key": _text(message.deduplication_id),
        "session": _text(message.dev_addr)[:LONGEST_SESSION].lower(),
    }


def _ack(message: Any) -> dict[str, Any]:
    return {
        "key": _text(message.deduplication_id),
        "details": {
            "queue_item": _text(message.queue_item_id),
            "acknowledged": message.acknowledged,
            "f_cnt_down": message.f_cnt_down,
        },
    }


def _txack(message: Any) -> dict[str, Any]:
    details = {
        "queue_item": _text(message.queue_item_id),
        "downlink": message.downlink_id,
        "f_cnt_down": message.f_cnt_down,
        "gateway": gateway_name(_text(message.gateway_id)),
    }
    time = from_seconds(message.time.seconds, message.time.nanos)
    key = stand_in(time, details["downlink"], details["queue_item"])
    return {"key": key, "details": details}


def _log(message: Any) -> dict[str, Any]:
    details = {
        "level": _name(_integration().LogLevel, message.level),
        "code": _name(_integration().LogCode, message.code),
        "description": _text(message.description),
        "context": _labels(message.context),
    }
    time = from_seconds(message.time.seconds, message.time.nanos)
    key = stand_in(time, details["code"], details["description"])
    return {"key": key, "details": details}


def _name(enumeration: Any, number: int) -> str:
    """Return the name of a value; a number newer than the package stays a number."""
    return str(enumeration.Name(number)) if number in enumeration.values() else str(number)


def _status(message: Any) -> dict[str, Any]:
    unknown = message.external_power_source or message.battery_level_unavailable
    return {
        "key": _text(message.deduplication_id),
        "battery": None if unknown else percent(_finite(message.battery_level)),
        "external_power": message.external_power_source,
        "margin": message.margin,
    }


def _location(message: Any) -> dict[str, Any]:
    latitude, longitude = place(message.location.latitude, message.location.longitude)
    return {"key": _text(message.deduplication_id), "latitude": latitude, "longitude": longitude}


READERS = {
    "up": _up,
    "join": _join,
    "ack": _ack,
    "txack": _txack,
    "log": _log,
    "status": _status,
    "location": _location,
}
