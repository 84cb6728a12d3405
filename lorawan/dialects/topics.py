"""What an MQTT topic says: who speaks, of which event and of which device."""

import re
from dataclasses import dataclass

from lorawan.events import Dialect

CHIRPSTACK = re.compile(
    r"application/(?P<application>[^/]+)/device/(?P<device>[^/]+)/event/(?P<event>[\w-]{1,40})",
    re.ASCII,
)
NUMBER = re.compile(r"\d+", re.ASCII)
"""ChirpStack numbered its applications up to version 3; since version 4 they have UUIDs."""

TTS = re.compile(
    r"v3/(?P<application>[^/]+)/devices/(?P<device>[^/]+)/(?P<event>[\w-]{1,20}(?:/[\w-]{1,19})?)",
    re.ASCII,
)
OURS_TO_SEND = {"down/push", "down/replace"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic on which a network server publishes an event.

    Attributes:
        dialect: who speaks.
        event: ChirpStack's name of the event ("up"), The Things Stack's end of the topic ("up",
            "down/sent"); at most 40 characters.
        device: ChirpStack's EUI as written, The Things Stack's device id.
    """

    dialect: Dialect
    event: str
    device: str


def parse_topic(topic: str) -> Topic | None:
    """Return what a topic says; None for topics that carry no event (commands, gateways, others).

    ChirpStack: `application/<id>/device/<EUI>/event/<event>`.
    The Things Stack: `v3/<application>@<tenant>/devices/<device>/<event>`.
    """
    if match := CHIRPSTACK.fullmatch(topic):
        old = NUMBER.fullmatch(match["application"])
        dialect = Dialect.CHIRPSTACK_V3 if old else Dialect.CHIRPSTACK_V4
        return Topic(dialect, match["event"], match["device"])
    match = TTS.fullmatch(topic)
    if match is None or match["event"] in OURS_TO_SEND:
        return None
    return Topic(Dialect.TTS_V3, match["event"], match["device"])
