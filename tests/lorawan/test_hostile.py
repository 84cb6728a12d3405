"""Broken and hostile messages: each is refused with one word and the field, or read safely."""

from typing import Any

import orjson
import pytest

from lorawan.dialects.reading import read
from lorawan.events import Dialect, Event, NotUnderstoodError
from tests.lorawan.bounds import check
from tests.lorawan.encoders import RENDERINGS, Rendering, Uplink

V4, V3, V3_HEX = "chirpstack-v4", "chirpstack-v3", "chirpstack-v3-hexadecimal"
TTS, RX, PARK, PARK_TEXT, MILESIGHT = (
    "tts",
    "loriot-rx",
    "thingpark",
    "thingpark-untyped",
    "milesight",
)
UP, ACTILITY = "uplink_message", "DevEUI_uplink"


def changed(name: str, path: str, value: Any) -> Rendering:
    """Return a good message with one field put in its place."""
    rendering = RENDERINGS[name](Uplink())
    body = orjson.loads(rendering.body)
    *way, last = path.split(".")
    inside = body
    for step in way:
        inside = inside[step]
    inside[last] = value
    return Rendering(rendering.dialect, orjson.dumps(body), rendering.event)


def told(rendering: Rendering, dialect: Dialect | None = None) -> Event:
    [event] = read(rendering.body, rendering.form, rendering.event, dialect)
    return event


@pytest.mark.parametrize(
    ("name", "path", "value", "problem"),
    [
        (V4, "deviceInfo", "gauge", "wrong-dialect"),
        (V4, "deviceInfo", [], "wrong-dialect"),
        (V4, "deviceInfo.devEui", None, "missing"),
        (V4, "deviceInfo.devEui", "", "missing"),
        (V4, "deviceInfo.devEui", 72340172838076673, "bad-eui"),
        (V4, "deviceInfo.devEui", "0101", "bad-eui"),
        (V4, "deviceInfo.devEui", "01-01-01-01-01-01-01-01", "bad-eui"),
        (V4, "deviceInfo.devEui", "0101010101010101\n", "bad-eui"),
        (V4, "deviceInfo.devEui", "٠١٠١٠١٠١٠١٠١٠١٠١", "bad-eui"),
        (V4, "deviceInfo.devEui", "0" * 100_000, "bad-eui"),
        (V4, "deviceInfo.devEui", "'; DROP TABLE frame; --", "bad-eui"),
        (V4, "fCnt", -1, "out-of-range"),
        (V4, "fCnt", 2**32, "out-of-range"),
        (V4, "fCnt", 2**63, "out-of-range"),
        (V4, "fCnt", 1e300, "out-of-range"),
        (V4, "fCnt", 1.5, "wrong-type"),
        (V4, "fCnt", True, "wrong-type"),
        (V4, "fCnt", "many", "wrong-type"),
        (V4, "fCnt", "", "wrong-type"),
        (V4, "fCnt", [1], "wrong-type"),
        (V4, "fCnt", {}, "wrong-type"),
        (V4, "fPort", 256, "out-of-range"),
        (V4, "fPort", -1, "out-of-range"),
        (V4, "fPort", False, "wrong-type"),
        (V4, "fPort", "٣", "wrong-type"),
        (V4, "data", 7, "wrong-type"),
        (V4, "data", ["qg=="], "wrong-type"),
        (V4, "data", "qg", "bad-base64"),
        (V4, "data", "qg= =", "bad-base64"),
        (V4, "data", " qg==", "bad-base64"),
        (V4, "data", "qg==\n", "bad-base64"),
        (V4, "data", "_-8=", "bad-base64"),
        (V4, "data", "ä", "bad-base64"),
        (V4, "data", "A" * 341, "bad-base64"),
        (V4, "data", "A" * 344, "payload-too-long"),
        (V4, "data", "A" * 200_000, "payload-too-long"),
        (V4, "object", [1, 2], "wrong-type"),
        (V4, "object", "text", "wrong-type"),
        (V4, "object", True, "wrong-type"),
        (V3, "devEUI", "AQEB", "bad-eui"),
        (V3, "devEUI", "AgICAgICAgI", "bad-eui"),
        (V3, "devEUI", "====", "bad-eui"),
        (V3, "devEUI", {}, "bad-eui"),
        (V3, "data", "0x0", "bad-base64"),
        (V3, "objectJSON", "{", "bad-json"),
        (V3, "objectJSON", "NaN", "bad-json"),
        (V3, "objectJSON", "[]", "wrong-type"),
        (V3, "objectJSON", 5, "wrong-type"),
        (V3, "objectJSON", '{"a":' * 40 + "1" + "}" * 40, "too-deep"),
        (V3_HEX, "object", 5, "wrong-type"),
        (V3_HEX, "fCnt", "-5", "wrong-type"),
        (TTS, "end_device_ids", 5, "wrong-type"),
        (TTS, "end_device_ids.dev_eui", "70B3", "bad-eui"),
        (TTS, UP, "text", "wrong-type"),
        (TTS, f"{UP}.f_cnt", "1e3", "wrong-type"),
        (TTS, f"{UP}.f_port", 1000, "out-of-range"),
        (TTS, f"{UP}.frm_payload", "%%%%", "bad-base64"),
        (TTS, f"{UP}.decoded_payload", "text", "wrong-type"),
        (RX, "EUI", "xyz", "bad-eui"),
        (RX, "EUI", None, "wrong-dialect"),
        (RX, "cmd", None, "wrong-dialect"),
        (RX, "fcnt", {}, "wrong-type"),
        (RX, "data", "abc", "bad-hex"),
        (RX, "data", "ab cd", "bad-hex"),
        (RX, "data", "zz", "bad-hex"),
        (RX, "data", "00" * 256, "payload-too-long"),
        (PARK, ACTILITY, [], "wrong-type"),
        (PARK, f"{ACTILITY}.DevEUI", None, "missing"),
        (PARK, f"{ACTILITY}.FCntUp", "12345678901", "wrong-type"),
        (PARK, f"{ACTILITY}.FCntUp", "4294967296", "out-of-range"),
        (PARK, f"{ACTILITY}.payload_hex", "0x01", "bad-hex"),
        (MILESIGHT, "devEUI", "24e16410921767591", "bad-eui"),
        (MILESIGHT, "data", "AXVcBQA", "bad-base64"),
    ],
)
def test_a_field_that_matters_is_named(name: str, path: str, value: Any, problem: str) -> None:
    rendering = changed(name, path, value)
    with pytest.raises(NotUnderstoodError) as refusal:
        told(rendering, rendering.dialect)
    assert (refusal.value.problem, refusal.value.where) == (problem, path)


