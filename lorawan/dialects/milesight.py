"""Milesight gateways with a network server of their own, posting over HTTP.

Close to ChirpStack 2 and 3, but: gateways are `mac` with their place beside, the data rate is
`txInfo.dataRate`, the time is one for all, and some firmware writes an impossible one
("2020-0327T12:39:05.547336Z"): then the arrival counts.
"""

from collections.abc import Mapping
from typing import Any

from lorawan.dialects.chirpstack_v3 import decoded
from lorawan.dialects.fields import Part
from lorawan.dialects.radio import KILOHERTZ, best_first, gateway_name, place, spreading_factor
from lorawan.dialects.times import read_time
from lorawan.events import Dialect, Event, Kind, NotUnderstoodError, Reception

UPLINK_FIELDS = ("fCnt", "fPort", "data")
JOIN = "join"


def read(body: Mapping[str, Any], name: str) -> Event:
    """Return the event of a body; gateways name none, so `name` is only kept.

    Raises:
        NotUnderstoodError: "wrong-dialect" without `devEUI`; else see `fields.Part`.
    """
    message = Part(body)
    eui = message.eui("devEUI")
    if eui is None:
        raise NotUnderstoodError("wrong-dialect", "devEUI")
    kind = _kind(message)
    return Event(
        dialect=Dialect.MILESIGHT,
        kind=kind,
        name=name or message.text("type", 40) or kind,
        dev_eui=eui,
        device=message.name("deviceName"),
        application=message.name("applicationName") or message.name("applicationID"),
        time=read_time(body.get("time")),
        session=message.session("devAddr"),
        **(_uplink(message) if kind is Kind.UPLINK else {}),
    )


def _kind(message: Part) -> Kind:
    if any(message.has(field) for field in UPLINK_FIELDS):
        return Kind.UPLINK
    return Kind.JOIN if message.text("type").lower() == JOIN else Kind.OTHER


def _uplink(message: Part) -> dict[str, Any]:
    sent = message.loose("txInfo")
    rate = sent.loose("dataRate")
    kilohertz = rate.number("bandwidth")
    return {
        "f_cnt": message.counter("fCnt") or 0,
        "f_port": message.port("fPort"),
        "payload": message.base64("data"),
        "decoded": decoded(message),
        "receptions": best_first(_reception(one) for one in message.parts("rxInfo")),
        "spreading_factor": spreading_factor(rate.number("spreadFactor")),
        "bandwidth": None if kilohertz is None else round(kilohertz * KILOHERTZ),
        "frequency": sent.rounded("frequency"),
    }


def _reception(part: Part) -> Reception:
    latitude, longitude = place(part.number("latitude"), part.number("longitude"))
    return Reception(
        gateway=gateway_name(part.text("mac")),
        rssi=part.number("rssi"),
        snr=part.number("loRaSNR"),
        latitude=latitude,
        longitude=longitude,
    )
