"""Reading a body in whatever dialect it is written.

A source either names its network server or leaves it to the keys of the body: the six write so
differently that one look tells them apart.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lorawan.dialects import (
    chirpstack_v3,
    chirpstack_v4,
    chirpstack_v4_protobuf,
    loriot,
    milesight,
    thingpark,
    tts_v3,
)
from lorawan.dialects.body import parse_json
from lorawan.events import Dialect, Event, Form, NotUnderstoodError

READERS: Mapping[Dialect, Callable[[Mapping[str, Any], str], Event]] = {
    Dialect.CHIRPSTACK_V4: chirpstack_v4.read,
    Dialect.CHIRPSTACK_V3: chirpstack_v3.read,
    Dialect.TTS_V3: tts_v3.read,
    Dialect.LORIOT: loriot.read,
    Dialect.THINGPARK: thingpark.read,
    Dialect.MILESIGHT: milesight.read,
}
LONGEST_NAME = 40


def read(body: bytes, form: Form, name: str, dialect: Dialect | None) -> list[Event]:
    """Return the events of a body; today every network server sends one at a time.

    Args:
        body: as it came, unpacked.
        form: how it is written down.
        name: what the query or the topic calls the event, "" when nothing does.
        dialect: as the source is configured; None recognises it by the body.

    Raises:
        NotUnderstoodError: with a slug and the path of the field. "unknown-dialect" when nobody
            we know writes so, "wrong-dialect" when the configured one does not (with the field
            that it always has), "wrong-form" for protobuf of a server we read only in JSON; else
            see `body.parse_json`, `fields.Part` and `chirpstack_v4_protobuf.read`.
    """
    name = _clean(name)
    if form is Form.PROTOBUF:
        if dialect not in {None, Dialect.CHIRPSTACK_V4}:
            raise NotUnderstoodError("wrong-form")
        return [chirpstack_v4_protobuf.read(body, name)]
    content = parse_json(body)
    dialect = dialect or recognise(content)
    if dialect is None:
        raise NotUnderstoodError("unknown-dialect")
    return [READERS[dialect](content, name)]


def _clean(name: str) -> str:
    """Return a name from outside the body as one that can be stored and shown."""
    shown = (
        name if name.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in name)
    )
    return shown[:LONGEST_NAME]


def recognise(body: Mapping[str, Any]) -> Dialect | None:
    """Return who writes such a body; None when it is nobody we know."""
    if "deviceInfo" in body:
        return Dialect.CHIRPSTACK_V4
    if "devEUI" in body:
        return Dialect.MILESIGHT if _is_milesight(body) else Dialect.CHIRPSTACK_V3
    if tts_v3.DEVICE in body or tts_v3.message_key(body):
        return Dialect.TTS_V3
    if thingpark.key_of(body):
        return Dialect.THINGPARK
    return Dialect.LORIOT if "cmd" in body and "EUI" in body else None


def _is_milesight(body: Mapping[str, Any]) -> bool:
    """Tell a Milesight gateway from ChirpStack 3: its gateways are called `mac`."""
    receptions, sent = body.get("rxInfo"), body.get("txInfo")
    first = receptions[0] if isinstance(receptions, list) and receptions else None
    called_mac = isinstance(first, dict) and "mac" in first
    return called_mac or (isinstance(sent, dict) and "dataRate" in sent) or "time" in body