def test_the_longest_payload_is_read() -> None:
    assert told(changed(V4, "data", "A" * 340)).payload == bytes(255)
    assert told(changed(RX, "data", "00" * 255)).payload == bytes(255)


ODD = [None, "", "x", -1, 1e300, 2**63, True, [], [None], [[]], {}, {"a": {"b": []}}, "9" * 5000]


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize(
    ("name", "path"),
    [
        (V4, "rxInfo"),
        (V4, "txInfo"),
        (V4, "txInfo.modulation"),
        (V4, "time"),
        (V4, "devAddr"),
        (V4, "deduplicationId"),
        (V4, "deviceInfo.tags"),
        (V4, "deviceInfo.deviceName"),
        (V3, "rxInfo"),
        (V3, "txInfo.loRaModulationInfo"),
        (V3, "applicationID"),
        (TTS, "simulated"),
        (TTS, "received_at"),
        (TTS, f"{UP}.rx_metadata"),
        (TTS, f"{UP}.settings"),
        (TTS, f"{UP}.settings.frequency"),
        (TTS, f"{UP}.session_key_id"),
        (TTS, f"{UP}.normalized_payload"),
        (TTS, f"{UP}.version_ids"),
        (RX, "dr"),
        (RX, "ts"),
        (RX, "rssi"),
        (RX, "bat"),
        (RX, "gws"),
        (PARK, f"{ACTILITY}.Lrrs"),
        (PARK, f"{ACTILITY}.CustomerData"),
        (PARK, f"{ACTILITY}.Frequency"),
        (PARK, f"{ACTILITY}.SpFact"),
        (PARK_TEXT, f"{ACTILITY}.LrrSNR"),
        (MILESIGHT, "rxInfo"),
        (MILESIGHT, "txInfo.dataRate"),
        (MILESIGHT, "applicationID"),
    ],
)
def test_a_field_beside_costs_no_measurement(name: str, path: str, value: Any) -> None:
    rendering = changed(name, path, value)
    event = told(rendering, rendering.dialect)
    check(event)
    assert event.payload == Uplink().payload
    assert event.f_cnt == Uplink().f_cnt
