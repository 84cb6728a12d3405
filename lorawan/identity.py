"""When two messages tell of the same event: the key a frame is stored under once.

| Dialect | What identifies an event |
|---|---|
| ChirpStack 4 | device, event, `deduplicationId` and the frame (counter, port, payload), the same in JSON, protobuf and MQTT. "txack" and "log" have none: time with downlink id or log code |
| The Things Stack | device, session key id and the frame; `uplink_normalized` shares it with its uplink. Without a counter or session (field mask): the time as below |
| ChirpStack 3, LORIOT, ThingPark, Milesight | device, the frame and time. No time (gateway without a clock, impossible time): the body |
| All, for events that are no frame and have no id | the body |

The time belongs to it because counters begin anew when a device joins again or an ABP device
restarts: a dry leak sensor sends the same first frame each time. For the same reason a message
with no time is only the same as its byte-identical copy. Copies that carry another key (a frame
heard twice, a second network server) are found by `content_of` within `events.SAME_FRAME`.
"""  # noqa: E501 - a table

from collections.abc import Sequence
from hashlib import blake2b

import orjson

from lorawan.events import Event, Kind

DIGEST_BYTES = 16
OF_A_FRAME = {Kind.UPLINK, Kind.NORMALIZED}
"""Kinds that tell of a frame and are one event, whatever their name ("rx" and "gw" of LORIOT)."""


def key_of(event: Event, body_digest: bytes) -> bytes:
    """Return 16 bytes that all copies of an event share and no other event has.

    Args:
        event: as a dialect read it.
        body_digest: of the raw body; stands in where the event cannot be told from another one.
    """
    name = "" if event.kind in OF_A_FRAME else event.name
    who = ["key", event.dialect, name, event.address]
    if not event.key and (event.time is None or event.kind not in OF_A_FRAME):
        return _digest([*who, body_digest.hex()])
    # the first frame of a session is the one a restarted device repeats
    time = "" if event.key and event.f_cnt else str(event.time)
    return _digest([*who, event.key, time, *_frame(event)])


def content_of(event: Event) -> bytes | None:
    """Return 16 bytes over device, port, counter and payload, equal in all dialects.

    None for events that are no frame, have no counter or name no device: they are never copies.
    """
    if event.kind not in OF_A_FRAME or event.f_cnt is None or not event.address:
        return None
    return _digest(["content", event.address, *_frame(event)])


def _frame(event: Event) -> list[str | int | None]:
    return [event.f_cnt, event.f_port, event.payload.hex() if event.payload else None]


def _digest(parts: Sequence[str | int | None]) -> bytes:
    return blake2b(orjson.dumps(parts), digest_size=DIGEST_BYTES).digest()
