"""LORIOT: one object per message, `cmd` says which.

Source: docs.loriot.io, "Uplink Data Message" and "Gateway Information". A frame comes as "rx" at
once and, where the application asks for it, again as "gw" with every gateway that heard it. Both
carry the same counter, port, payload and server time, so they are one event.
"""

from collections.abc import Mapping
from typing import Any

from lorawan.dialects.fields import Part
from lorawan.dialects.radio import (
    battery_percent,
    best_first,
    data_rate,
    gateway_name,
    place,
)
from lorawan.dialects.times import from_milliseconds
from lorawan.events import Dialect, Event, Kind, NotUnderstoodError, Reception

KINDS = {
    "rx": Kind.UPLINK,
    "gw": Kind.UPLINK,
    "tx": Kind.DOWNLINK,
    "txd": Kind.DOWNLINK,
    "join": Kind.JOIN,
}
LONGEST_NAME = 40
MAINS_POWER = 0


def read(body: Mapping[str, Any], name: str) -> Event:  # noqa: ARG001 - `cmd` is the name
    """Return the event of a body.

    Raises:
        NotUnderstoodError: "wrong-dialect" without `cmd`, or `EUI` where it belongs; else see
            `fields.Part`.
    """
    message = Part(body)
    command = message.text("cmd", LONGEST_NAME)
    if not command:
        raise NotUnderstoodError("wrong-dialect", "cmd")
    kind = KINDS.get(command, Kind.OTHER)
    eui = message.eui("EUI")
    if eui is None and kind is not Kind.OTHER:
        raise NotUnderstoodError("wrong-dialect", "EUI")
    return Event(
        dialect=Dialect.LORIOT,
        kind=kind,
        name=command,
        dev_eui=eui,
        time=from_milliseconds(body.get("ts")),
        **_details(message, kind),
    )


def _details(message: Part, kind: Kind) -> dict[str, Any]:
    if kind is Kind.UPLINK:
        return _uplink(message)
    if kind is Kind.DOWNLINK:
        return {"details": {"f_cnt_down": message.rounded("seqdn") or 0}}
    return {}


def _uplink(message: Part) -> dict[str, Any]:
    payload = message.hexadecimal("data")
    spreading_factor, bandwidth = data_rate(message.text("dr"))
    battery = message.number("bat")
    return {
        "f_cnt": message.counter("fcnt"),
        "f_port": message.port("port"),
        "payload": payload,
        "encrypted": payload is None and message.has("encdata"),
        "receptions": best_first(_receptions(message)),
        "spreading_factor": spreading_factor,
        "bandwidth": bandwidth,
        "frequency": message.rounded("freq"),
        "battery": battery_percent(battery),
        "external_power": battery == MAINS_POWER,
    }


def _receptions(message: Part) -> list[Reception]:
    """Return every gateway of a "gw" message; an "rx" message tells the best values, no name."""
    gateways = message.parts("gws")
    if gateways:
        return [_reception(one) for one in gateways]
    return [_reception(message)] if message.has("rssi") or message.has("snr") else []


def _reception(part: Part) -> Reception:
    latitude, longitude = place(part.number("lat"), part.number("lon"))
    return Reception(
        gateway=gateway_name(part.text("gweui")),
        rssi=part.number("rssi"),
        snr=part.number("snr"),
        latitude=latitude,
        longitude=longitude,
    )
