"""A raw message is read: what it tells, and what tells whether that is known already."""

from lorawan.dialects.reading import read
from lorawan.events import Event, NotUnderstoodError
from lorawan.identity import content_of, key_of
from services.frames.records import Heard
from services.frames.rules import event_time
from services.uplinks.service import Raw

LONGEST_ADDRESS = 120


def heard_in(raw: Raw) -> list[Heard]:
    """Return the events of a message.

    Raises:
        NotUnderstoodError: it is not what its dialect promises, or names no device.
    """
    return [
        Heard(
            raw=raw.id,
            source=raw.source,
            received_at=raw.received_at,
            time=event_time(event.time, raw.received_at),
            key=key_of(event, raw.digest),
            content=content_of(event),
            event=event,
        )
        for event in read(raw.body, raw.form, raw.event, raw.dialect)
        if _names_a_device(event)
    ]


def _names_a_device(event: Event) -> bool:
    address = event.address
    if not address:
        raise NotUnderstoodError("no-device")
    if len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise NotUnderstoodError("bad-device")
    return True
