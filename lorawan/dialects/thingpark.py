"""Actility ThingPark: one object whose key says what happened ("DevEUI_uplink").

Source: ThingPark "LRC-AS tunnel interface". With the content type "JSON untyped" every number is a
text; frequencies are in MHz; `CustomerData` is an object or a text that holds one.
"""

from collections.abc import Mapping
from typing import Any

from lorawan.dialects.body import parse_json
from lorawan.dialects.fields import Part
from lorawan.dialects.radio import (
    MEGAHERTZ,
    battery_percent,
    best_first,
    gateway_name,
    place,
    spreading_factor,
)
from lorawan.dialects.times import read_time
from lorawan.events import Dialect, Event, Kind, NotUnderstoodError, Reception

PREFIX = "DevEUI_"
UPLINK = "DevEUI_uplink"
CONFIRMED_TYPE = 4
"""`MType` of a confirmed uplink (LoRaWAN 1.0.4, message types)."""
MAINS_POWER = 0
LONGEST_NAME = 40


def read(body: Mapping[str, Any], name: str) -> Event:  # noqa: ARG001 - the key is the name
    """Return the event of a body.

    Raises:
        NotUnderstoodError: "wrong-dialect" without a "DevEUI_…" object; "missing" without a
            `DevEUI` in it; else see `fields.Part`.
    """
    key = key_of(body)
    if key is None:
        raise NotUnderstoodError("wrong-dialect", UPLINK)
    message = Part(body).part(key)
    eui = message.eui("DevEUI")
    kind = _kind(key, message)
    if eui is None and kind is not Kind.OTHER:
        raise NotUnderstoodError("missing", message.where("DevEUI"))
    return Event(
        dialect=Dialect.THINGPARK,
        kind=kind,
        name=key[:LONGEST_NAME],
        dev_eui=eui,
        device=_customer(message).name("name"),
        application=message.name("CustomerID"),
        time=read_time(message.values.get("Time")),
        session=message.session("DevAddr"),
        model=_model(message),
        **_details(message, kind),
    )


def key_of(body: Mapping[str, Any]) -> str | None:
    """Return the key that says what happened; None when there is none."""
    return next((key for key in body if key.startswith(PREFIX)), None)


def _kind(key: str, message: Part) -> Kind:
    if key == UPLINK:
        return Kind.UPLINK
    if key.startswith("DevEUI_downlink"):
        return Kind.DOWNLINK
    if key == "DevEUI_location":
        return Kind.LOCATION
    joined = key == "DevEUI_notification" and message.text("Type").lower() == "join"
    return Kind.JOIN if joined else Kind.OTHER


def _customer(message: Part) -> Part:
    """Return what the customer noted about the device, an empty part where that is no object."""
    text = message.values.get("CustomerData")
    if isinstance(text, str):
        try:
            return Part(parse_json(text.encode()))
        except NotUnderstoodError:
            return Part({})
    return message.loose("CustomerData")


def _model(message: Part) -> str:
    driver = message.loose("DriverCfg").loose("mod")
    producer, model = driver.text("pId"), driver.text("mId")
    return f"{producer}/{model}" if producer and model else ""


def _details(message: Part, kind: Kind) -> dict[str, Any]:
    if kind is Kind.UPLINK:
        return _uplink(message)
    if kind is Kind.LOCATION:
        latitude, longitude = place(message.number("DevLAT"), message.number("DevLON"))
        return {"latitude": latitude, "longitude": longitude}
    if kind is Kind.DOWNLINK:
        details = {
            "f_cnt_down": message.rounded("FCntDn") or 0,
            "delivery": message.text("DeliveryStatus"),
        }
        return {"details": details}
    return {"details": {"type": message.text("Type")}}


def _uplink(message: Part) -> dict[str, Any]:
    megahertz = message.number("Frequency")
    battery = message.number("BatteryLevel")
    return {
        "f_cnt": message.counter("FCntUp"),
        "f_port": message.port("FPort"),
        "payload": message.hexadecimal("payload_hex"),
        "decoded": message.loose("payload").values or None,
        "receptions": best_first(_receptions(message)),
        "spreading_factor": spreading_factor(message.number("SpFact")),
        "frequency": None if megahertz is None else round(megahertz * MEGAHERTZ),
        "confirmed": message.rounded("MType") == CONFIRMED_TYPE,
        "battery": battery_percent(battery),
        "external_power": battery == MAINS_POWER,
        "details": {"late": message.rounded("Late") == 1},
    }


def _receptions(message: Part) -> list[Reception]:
    """Return every gateway heard; the place is only told of the best one, outside the list."""
    gateways = message.loose("Lrrs").parts("Lrr")
    if gateways:
        return [_reception(one, message) for one in gateways]
    return [_reception(message, message)] if message.has("LrrRSSI") else []


def _reception(part: Part, message: Part) -> Reception:
    name = part.text("Lrrid")
    is_best = name == message.text("Lrrid")
    latitude, longitude = place(
        message.number("LrrLAT") if is_best else None,
        message.number("LrrLON") if is_best else None,
    )
    return Reception(
        gateway=gateway_name(name),
        rssi=part.number("LrrRSSI"),
        snr=part.number("LrrSNR"),
        latitude=latitude,
        longitude=longitude,
    )
