"""What an event says beside its kind, in small messages written by hand."""

from typing import Any

import pytest

from lorawan.dialects.reading import recognise
from lorawan.events import Dialect, Kind, NotUnderstoodError
from tests.lorawan.messages import EUI, IDS, THEN, TIME, TTS, V3, V4, told


def test_a_device_of_chirpstack_4() -> None:
    event = told(V4 | {"devAddr": "0018944A"}, "join")
    assert (event.time, event.device, event.application) == (THEN, "gauge-1", "county")
    assert (event.model, event.tags) == ("Level sensor", {"river": "Mulde"})
    assert (event.session, event.key) == ("0018944a", V4["deduplicationId"])


def test_a_frame_with_defaults_left_out() -> None:
    event = told(V4 | {"rxInfo": [{"gatewayId": "0016C001F153A14C", "rssi": -36}]}, "up")
    assert (event.f_cnt, event.f_port, event.payload, event.confirmed) == (0, None, None, False)
    assert (event.receptions[0].gateway, event.receptions[0].snr) == ("0016c001f153a14c", 0.0)


@pytest.mark.parametrize("context", [{}, {"sessionKeyId": "AQ=="}])
def test_a_payload_chirpstack_cannot_read_is_kept_back(context: dict[str, str]) -> None:
    event = told(V4 | {"data": "qrs=", "joinServerContext": context}, "up")
    assert (event.encrypted, event.payload) == (True, None)
    assert not told(V4 | {"data": "qrs=", "joinServerContext": None}, "up").encrypted


@pytest.mark.parametrize(
    ("fields", "battery", "external"),
    [
        ({"margin": 10, "batteryLevel": 88.3}, 88.3, False),
        ({"margin": 10}, 0.0, False),
        ({"batteryLevelUnavailable": True, "batteryLevel": 0}, None, False),
        ({"externalPowerSource": True}, None, True),
        ({"batteryLevel": 400}, None, False),
        ({"batteryLevel": "full"}, None, False),
    ],
)
def test_battery_of_a_status(
    fields: dict[str, Any], battery: float | None, external: bool
) -> None:
    event = told(V4 | fields, "status")
    assert (event.battery, event.external_power) == (battery, external)
    assert event.margin == fields.get("margin", 0)


def test_a_log_keeps_what_it_says() -> None:
    fields = {
        "level": "WARNING",
        "code": "UPLINK_F_CNT_RETRANSMISSION",
        "description": "again",
        "context": {"deduplication_id": "4e91db13"},
    }
    assert told(V4 | fields, "log").details == fields


@pytest.mark.parametrize("name", ["something", "up\x00", "u" * 500, "⚡"])
def test_an_unknown_event_is_kept_whatever_it_holds(name: str) -> None:
    body = {"deviceInfo": {"devEui": 5}, "fCnt": -1, "time": "never"}
    event = told(body, name, Dialect.CHIRPSTACK_V4)
    assert event.kind is Kind.OTHER
    assert event.name.isprintable()
    assert len(event.name) <= 40
    assert told({}, name, Dialect.CHIRPSTACK_V4).address == ""
    assert told(V4, name).address == EUI


def test_chirpstack_3_decodes_in_a_text() -> None:
    event = told(V3 | {"fCnt": 1, "objectJSON": '{"level":1.5}', "rxInfo": [{"time": None}]})
    assert event.decoded == {"level": 1.5}
    assert event.time is None
    assert told(V3 | {"fCnt": 1, "objectJSON": ""}).decoded is None
    assert told(V3 | {"fCnt": 1, "publishedAt": TIME}).time == THEN


def test_a_message_with_parts_taken_away() -> None:
    event = told({"uplink_message": {"decoded_payload": {"level": 1.5}}})
    assert (event.dialect, event.kind) == (Dialect.TTS_V3, Kind.UPLINK)
    assert (event.address, event.f_cnt, event.payload, event.time) == ("", None, None, None)
    assert event.decoded == {"level": 1.5}
    nameless = told({"end_device_ids": {k: IDS[k] for k in ("device_id", "application_ids")}})
    assert nameless.address == "county/gauge-1"


