"""What happened is told by the message: every kind of event of every network server."""

from typing import Any

import pytest

from lorawan.events import Kind
from tests.lorawan.messages import EUI, TTS, V3, V4, told


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        pytest.param(V4 | {"data": "qg==", "fPort": 1}, Kind.UPLINK, "up", id="v4 up"),
        pytest.param(V4 | {"devAddr": "00189440"}, Kind.JOIN, "join", id="v4 join"),
        pytest.param(V4 | {"queueItemId": "1", "fCntDown": 3}, Kind.DOWNLINK, "ack", id="v4 ack"),
        pytest.param(V4 | {"downlinkId": 7}, Kind.DOWNLINK, "txack", id="v4 txack"),
        pytest.param(V4 | {"code": "UPLINK_MIC"}, Kind.LOG, "log", id="v4 log"),
        pytest.param(V4 | {"margin": 10}, Kind.STATUS, "status", id="v4 status"),
        pytest.param(V4 | {"location": {}}, Kind.LOCATION, "location", id="v4 location"),
        pytest.param(
            V4 | {"integrationName": "x"}, Kind.OTHER, "integration", id="v4 integration"
        ),
        pytest.param(V4, Kind.OTHER, "", id="v4 nothing telling"),
        pytest.param(V3 | {"fCnt": 1, "devAddr": "AQIDBA=="}, Kind.UPLINK, "up", id="v3 up"),
        pytest.param(V3 | {"devAddr": "AQIDBA==", "dr": 1}, Kind.JOIN, "join", id="v3 join"),
        pytest.param(V3 | {"acknowledged": True, "fCnt": 2}, Kind.DOWNLINK, "ack", id="v3 ack"),
        pytest.param(V3 | {"gatewayID": "x", "fCnt": 2}, Kind.DOWNLINK, "txack", id="v3 txack"),
        pytest.param(V3 | {"type": "OTAA", "error": "x"}, Kind.LOG, "error", id="v3 error"),
        pytest.param(V3 | {"margin": 5}, Kind.STATUS, "status", id="v3 status"),
        pytest.param(V3 | {"location": {}}, Kind.LOCATION, "location", id="v3 location"),
        pytest.param(
            V3 | {"integrationName": "x"}, Kind.OTHER, "integration", id="v3 integration"
        ),
        *[
            pytest.param(TTS | {key: {"x": 1}}, kind, key, id=f"tts {key}")
            for key, kind in {
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
                "something_new": Kind.OTHER,
            }.items()
        ],
        *[
            pytest.param({"cmd": command, "EUI": EUI}, kind, command, id=f"loriot {command}")
            for command, kind in {
                "rx": Kind.UPLINK,
                "gw": Kind.UPLINK,
                "tx": Kind.DOWNLINK,
                "txd": Kind.DOWNLINK,
                "join": Kind.JOIN,
                "something": Kind.OTHER,
            }.items()
        ],
        *[
            pytest.param({key: {"DevEUI": EUI, "Type": type_}}, kind, key, id=f"{key} {type_}")
            for key, type_, kind in (
                ("DevEUI_uplink", "", Kind.UPLINK),
                ("DevEUI_downlink_Sent", "", Kind.DOWNLINK),
                ("DevEUI_location", "", Kind.LOCATION),
                ("DevEUI_notification", "join", Kind.JOIN),
                ("DevEUI_notification", "battery", Kind.OTHER),
                ("DevEUI_something", "", Kind.OTHER),
            )
        ],
        pytest.param(
            {"devEUI": EUI, "time": "", "fCnt": 1}, Kind.UPLINK, "uplink", id="milesight up"
        ),
        pytest.param(
            {"devEUI": EUI, "time": "", "type": "join"}, Kind.JOIN, "join", id="milesight join"
        ),
        pytest.param({"devEUI": EUI, "time": ""}, Kind.OTHER, "other", id="milesight other"),
    ],
)
def test_what_happened_is_told_by_the_message_itself(
    body: dict[str, Any], kind: Kind, name: str
) -> None:
    event = told(body)
    assert (event.kind, event.name, event.dev_eui) == (kind, name, EUI)


def test_the_query_beats_the_fields() -> None:
    assert told(V4 | {"devAddr": "00189440"}, "status").kind is Kind.STATUS
