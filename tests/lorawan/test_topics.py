"""MQTT topics: who speaks, of which event and device; everything else is none of our business."""

import pytest

from lorawan.dialects.topics import Topic, parse_topic
from lorawan.events import Dialect
from tests.lorawan.encoders import RENDERINGS, Uplink

EUI = "0004a30b001adcb5"
CHIRPSTACK_V4 = f"application/32dafeb5-0865-4edd-bf1c-3f8d9b07af52/device/{EUI}/event"


@pytest.mark.parametrize(
    ("topic", "dialect", "event", "device"),
    [
        (f"{CHIRPSTACK_V4}/up", Dialect.CHIRPSTACK_V4, "up", EUI),
        (f"{CHIRPSTACK_V4}/something_new", Dialect.CHIRPSTACK_V4, "something_new", EUI),
        (f"application/12/device/{EUI}/event/error", Dialect.CHIRPSTACK_V3, "error", EUI),
        ("v3/county@tenant/devices/gauge-1/up", Dialect.TTS_V3, "up", "gauge-1"),
        ("v3/county/devices/gauge-1/join", Dialect.TTS_V3, "join", "gauge-1"),
        ("v3/county@tenant/devices/gauge-1/down/sent", Dialect.TTS_V3, "down/sent", "gauge-1"),
        (
            "v3/county@tenant/devices/gauge-1/service/data",
            Dialect.TTS_V3,
            "service/data",
            "gauge-1",
        ),
    ],
)
def test_a_topic_tells_who_speaks_of_what(
    topic: str, dialect: Dialect, event: str, device: str
) -> None:
    assert parse_topic(topic) == Topic(dialect, event, device)


@pytest.mark.parametrize("name", ["chirpstack-v4", "chirpstack-v4-protobuf", "tts"])
def test_the_topic_of_a_rendered_message(name: str) -> None:
    rendering = RENDERINGS[name](Uplink())
    topic = parse_topic(rendering.topic)
    assert topic is not None
    assert (topic.dialect, topic.event) == (rendering.dialect, "up")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "/",
        f"application/1/device/{EUI}/command/down",
        f"application/1/device/{EUI}/event/",
        f"application/1/device/{EUI}/event/up/more",
        f"application/1/device/{EUI}/event/up\n",
        f"application/1/device/{EUI}/event/{'u' * 41}",
        "application/1/device//event/up",
        "application//device/x/event/up",
        "eu868/gateway/0016c001f153a14c/event/up",
        "v3/county@tenant/devices/gauge-1/down/push",
        "v3/county@tenant/devices/gauge-1/down/replace",
        "v3/county@tenant/devices/gauge-1",
        "v3/county@tenant/devices//up",
        "$SYS/broker/uptime",
    ],
)
def test_other_topics_carry_no_event(topic: str) -> None:
    assert parse_topic(topic) is None
