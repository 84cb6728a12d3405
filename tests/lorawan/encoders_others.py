"""A frame as The Things Stack, LORIOT, ThingPark and a Milesight gateway write it."""

from datetime import timedelta
from typing import Any

import orjson

from lorawan.events import Dialect
from tests.lorawan.uplink import (
    Heard,
    Rendering,
    Uplink,
    in_base64,
    microseconds,
    milliseconds,
    without_defaults,
)


def tts(uplink: Uplink) -> Rendering:
    """The Things Stack 3, `uplink_message`."""
    message = _tts_message(uplink) | {
        "version_ids": {"brand_id": uplink.brand, "model_id": uplink.model}
    }
    if uplink.decoded is not None:
        message["decoded_payload"] = dict(uplink.decoded)
    return _tts(uplink, "uplink_message", message)


def tts_normalized(uplink: Uplink) -> Rendering:
    """The Things Stack 3, `uplink_normalized`: the second message about the same frame."""
    message = _tts_message(uplink) | {"normalized_payload": {"air": {"temperature": 20.5}}}
    return _tts(uplink, "uplink_normalized", message)


def _tts(uplink: Uplink, key: str, message: dict[str, Any]) -> Rendering:
    body: dict[str, Any] = {
        "end_device_ids": {
            "device_id": uplink.device,
            "application_ids": {"application_id": uplink.application},
            "dev_eui": uplink.dev_eui.upper(),
            "join_eui": "0000000000000000",
            "dev_addr": uplink.session.upper(),
        },
        "correlation_ids": [f"as:up:{uplink.deduplication_id}"],
        "received_at": microseconds(uplink.time + timedelta(milliseconds=210)),
        key: message,
    }
    if uplink.simulated:
        body["simulated"] = True
    topic = f"v3/{uplink.application}@county/devices/{uplink.device}/up"
    return Rendering(Dialect.TTS_V3, orjson.dumps(body), topic=topic)


def _tts_message(uplink: Uplink) -> dict[str, Any]:
    message = {
        "session_key_id": uplink.session_key_id,
        "f_port": uplink.f_port,
        "f_cnt": uplink.f_cnt,
        "frm_payload": in_base64(uplink.payload),
        "rx_metadata": [_tts_gateway(one) for one in uplink.heard],
        "settings": {
            "data_rate": {
                "lora": {
                    "bandwidth": uplink.bandwidth,
                    "spreading_factor": uplink.spreading_factor,
                    "coding_rate": "4/5",
                }
            },
            "frequency": str(uplink.frequency),
        },
        "received_at": microseconds(uplink.time).replace("Z", "599Z"),
        "confirmed": uplink.confirmed,
        "consumed_airtime": "0.056576s",
    }
    return without_defaults(message)


def _tts_gateway(heard: Heard) -> dict[str, Any]:
    return {
        "gateway_ids": {"gateway_id": f"eui-{heard.gateway}", "eui": heard.gateway.upper()},
        "rssi": heard.rssi,
        "channel_rssi": heard.rssi,
        "snr": heard.snr,
        "location": {
            "latitude": heard.latitude,
            "longitude": heard.longitude,
            "source": "SOURCE_REGISTRY",
        },
    }


def _loriot(uplink: Uplink, command: str) -> dict[str, Any]:
    return {
        "cmd": command,
        "EUI": uplink.dev_eui.upper(),
        "ts": round(uplink.time.timestamp() * 1000),
        "fcnt": uplink.f_cnt,
        "port": uplink.f_port or 0,
        "freq": uplink.frequency,
        "dr": f"SF{uplink.spreading_factor} BW{uplink.bandwidth // 1000} 4/5",
        "ack": False,
        "data": uplink.payload.hex(),
    }


def loriot_rx(uplink: Uplink) -> Rendering:
    """LORIOT's first message about a frame: the best signal, no gateway."""
    best = uplink.best
    message = _loriot(uplink, "rx") | {"rssi": best.rssi, "snr": best.snr}
    return Rendering(Dialect.LORIOT, orjson.dumps(message))


