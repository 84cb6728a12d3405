"""A frame as ChirpStack writes it, versions 4 (JSON, protobuf) and 3 (both JSON marshalers)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any
from uuid import uuid5

import orjson
from chirpstack_api import integration
from google.protobuf.json_format import ParseDict

from lorawan.events import Dialect, Form
from tests.lorawan.uplink import (
    HOUSE,
    Rendering,
    Uplink,
    hex_in_base64,
    in_base64,
    microseconds,
    without_defaults,
)


def chirpstack_v4(uplink: Uplink) -> Rendering:
    """ChirpStack 4, JSON, every field present."""
    return Rendering(
        dialect=Dialect.CHIRPSTACK_V4,
        body=orjson.dumps(chirpstack_v4_message(uplink)),
        event="up",
        topic=f"application/{uuid5(HOUSE, uplink.application)}/device/{uplink.dev_eui}/event/up",
    )


def chirpstack_v4_lean(uplink: Uplink) -> Rendering:
    """ChirpStack 4, JSON, default values left out."""
    message = chirpstack_v4_message(replace(uplink, decoded=None))
    decoded = {"object": uplink.decoded} if uplink.decoded is not None else {}
    body = orjson.dumps(without_defaults(message) | decoded)
    return replace(chirpstack_v4(uplink), body=body)


def chirpstack_v4_message(uplink: Uplink) -> dict[str, Any]:
    """The event as an object, in which a test may change what it likes."""
    message = {
        "deduplicationId": uplink.deduplication_id,
        "time": uplink.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f999+00:00"),
        "deviceInfo": {
            "tenantName": "county",
            "applicationId": str(uuid5(HOUSE, uplink.application)),
            "applicationName": uplink.application,
            "deviceProfileName": uplink.model,
            "deviceName": uplink.device,
            "devEui": uplink.dev_eui,
            "tags": {},
        },
        "devAddr": uplink.session,
        "adr": True,
        "dr": 12 - uplink.spreading_factor,
        "fCnt": uplink.f_cnt,
        "fPort": uplink.f_port or 0,
        "confirmed": uplink.confirmed,
        "data": in_base64(uplink.payload),
        "rxInfo": [
            {
                "gatewayId": one.gateway,
                "uplinkId": 4217106255,
                "rssi": one.rssi,
                "snr": one.snr,
                "location": {"latitude": one.latitude, "longitude": one.longitude},
                "crcStatus": "CRC_OK",
            }
            for one in uplink.heard
        ],
        "txInfo": {
            "frequency": uplink.frequency,
            "modulation": {
                "lora": {
                    "bandwidth": uplink.bandwidth,
                    "spreadingFactor": uplink.spreading_factor,
                    "codeRate": "CR_4_5",
                }
            },
        },
        "regionConfigId": "eu868",
    }
    return message if uplink.decoded is None else message | {"object": dict(uplink.decoded)}


def chirpstack_v4_protobuf(uplink: Uplink) -> Rendering:
    """ChirpStack 4, protobuf: the JSON message read by protobuf's own reader."""
    message = ParseDict(chirpstack_v4_message(uplink), integration.UplinkEvent())
    rendering = chirpstack_v4(uplink)
    return replace(rendering, body=message.SerializeToString(), form=Form.PROTOBUF)


def _chirpstack_v3(uplink: Uplink, written: Callable[[str], str]) -> dict[str, Any]:
    return {
        "applicationID": "123",
        "applicationName": uplink.application,
        "deviceName": uplink.device,
        "deviceProfileName": uplink.model,
        "devEUI": written(uplink.dev_eui),
        "devAddr": written(uplink.session),
        "confirmedUplink": uplink.confirmed,
        "rxInfo": [
            {
                "gatewayID": written(one.gateway),
                "time": microseconds(uplink.time),
                "rssi": one.rssi,
                "loRaSNR": one.snr,
                "location": {"latitude": one.latitude, "longitude": one.longitude},
            }
            for one in uplink.heard
        ],
        "txInfo": {
            "frequency": uplink.frequency,
            "modulation": "LORA",
            "loRaModulationInfo": {
                "bandwidth": uplink.bandwidth // 1000,
                "spreadingFactor": uplink.spreading_factor,
                "codeRate": "4/5",
            },
        },
        "adr": True,
        "dr": 12 - uplink.spreading_factor,
        "fCnt": uplink.f_cnt,
        "fPort": uplink.f_port or 0,
        "data": in_base64(uplink.payload),
        "tags": {},
    }


def chirpstack_v3(uplink: Uplink) -> Rendering:
    """ChirpStack 3, marshaler "JSON": EUIs in base64, the object as a text."""
    text = "" if uplink.decoded is None else orjson.dumps(uplink.decoded).decode()
    message = _chirpstack_v3(uplink, hex_in_base64) | {"objectJSON": text}
    return Rendering(Dialect.CHIRPSTACK_V3, orjson.dumps(message), event="up")


def chirpstack_v3_hexadecimal(uplink: Uplink) -> Rendering:
    """ChirpStack 3, marshaler "JSON_V3": EUIs in digits, the object as an object."""
    message = _chirpstack_v3(uplink, str) | {"object": uplink.decoded}
    return Rendering(Dialect.CHIRPSTACK_V3, orjson.dumps(message), event="up")
