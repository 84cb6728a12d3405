"""What is written of a batch: plain rows, made of what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from lorawan.events import Dialect, Event, Kind, Reception
from services.devices.arrivals import Met, Newcomer, Sighting, newer
from services.frames.model import Frame
from services.frames.records import MOST, NORMALIZED, Heard, Meant, Outcome
from services.readings.records import NewReading, Taken

LONGEST_TEXT = 40
LONGEST_DECODER = 60
LONGEST_PROBLEM = 120
ENCRYPTED = "encrypted"
FROM_SERVER = "server"
NOBODY = Reception("")


class Position(NamedTuple):
    """A gateway, when it was heard last, and where it says it stands."""

    name: str
    heard_at: datetime
    latitude: float | None
    longitude: float | None


def clean(words: str, longest: int = LONGEST_TEXT) -> str:
    """Return a foreign text as both databases can store it."""
    if not words.isascii():
        words = words.encode("utf-8", "replace").decode()
    return words.replace("\0", "")[:longest]


def frame_row(
    number: int, device_id: int, outcome: Outcome, meant: Meant, decoded: str | None
) -> tuple[Any, ...]:
    """Return a frame as `statements.NAMES` wants it; there must be a best message."""
    heard = outcome.best
    if heard is None:
        raise ValueError("nothing to make a frame of")
    event = heard.event
    best = event.receptions[0] if event.receptions else NOBODY
    return (
        number,
        device_id,
        heard.key,
        heard.content,
        event.kind.value,
        clean(event.name),
        heard.source,
        heard.time,
        outcome.since,
        outcome.until,
        measured_from(meant),
        heard.received_at,
        clean(event.session),
        event.f_cnt,
        event.f_port,
        event.payload,
        decoded,
        clean(meant.decoder, LONGEST_DECODER),
        meant.problem and clean(meant.problem, LONGEST_PROBLEM),
        best.rssi,
        best.snr,
        event.spreading_factor,
        min(len(event.receptions), MOST),
        clean(best.gateway),
        outcome.copies,
        event.simulated,
    )


def reading_rows(number: int, device_id: int, meant: Meant) -> list[NewReading]:
    """Return the values of a frame."""
    return [
        NewReading(
            device_id, one.quantity, one.channel, one.time, number, one.value, int(one.marks)
        )
        for one in meant.measurements
        if one.time is not None
    ]


def taken_back(outcome: Outcome) -> list[Taken]:
    """Return the frames whose values give way: what is measured anew, what was a copy."""
    known = outcome.known
    replaced = (known,) if known is not None and outcome.best is not None else ()
    return [
        Taken(one.device_id, one.id, one.measured_from, one.time)
        for one in (*replaced, *outcome.gone)
        if one.measured_from is not None
    ]


def newcomers_in(
    heard: Sequence[Heard], devices: Mapping[str, Met], choices: Mapping[str, str]
) -> list[Newcomer]:
    """Return devices nobody knows yet, with what the earliest message that tells it tells."""
    told: dict[str, Event] = {}
    for one in sorted(heard, key=lambda one: (not one.event.model, one.time, one.key)):
        if one.event.address not in devices:
            told.setdefault(one.event.address, one.event)
    sources = {one.event.address: one.source for one in heard}
    return [
        Newcomer(
            address=address,
            name=clean(event.device, 80),
            model=clean(event.model, 80),
            source=sources[address],
            profile=choices.get(address, ""),
        )
        for address, event in sorted(told.items())
    ]


def sightings_in(
    heard: Sequence[Heard],
    outcomes: Iterable[tuple[Outcome, Meant | None]],
    devices: Mapping[str, Met],
) -> list[Sighting]:
    """Return what messages tell of their devices; what was made by hand tells nothing."""
    found: dict[str, Sighting] = {}
    for one in heard:
        event = one.event
        met = devices.get(event.address)
        if met is None or event.simulated:
            continue
        sighting = found.setdefault(event.address, Sighting(met.id))
        if sighting.seen_at is None or one.time > sighting.seen_at:
            sighting.seen_at = one.time
        sighting.margin = newer(sighting.margin, event.margin, one.time)
    for outcome, meant in outcomes:
        best = outcome.best
        if best is None or meant is None or best.event.address not in found:
            continue
        sighting = found[best.event.address]
        sighting.battery = newer(sighting.battery, meant.battery, best.time)
        sighting.battery_volt = newer(sighting.battery_volt, meant.battery_volt, best.time)
    return list(found.values())


def positions_in(heard: Sequence[Heard]) -> list[Position]:
    """Return the gateways that heard a batch, in the order of their names."""
    found: dict[str, Position] = {}
    for one in sorted(heard, key=lambda one: one.time):
        if one.event.simulated:
            continue
        for reception in one.event.receptions:
            name = clean(reception.gateway)
            before = found.get(name)
            latitude, longitude = reception.latitude, reception.longitude
            if before is not None and latitude is None:
                latitude, longitude = before.latitude, before.longitude
            found[name] = Position(name, one.time, latitude, longitude)
    return [found[name] for name in sorted(found)]


def heard_again(frame: Frame) -> Heard:
    """Return the message a frame was made of, as far as it was kept.

    What the network server decoded is still there unless a decoder of ours came first.
    """
    kept = dict(frame.decoded or {})
    normalized = tuple(kept.pop(NORMALIZED, ()))
    told = kept if frame.payload is None or frame.decoder == FROM_SERVER else {}
    event = Event(
        dialect=Dialect.CHIRPSTACK_V4,  # not kept, since nothing depends on it from here on
        kind=Kind(frame.kind),
        name=frame.name,
        time=frame.time,
        session=frame.session,
        f_cnt=frame.f_cnt,
        f_port=frame.f_port,
        payload=frame.payload,
        encrypted=frame.problem == ENCRYPTED,
        decoded=told or None,
        normalized=normalized,
        simulated=frame.simulated,
    )
    return Heard(0, frame.source, frame.received_at, frame.time, frame.key, frame.content, event)


def meant_row(number: int, meant: Meant) -> dict[str, Any]:
    """Return what changes about a frame that was decoded anew."""
    return {
        "id": number,
        "decoded": dict(meant.decoded) if meant.decoded is not None else None,
        "decoder": clean(meant.decoder, LONGEST_DECODER),
        "problem": meant.problem and clean(meant.problem, LONGEST_PROBLEM),
        "measured_from": measured_from(meant),
    }


def measured_from(meant: Meant) -> datetime | None:
    """Return the earliest time of a frame's values."""
    return min((one.time for one in meant.measurements if one.time), default=None)
