"""The Things Stack 3: the key beside `end_device_ids` says what happened.

Source: lorawan-stack `api/ttn/lorawan/v3/messages.proto` in proto3 JSON. A field mask of the
webhook may take away any part of a message, and default values (0, false, "") are left out.
"""

from collections.abc import Mapping
from typing import Any

from lorawan.dialects.fields import LONGEST_SESSION, Part
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
    "uplink_message": Kind.UPLINK,
    "uplink_normalized": Kind.NORMALIZED,
    "join_accept": Kind.JOIN,
    "downlink_ack": Kind.DOWNLINK,
    "downlink_nack": Kind.DOWNLINK,
    "downlink_sent": Kind.DOWNLINK,
    "downlink_failed": Kind.DOWNLINK,
    "downlink_queued": Kind.DOWNLINK,
    "downlink_queue_invalidated": Kind.DOWNLINK,
    "location_solved": Kind.LOCATION,
    "service_data": Kind.OTHER,
}
DEVICE = "end_device_ids"
ENVELOPE = {DEVICE, "correlation_ids", "received_at", "simulated"}
LONGEST_NAME = 40


def read(body: Mapping[str, Any], name: str) -> Event:
    """Return the event of a body; `name` (the end of the topic) only helps with unknown ones.

    Raises:
        NotUnderstoodError: "wrong-dialect" with neither `end_device_ids` nor a known message;
            else see `fields.Part`.
    """
    key = message_key(body)
    if key is None and DEVICE not in body:
        raise NotUnderstoodError("wrong-dialect", DEVICE)
    message = Part(body)
    kind = KINDS.get(key or "", Kind.OTHER)
    content = message.loose(key or "") if kind is Kind.OTHER else message.part(key or "")
    return Event(
        kind=kind,
        name=(key or _unknown_key(body) or name)[:LONGEST_NAME],
        simulated=message.yes("simulated"),
        **_device(message.part(DEVICE), content),
        time=read_time(content.values.get("received_at")) or read_time(body.get("received_at")),
        **_details(content, kind),
    )


def message_key(body: Mapping[str, Any]) -> str | None:
    """Return the key that says what happened; None when none we know is there."""
    return next((key for key in body if key in KINDS), None)


def _unknown_key(body: Mapping[str, Any]) -> str:
    return next((key for key, value in body.items() if key not in ENVELOPE and value), "")


def _device(device: Part, content: Part) -> dict[str, Any]:
    version = content.loose("version_ids")
    brand, model = version.text("brand_id"), version.text("model_id")
    return {
        "dialect": Dialect.TTS_V3,
        "dev_eui": device.eui("dev_eui"),
        "device": device.name("device_id"),
        "application": device.loose("application_ids").name("application_id"),
        "session": content.text("session_key_id", LONGEST_SESSION) or device.session("dev_addr"),
        "model": f"{brand}/{model}" if brand and model else "",
        "tags": content.labels("attributes"),
    }


def _details(content: Part, kind: Kind) -> dict[str, Any]:
    if kind in {Kind.UPLINK, Kind.NORMALIZED}:
        return _uplink(content)
    if kind is Kind.JOIN:
        return {"key": content.text("session_key_id")}
    if kind is Kind.LOCATION:
        there = content.part("location")
        latitude, longitude = place(there.number("latitude"), there.number("longitude"))
        return {"latitude": latitude, "longitude": longitude}
    if kind is Kind.DOWNLINK:
        return {"details": _downlink(content)}
    return {"details": {"service": content.text("service")}} if content.has("service") else {}


def _uplink(content: Part) -> dict[str, Any]:
    payload = content.base64("frm_payload")
    encrypted = content.has("app_s_key")
    settings = content.loose("settings")
    lora = settings.loose("data_rate").loose("lora")
    battery = content.loose("last_battery_percentage")
    counter = _counter(content)
    return {
        "key": "" if counter is None else content.text("session_key_id"),
        "f_cnt": counter,
        "f_port": content.port("f_port"),
        "payload": None if encrypted else payload,
        "encrypted": encrypted,
        "decoded": content.object("decoded_payload"),
        "normalized": _normalized(content),
        "warnings": content.texts("decoded_payload_warnings")
        + content.texts("normalized_payload_warnings"),
        "receptions": best_first(_reception(one) for one in content.parts("rx_metadata")),
        "spreading_factor": spreading_factor(lora.number("spreading_factor")),
        "bandwidth": lora.rounded("bandwidth"),
        "frequency": settings.rounded("frequency"),
        "confirmed": content.yes("confirmed"),
        "battery": percent(battery.number("value")),
    }


def _counter(content: Part) -> int | None:
    """Return the frame counter; a missing one is the left out 0 where the session stands.

    Without the session, which no default value hides, a field mask took both away.
    """
    counter = content.counter("f_cnt")
    return 0 if counter is None and content.has("session_key_id") else counter


def _normalized(content: Part) -> tuple[Mapping[str, Any], ...]:
    """Return the measurements: a list of them, or a single one in a message of its own."""
    return tuple(one.values for one in content.parts("normalized_payload"))


def _reception(part: Part) -> Reception:
    gateway = part.loose("gateway_ids")
    there = part.loose("location")
    latitude, longitude = place(there.number("latitude"), there.number("longitude"))
    return Reception(
        gateway=gateway_name(gateway.text("eui") or gateway.text("gateway_id")),
        rssi=part.number("rssi"),
        snr=left_out_snr(part),
        latitude=latitude,
        longitude=longitude,
    )


def _downlink(content: Part) -> dict[str, Any]:
    sent = content.loose("downlink") if content.has("downlink") else content
    return {
        "f_cnt_down": sent.rounded("f_cnt") or 0,
        "f_port": sent.rounded("f_port") or 0,
        "error": content.loose("error").text("name"),
    }
