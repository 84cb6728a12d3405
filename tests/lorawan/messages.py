"""Small messages written by hand, to be completed by tests."""

from datetime import UTC, datetime
from typing import Any

import orjson

from lorawan.dialects.reading import read
from lorawan.events import Dialect, Event, Form

EUI = "0101010101010101"
TIME = "2022-07-18T09:35:06.927172638+00:00"
THEN = datetime(2022, 7, 18, 9, 35, 6, 927172, tzinfo=UTC)
V4 = {
    "deduplicationId": "bf2a9746-1c8b-49be-a92e-f0b89c8534e4",
    "time": TIME,
    "deviceInfo": {
        "applicationId": "17c82e96-be03-4f38-aef3-f83d48582d97",
        "applicationName": "county",
        "deviceProfileName": "Level sensor",
        "deviceName": "gauge-1",
        "devEui": EUI,
        "tags": {"river": "Mulde", "odd": 1},
    },
}
V3 = {
    "applicationID": "123",
    "applicationName": "county",
    "deviceName": "gauge-1",
    "devEUI": "AQEBAQEBAQE=",
}
IDS = {
    "device_id": "gauge-1",
    "application_ids": {"application_id": "county"},
    "dev_eui": EUI,
    "dev_addr": "01497ECC",
}
TTS = {"end_device_ids": IDS, "received_at": TIME}


def told(body: dict[str, Any], name: str = "", dialect: Dialect | None = None) -> Event:
    [event] = read(orjson.dumps(body), Form.JSON, name, dialect)
    return event
