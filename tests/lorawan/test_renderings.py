"""One frame is one record, whoever tells of it; copies are known by their key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorawan.dialects.reading import read
from lorawan.events import Dialect, Event, Kind
from lorawan.identity import content_of, key_of
from tests.lorawan.encoders import (
    NOON,
    RENDERINGS,
    Heard,
    Rendering,
    Uplink,
    milesight,
    tts_normalized,
)

DIGITS = "0123456789abcdef"
NO_DIGEST = bytes(16)
"""Where a dialect fell back on it, all keys of a device would be equal and the tests fail."""
WITHOUT_NAMES = {"loriot-rx", "loriot-gw"}
WITH_OBJECT = {name for name in RENDERINGS if name.startswith("chirpstack")} | {"tts"}
WITH_ALL_PLACES = set(RENDERINGS) - {"loriot-rx", "thingpark", "thingpark-untyped"}
WITHOUT_CONFIRMATION = {"loriot-rx", "loriot-gw", "milesight"}

quarters = st.integers(-80, 60).map(lambda quarter: quarter / 4)
gateways = st.builds(
    Heard,
    gateway=st.text(DIGITS, min_size=16, max_size=16),
    rssi=st.integers(-140, -1),
    snr=quarters,
    latitude=st.integers(1, 89).map(float),
    longitude=st.integers(1, 179).map(float),
)
uplinks = st.builds(
    Uplink,
    dev_eui=st.text(DIGITS, min_size=16, max_size=16),
    f_cnt=st.integers(0, 2**32 - 1),
    f_port=st.one_of(st.none(), st.integers(1, 223)),
    payload=st.binary(max_size=242),
    time=st.integers(0, 8 * 10**11).map(lambda ms: NOON - timedelta(milliseconds=ms)),
    heard=st.lists(gateways, min_size=1, max_size=4, unique_by=lambda one: one.gateway).map(tuple),
    session=st.text(DIGITS, min_size=8, max_size=8),
    spreading_factor=st.integers(7, 12),
    bandwidth=st.sampled_from([125_000, 250_000, 500_000]),
    frequency=st.integers(8630, 8700).map(lambda tenths: tenths * 100_000),
    confirmed=st.booleans(),
    decoded=st.one_of(
        st.none(),
        st.just({}),
        st.dictionaries(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
            st.one_of(
                st.floats(-1e6, 1e6, width=32),
                st.booleans(),
                st.none(),
                st.just({"deeper": [1.5, "Pegel", {}]}),
            ),
            max_size=4,
        ),
    ),
)


def told(rendering: Rendering, dialect: Dialect | None = None) -> Event:
    [event] = read(rendering.body, rendering.form, rendering.event, dialect)
    return event


def key(rendering: Rendering) -> bytes:
    return key_of(told(rendering), NO_DIGEST)


@pytest.mark.parametrize("name", RENDERINGS)
@settings(deadline=None)
@given(uplink=uplinks)
def test_whoever_tells_of_a_frame_the_record_is_the_same(name: str, uplink: Uplink) -> None:
    event = told(RENDERINGS[name](uplink))
    best = uplink.best
    assert event.kind is Kind.UPLINK
    assert event.dev_eui == event.address == uplink.dev_eui
    assert (event.f_cnt, event.f_port) == (uplink.f_cnt, uplink.f_port)
    assert event.payload == (uplink.payload or None)
    assert event.time == uplink.time
    assert event.time.tzinfo is UTC
    assert event.spreading_factor == uplink.spreading_factor
    assert event.frequency == uplink.frequency
    assert (event.receptions[0].rssi, event.receptions[0].snr) == (best.rssi, best.snr)
    assert not event.encrypted
    assert not event.simulated
    if name not in WITHOUT_NAMES:
        assert (event.device, event.application) == (uplink.device, uplink.application)
    if name not in WITHOUT_CONFIRMATION:
        assert event.confirmed == uplink.confirmed
    if name in WITH_OBJECT:
        assert event.decoded == uplink.decoded
    if name in WITH_ALL_PLACES:
        heard = sorted(uplink.heard, key=lambda one: (one.snr, one.rssi), reverse=True)
        assert [
            (one.gateway, one.rssi, one.snr, one.latitude, one.longitude)
            for one in event.receptions
        ] == [(one.gateway, one.rssi, one.snr, one.latitude, one.longitude) for one in heard]


@pytest.mark.parametrize("name", RENDERINGS)
def test_a_recognised_message_reads_like_a_configured_one(name: str) -> None:
    rendering = RENDERINGS[name](Uplink())
    assert told(rendering) == told(rendering, rendering.dialect)
    assert told(rendering).dialect is rendering.dialect


@settings(deadline=None)
@given(uplink=uplinks)
def test_the_content_of_a_frame_is_the_same_in_all_dialects(uplink: Uplink) -> None:
    contents = {content_of(told(rendering(uplink))) for rendering in RENDERINGS.values()}
    assert len(contents) == 1
    assert None not in contents


@settings(deadline=None)
@given(uplink=uplinks)
def test_copies_within_a_dialect_have_one_key(uplink: Uplink) -> None:
    keys: dict[Dialect, set[bytes]] = {}
    for rendering in [*(one(uplink) for one in RENDERINGS.values()), tts_normalized(uplink)]:
        keys.setdefault(rendering.dialect, set()).add(key(rendering))
    assert {dialect: len(found) for dialect, found in keys.items()} == dict.fromkeys(Dialect, 1)


@pytest.mark.parametrize("name", RENDERINGS)
@settings(deadline=None)
@given(uplink=uplinks, other=st.data())
def test_another_frame_has_another_key(name: str, uplink: Uplink, other: st.DataObject) -> None:
    changes = {
        "device": {"dev_eui": f"{int(uplink.dev_eui, 16) ^ 1:016x}"},
        "counter": {"f_cnt": uplink.f_cnt ^ 1},
        "payload": {"payload": uplink.payload[:241] + b"\x01"},
        "a later life": {
            "session": f"{int(uplink.session, 16) ^ 1:08x}",
            "time": uplink.time + timedelta(hours=1),
        },
    }
    change = changes[other.draw(st.sampled_from(sorted(changes)))]
    later = replace(uplink, **change)
    if later.payload == uplink.payload and set(change) == {"payload"}:
        later = replace(later, payload=uplink.payload[:241] + b"\x02")
    assert key(RENDERINGS[name](uplink)) != key(RENDERINGS[name](later))


def test_a_restarted_device_with_a_fixed_session_is_no_copy_of_itself() -> None:
    first = Uplink(f_cnt=0)
    again = replace(first, time=first.time + timedelta(days=1))
    for name, rendering in RENDERINGS.items():
        assert key(rendering(first)) != key(rendering(again)), name


def test_without_a_possible_time_only_the_same_body_is_a_copy() -> None:
    event = told(milesight(Uplink(), time="2020-0327T12:39:05.547336Z"))
    assert event.time is None
    assert key_of(event, b"one body") == key_of(event, b"one body")
    assert key_of(event, b"one body") != key_of(event, b"another")


def test_a_normalized_message_is_its_uplink_told_again() -> None:
    uplink = Uplink(f_cnt=0, payload=b"")
    event = told(tts_normalized(uplink))
    assert event.kind is Kind.NORMALIZED
    assert event.normalized == ({"air": {"temperature": 20.5}},)
    assert content_of(event) == content_of(told(RENDERINGS["tts"](uplink)))


def test_no_counter_or_no_device_means_no_content() -> None:
    event = Event(dialect=Dialect.TTS_V3, kind=Kind.UPLINK, name="uplink_message", f_cnt=1)
    assert content_of(event) is None
    assert content_of(replace(event, dev_eui="0" * 16)) is not None
    assert content_of(replace(event, dev_eui="0" * 16, f_cnt=None)) is None
    assert content_of(replace(event, dev_eui="0" * 16, kind=Kind.STATUS)) is None


def test_an_event_without_an_id_that_is_no_frame_is_only_its_body() -> None:
    queued = Event(
        dialect=Dialect.TTS_V3,
        kind=Kind.DOWNLINK,
        name="downlink_queued",
        dev_eui="0" * 16,
        time=NOON,
    )
    assert key_of(queued, b"first of a queue") != key_of(queued, b"second of a queue")
    assert key_of(queued, b"first of a queue") == key_of(queued, b"first of a queue")


def test_two_kinds_of_events_of_one_frame_set_are_two() -> None:
    status = Event(
        dialect=Dialect.CHIRPSTACK_V4,
        kind=Kind.STATUS,
        name="status",
        dev_eui="0" * 16,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        key="3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    )
    join = replace(status, kind=Kind.JOIN, name="join")
    assert key_of(status, NO_DIGEST) != key_of(join, NO_DIGEST)
    assert len(key_of(status, NO_DIGEST)) == 16