def test_what_the_things_stack_says_about_a_frame() -> None:
    uplink = {
        "session_key_id": "AXA50tHUGUucuzS/bCGMNw==",
        "decoded_payload_warnings": ["low battery", 7],
        "normalized_payload": [{"air": {"temperature": 1}}, {"battery": 3}],
        "version_ids": {"brand_id": "decentlab", "model_id": "dl-pr26"},
        "last_battery_percentage": {"value": 71.5},
        "attributes": {"river": "Mulde"},
        "app_s_key": {"kek_label": "x"},
        "frm_payload": "qg==",
    }
    event = told(TTS | {"uplink_message": uplink, "simulated": True})
    assert event.simulated
    assert (event.encrypted, event.payload) == (True, None)
    assert (event.model, event.battery) == ("decentlab/dl-pr26", 71.5)
    assert event.warnings == ("low battery",)
    assert event.normalized == ({"air": {"temperature": 1}}, {"battery": 3})
    assert event.tags == {"river": "Mulde"}
    assert (event.f_cnt, event.time) == (0, THEN)


def test_a_failed_downlink_says_why() -> None:
    failed = {"downlink": {"f_port": 15, "f_cnt": 3}, "error": {"name": "too_long"}}
    event = told(TTS | {"downlink_failed": failed})
    assert event.details == {"f_cnt_down": 3, "f_port": 15, "error": "too_long"}
    assert event.f_cnt is None


def test_a_solved_place() -> None:
    there = {"location": {"latitude": 51.62, "longitude": 12.31}}
    event = told(TTS | {"location_solved": there})
    assert (event.latitude, event.longitude) == (51.62, 12.31)
    assert told(V4 | there, "location").longitude == 12.31
    assert told(V3 | there, "location").longitude == 12.31
    beyond = {"location": {"latitude": 91, "longitude": 12.31}}
    assert told(V4 | beyond, "location").latitude is None


def test_loriot_may_not_know_the_key() -> None:
    event = told({"cmd": "rx", "EUI": EUI, "fcnt": 1, "port": 2, "encdata": "aabb", "bat": 0})
    assert (event.encrypted, event.payload, event.external_power) == (True, None, True)
    full = told({"cmd": "rx", "EUI": EUI, "data": "AABB", "bat": 254, "encdata": None})
    assert (full.encrypted, full.payload, full.battery) == (False, b"\xaa\xbb", 100.0)
    assert told({"cmd": "rx", "EUI": EUI, "bat": 255}).battery is None


@pytest.mark.parametrize("customer", ['{"name":"gauge-1"}', {"name": "gauge-1"}])
def test_thingpark_notes_of_the_customer(customer: object) -> None:
    uplink = {"DevEUI": EUI, "FCntUp": "7", "FPort": "2", "CustomerData": customer, "Late": "1"}
    event = told({"DevEUI_uplink": uplink | {"Frequency": "868.1", "MType": "4"}})
    assert (event.f_cnt, event.f_port, event.device) == (7, 2, "gauge-1")
    assert (event.frequency, event.confirmed, event.details) == (868_100_000, True, {"late": True})
    assert told({"DevEUI_uplink": uplink | {"CustomerData": "{"}}).device == ""


@pytest.mark.parametrize(
    ("dialect", "field"),
    [
        (Dialect.CHIRPSTACK_V4, "deviceInfo"),
        (Dialect.CHIRPSTACK_V3, "devEUI"),
        (Dialect.TTS_V3, "end_device_ids"),
        (Dialect.LORIOT, "cmd"),
        (Dialect.THINGPARK, "DevEUI_uplink"),
        (Dialect.MILESIGHT, "devEUI"),
    ],
)
@pytest.mark.parametrize("body", [{}, {"hello": "world"}])
def test_a_message_of_another_server_names_the_missing_field(
    dialect: Dialect, field: str, body: dict[str, Any]
) -> None:
    with pytest.raises(NotUnderstoodError) as refusal:
        told(body, "", dialect)
    assert (refusal.value.problem, refusal.value.where) == ("wrong-dialect", field)
    assert recognise(body) is None
