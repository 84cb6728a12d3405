"""Messages of real network servers and of their documentation, with their stated truth."""

import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from lorawan.dialects.reading import read
from lorawan.events import Dialect, Event, Form, Kind
from tests.conftest import SHARED

FOLDER = SHARED / "data" / "lorawan"
MISSING = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared sensor samples are missing")
DIALECTS = {
    "chirpstack_v4": Dialect.CHIRPSTACK_V4,
    "chirpstack_v3_json": Dialect.CHIRPSTACK_V3,
    "tts_v3": Dialect.TTS_V3,
    "loriot": Dialect.LORIOT,
    "actility_thingpark": Dialect.THINGPARK,
    "milesight_gw_http_v3like": Dialect.MILESIGHT,
}
KINDS = {
    "up": Kind.UPLINK,
    "uplink_message": Kind.UPLINK,
    "uplink_normalized": Kind.NORMALIZED,
    "join": Kind.JOIN,
    "join_accept": Kind.JOIN,
    "status": Kind.STATUS,
    "location": Kind.LOCATION,
    "location_solved": Kind.LOCATION,
    "log": Kind.LOG,
    "ack": Kind.DOWNLINK,
    "txack": Kind.DOWNLINK,
    "downlink_ack": Kind.DOWNLINK,
    "downlink_failed": Kind.DOWNLINK,
    "integration": Kind.OTHER,
    "service_data": Kind.OTHER,
}
PAYLOADS, DOCUMENTED = 24, 15


def samples(name: str, key: str) -> list[dict[str, Any]]:
    path = FOLDER / name
    return list(orjson.loads(path.read_bytes())[key]) if path.exists() else []


def title(sample: dict[str, Any]) -> str:
    if "truth" in sample:
        return str(sample["source"])
    return f"{sample['network_server']} {called(sample)}"


def called(sample: dict[str, Any]) -> str:
    return str(sample.get("event") or sample["query"]["event"])


payloads = samples("payloads_by_dialect.json", "payloads")
documented = samples("docs_event_samples.json", "samples")


def told(sample: dict[str, Any], name: str, dialect: Dialect | None = None) -> Event:
    [event] = read(orjson.dumps(sample["body"]), Form.JSON, name, dialect)
    return event


def stated_time(text: str) -> datetime | None:
    """Cut to microseconds; impossible times are none."""
    if not re.match(r"\d{4}-\d\d-\d\dT", text):
        return None
    return datetime.fromisoformat(text).astimezone(UTC)


@MISSING
def test_no_sample_is_overlooked() -> None:
    assert (len(payloads), len(documented)) == (PAYLOADS, DOCUMENTED)
    assert {sample["truth"]["dialect"] for sample in payloads} == set(DIALECTS)


@MISSING
@pytest.mark.parametrize("sample", payloads, ids=title)
@pytest.mark.parametrize("configured", [True, False])
def test_a_sample_gives_its_truth(sample: dict[str, Any], configured: bool) -> None:
    truth = sample["truth"]
    dialect = DIALECTS[truth["dialect"]]
    event = told(sample, truth.get("event", ""), dialect if configured else None)
    assert event.dialect is dialect
    assert event.kind is Kind.UPLINK
    assert event.dev_eui == truth["dev_eui"]
    assert (event.f_cnt, event.f_port) == (truth["f_cnt"], truth["f_port"])
    assert (event.payload or b"").hex() == truth["payload_hex"]
    assert event.time == stated_time(truth["time"])
    assert event.device == truth.get("device_id", event.device)
    assert len(event.receptions) == truth.get("n_rx", len(event.receptions))
    best = event.receptions[0]
    if truth.get("best_rssi") is not None:
        assert (best.rssi, best.snr) == (truth["best_rssi"], truth["best_snr"])


@MISSING
@pytest.mark.parametrize("sample", documented, ids=title)
def test_a_documented_event_is_read_as_what_it_is(sample: dict[str, Any]) -> None:
    event = told(sample, sample.get("query", {}).get("event", ""))
    assert event.dialect is Dialect[sample["network_server"].upper()]
    assert event.name == called(sample)
    assert event.kind is KINDS[called(sample)]
    assert event.address
    assert told(sample, "") == event, "the fields alone say the same"
