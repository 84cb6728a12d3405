"""ChirpStack 4 in protobuf says the same as in JSON, for every event, and garbage is refused."""

import subprocess
import sys
from typing import Any

import orjson
import pytest
from chirpstack_api import common, integration
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct

from lorawan.dialects.reading import read
from lorawan.events import Dialect, Event, Form, Kind, NotUnderstoodError
from lorawan.identity import key_of
from tests.conftest import ROOT
from tests.lorawan.encoders import RENDERINGS, Uplink

ENVELOPE = {
    "deduplicationId": "bf2a9746-1c8b-49be-a92e-f0b89c8534e4",
    "time": "2022-07-18T09:35:06.927172638+00:00",
    "deviceInfo": {
        "applicationName": "county",
        "deviceProfileName": "Level sensor",
        "deviceName": "gauge-1",
        "devEui": "0101010101010101",
        "tags": {"river": "Mulde"},
    },
}
NO_ID = {key: value for key, value in ENVELOPE.items() if key != "deduplicationId"}
EVENTS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "join": (integration.JoinEvent, ENVELOPE | {"devAddr": "00189440"}),
    "ack": (integration.AckEvent, ENVELOPE | {"queueItemId": "1b", "fCntDown": 3}),
    "txack": (
        integration.TxAckEvent,
        NO_ID | {"downlinkId": 3461958127, "queueItemId": "1b", "gatewayId": "0016c001f153a14c"},
    ),
    "log": (
        integration.LogEvent,
        NO_ID
        | {
            "level": "ERROR",
            "code": "UPLINK_MIC",
            "description": "MIC is invalid",
            "context": {"deduplication_id": "4e91db13"},
        },
    ),
    "status": (integration.StatusEvent, ENVELOPE | {"margin": 10, "batteryLevel": 88.3}),
    "location": (
        integration.LocationEvent,
        ENVELOPE | {"location": {"latitude": 37.344214, "longitude": -8.839375}},
    ),
}


def told(body: bytes, name: str, form: Form = Form.PROTOBUF) -> Event:
    [event] = read(body, form, name, Dialect.CHIRPSTACK_V4)
    return event


def uplink(**fields: Any) -> bytes:
    message = integration.UplinkEvent(**fields)
    message.device_info.dev_eui = message.device_info.dev_eui or "0101010101010101"
    return bytes(message.SerializeToString())


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_the_same_in_both_forms(name: str) -> None:
    message, fields = EVENTS[name]
    written = ParseDict(fields, message()).SerializeToString()
    in_json = told(orjson.dumps(fields), name, Form.JSON)
    assert told(written, name) == in_json
    assert in_json.key
    assert key_of(told(written, name), b"one") == key_of(in_json, b"another")


def test_a_frame_is_the_same_in_both_forms() -> None:
    frame = Uplink(decoded={"level": 1.5, "words": ["a", None, {"b": True}]})
    events = [
        told(rendering.body, rendering.event, rendering.form)
        for rendering in (
            RENDERINGS["chirpstack-v4"](frame),
            RENDERINGS["chirpstack-v4-lean"](frame),
            RENDERINGS["chirpstack-v4-protobuf"](frame),
        )
    ]
    assert events[0] == events[1] == events[2]


def test_a_payload_chirpstack_cannot_read_is_kept_back() -> None:
    event = told(uplink(data=b"\xaa", join_server_context=common.JoinServerContext()), "up")
    assert (event.encrypted, event.payload) == (True, None)


def test_an_event_of_an_old_server_keeps_its_device() -> None:
    # IntegrationEvent of servers before 4.14: a text in field 4, one in 5, a structure in 6
    written = ParseDict(ENVELOPE, integration.StatusEvent()).SerializeToString()
    written += b"\x22\x09loracloud" + b"\x2a\x05modem" + b"\x32\x00"
    event = told(written, "integration")
    assert (event.kind, event.name) == (Kind.OTHER, "integration")
    assert (event.dev_eui, event.device) == ("0101010101010101", "gauge-1")
    assert event.time is not None


def test_numbers_newer_than_the_package_are_kept_as_numbers() -> None:
    message = ParseDict(NO_ID, integration.LogEvent())
    assert told(message.SerializeToString() + b"\x20\x63", "log").details["code"] == "99"


def test_what_no_database_stores_is_replaced() -> None:
    decoded = Struct()
    decoded.update({"a\x00": "b\x00", "c": float("nan")})
    info = integration.DeviceInfo(device_name="x\x00", tags={"k\x00": "v\x00"})
    event = told(uplink(object=decoded, device_info=info), "up")
    assert event.decoded == {"a\ufffd": "b\ufffd", "c": None}
    assert (event.device, event.tags) == ("x\ufffd", {"k\ufffd": "v\ufffd"})


def deep(levels: int) -> Struct:
    inner = Struct()
    for _ in range(levels - 1):
        outer = Struct()
        outer.fields["a"].struct_value.CopyFrom(inner)
        inner = outer
    return inner


@pytest.mark.parametrize(
    ("body", "name", "problem", "where"),
    [
        pytest.param(b"", "up", "empty", "", id="empty"),
        pytest.param(uplink(), "", "missing", "event", id="no name"),
        pytest.param(b'{"fCnt":1}', "up", "not-protobuf", "", id="JSON"),
        pytest.param(uplink()[:-1], "up", "not-protobuf", "", id="cut off"),
        pytest.param(b"\xff" * 100, "up", "not-protobuf", "", id="noise"),
        pytest.param(b"\x1f\x8b\x08\x00", "up", "not-protobuf", "", id="gzip"),
        pytest.param(b"\x38\x01", "up", "wrong-dialect", "deviceInfo", id="no device"),
        pytest.param(b"\x1a\x00", "up", "missing", "deviceInfo.devEui", id="no EUI"),
        pytest.param(
            uplink(device_info=integration.DeviceInfo(dev_eui="010101010101010x")),
            "up",
            "bad-eui",
            "deviceInfo.devEui",
            id="bad EUI",
        ),
        pytest.param(uplink(f_port=256), "up", "out-of-range", "fPort", id="port"),
        pytest.param(uplink(data=bytes(256)), "up", "payload-too-long", "data", id="payload"),
        pytest.param(uplink(object=deep(33)), "up", "too-deep", "object", id="deep object"),
    ],
)
def test_a_broken_message_is_refused(body: bytes, name: str, problem: str, where: str) -> None:
    with pytest.raises(NotUnderstoodError) as refusal:
        told(body, name)
    assert (refusal.value.problem, refusal.value.where) == (problem, where)


def test_other_servers_are_read_in_json_only() -> None:
    with pytest.raises(NotUnderstoodError, match="wrong-form"):
        read(uplink(), Form.PROTOBUF, "up", Dialect.TTS_V3)


def test_protobuf_waits_for_its_first_message() -> None:
    found = run("import sys, lorawan.dialects.reading; print('grpc' in sys.modules)")
    assert found == "False"


def test_the_solver_and_protobuf_share_a_process() -> None:
    found = run(
        "from ortools.sat.python import cp_model\n"
        "from lorawan.dialects.reading import read\n"
        "from lorawan.events import Form\n"
        "model = cp_model.CpModel()\n"
        "number = model.new_int_var(0, 9, 'number')\n"
        "model.maximize(number)\n"
        "solver = cp_model.CpSolver()\n"
        "solver.solve(model)\n"
        f"[event] = read({uplink(f_cnt=7)!r}, Form.PROTOBUF, 'up', None)\n"
        "print(solver.value(number), event.f_cnt)"
    )
    assert found == "9 7"


def run(program: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