def loriot_gw(uplink: Uplink) -> Rendering:
    """LORIOT's second message about the same frame: every gateway."""
    gateways = [
        {
            "rssi": one.rssi,
            "snr": one.snr,
            "ts": round(uplink.time.timestamp() * 1000),
            "gweui": one.gateway.upper(),
            "lat": one.latitude,
            "lon": one.longitude,
        }
        for one in uplink.heard
    ]
    message = _loriot(uplink, "gw") | {"seqno": 4, "toa": 1319, "gws": gateways, "bat": 143}
    return Rendering(Dialect.LORIOT, orjson.dumps(message))


def thingpark(uplink: Uplink) -> Rendering:
    """ThingPark, content type "JSON"."""
    return Rendering(Dialect.THINGPARK, orjson.dumps({"DevEUI_uplink": _thingpark(uplink)}))


def thingpark_untyped(uplink: Uplink) -> Rendering:
    """ThingPark, content type "JSON untyped": numbers as texts, the customer's data as a text."""
    message = _thingpark(uplink)
    texts = {key: str(one) for key, one in message.items() if isinstance(one, int | float)}
    message |= texts | {"CustomerData": orjson.dumps(message["CustomerData"]).decode()}
    gateways = [{key: str(value) for key, value in one.items()} for one in message["Lrrs"]["Lrr"]]
    message["Lrrs"] = {"Lrr": gateways[0] if len(gateways) == 1 else gateways}
    return Rendering(Dialect.THINGPARK, orjson.dumps({"DevEUI_uplink": message}))


def _thingpark(uplink: Uplink) -> dict[str, Any]:
    best = uplink.best
    message = {
        "Time": milliseconds(uplink.time),
        "DevEUI": uplink.dev_eui.upper(),
        "DevAddr": uplink.session.upper(),
        "FCntUp": uplink.f_cnt,
        "MType": 4 if uplink.confirmed else 2,
        "payload_hex": uplink.payload.hex(),
        "LrrRSSI": float(best.rssi),
        "LrrSNR": best.snr,
        "SpFact": uplink.spreading_factor,
        "Lrrid": best.gateway,
        "Late": 0,
        "LrrLAT": best.latitude,
        "LrrLON": best.longitude,
        "Lrrs": {
            "Lrr": [
                {"Lrrid": one.gateway, "Chain": 0, "LrrRSSI": float(one.rssi), "LrrSNR": one.snr}
                for one in uplink.heard
            ]
        },
        "CustomerID": uplink.application,
        "CustomerData": {"name": uplink.device},
        "DriverCfg": {"mod": {"pId": uplink.brand, "mId": uplink.model, "ver": "1"}},
        "Frequency": uplink.frequency / 1_000_000,
    }
    return message if uplink.f_port is None else message | {"FPort": uplink.f_port}


def milesight(uplink: Uplink, *, time: str | None = None) -> Rendering:
    """A Milesight gateway; `time` writes one as some firmware does ("2020-0327T12:39:05Z")."""
    message = {
        "applicationID": 1,
        "applicationName": uplink.application,
        "deviceName": uplink.device,
        "devEUI": uplink.dev_eui,
        "time": time or microseconds(uplink.time),
        "rxInfo": [
            {
                "mac": one.gateway,
                "rssi": one.rssi,
                "loRaSNR": one.snr,
                "name": "local_gateway",
                "latitude": one.latitude,
                "longitude": one.longitude,
            }
            for one in uplink.heard
        ],
        "txInfo": {
            "frequency": uplink.frequency,
            "dataRate": {
                "modulation": "LORA",
                "bandwidth": uplink.bandwidth // 1000,
                "spreadFactor": uplink.spreading_factor,
            },
            "codeRate": "4/5",
        },
        "fCnt": uplink.f_cnt,
        "fPort": uplink.f_port or 0,
        "data": in_base64(uplink.payload),
    }
    return Rendering(Dialect.MILESIGHT, orjson.dumps(message))
