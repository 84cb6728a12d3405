"""What a frame's content means: decoded, measured, with the times and marks values are kept with.

Vendors' scripts run here, in processes of their own; so this is never done in a transaction.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from lorawan.events import Event
from lorawan.measurement import Measurement
from lorawan.sandbox import Script
from services.devices.arrivals import Met, Newcomer
from services.devices.model import State
from services.frames.records import NORMALIZED, Heard, Known, Meant, Outcome
from services.frames.rows import ENCRYPTED, LONGEST_PROBLEM, newcomers_in
from services.frames.rules import FRAME_KINDS, mark_of, plan, value_time

log = structlog.get_logger()


class Interpreter(Protocol):
    """Knows the profiles of devices and runs the scripts of makers.

    `released`: the scripts devices may use, by number; told by who works messages off.
    """

    released: Mapping[int, Script]

    def choose(self, event: Event) -> str:
        """Return the profile that fits by what the network server says; "" when none does."""
        ...

    async def interpret(self, event: Event, profile: str, height: float | None) -> Meant:
        """Return what an uplink's content means under a profile; "" is none.

        Args:
            event: an uplink, or measurements of the network server.
            profile: `Device.profile`.
            height: metres from the sensor down to the gauge's zero; None where nobody said.
        """
        ...


async def meaning_of(heard: Heard, met: Met, interpreter: Interpreter) -> Meant:
    """Return what a message means for its device."""
    event = heard.event
    if event.kind not in FRAME_KINDS:
        return Meant(decoded=dict(event.details) or None, battery=event.battery)
    if event.encrypted and event.decoded is None and not event.normalized:
        return Meant(problem=ENCRYPTED)
    found = await interpreter.interpret(event, met.profile, met.mounting_height)
    marks = mark_of(heard, met.interval_seconds)
    values = tuple(
        Measurement(
            one.quantity,
            one.value,
            one.channel,
            value_time(one.time, heard.time),
            one.marks | marks if marks else one.marks,
        )
        for one in found.measurements
    )
    decoded = found.decoded
    if event.normalized:
        decoded = {**(decoded or {}), NORMALIZED: list(event.normalized)}
    problem = (found.problem or "; ".join(event.warnings))[:LONGEST_PROBLEM] or None
    return replace(found, measurements=values, decoded=decoded, problem=problem)


@dataclass(frozen=True)
class Looked:
    """Messages, and what is known of their devices and frames."""

    heard: Sequence[Heard]
    devices: Mapping[str, Met]
    known: Sequence[Known]


@dataclass(frozen=True)
class Weighed:
    """What becomes of messages: outcomes with what new content means, and new devices.

    `named`: devices whose profile a message told at last. `ignored`: messages of devices nobody
    wants to hear of. `broken`: messages whose content could not be interpreted, with the name of
    the error.
    """

    heard: Sequence[Heard]
    ignored: frozenset[int]
    devices: Mapping[str, Met]
    newcomers: Sequence[Newcomer]
    named: Sequence[Met]
    outcomes: Sequence[tuple[Outcome, Meant | None]]
    broken: Mapping[int, str]


async def weigh(
    looked: Looked, interpreter: Interpreter, breathe: Callable[[], Awaitable[None]]
) -> Weighed:
    """Decide what becomes of messages, and decode and measure what is new.

    `breathe` is awaited between frames, so that others come in between.
    """
    devices = looked.devices
    heard = [one for one in looked.heard if not _ignored(devices.get(one.event.address))]
    choices = _choices(heard, devices, interpreter)
    newcomers = newcomers_in(heard, devices, choices)
    named = {
        address: devices[address]._replace(profile=profile)
        for address, profile in choices.items()
        if profile and address in devices
    }
    met = {**devices, **named, **{one.address: _not_yet(one) for one in newcomers}}
    outcomes: list[tuple[Outcome, Meant | None]] = []
    broken: dict[int, str] = {}
    for outcome in plan(heard, looked.known):
        meant, best = None, outcome.best
        if best is not None:
            try:
                meant = await meaning_of(best, met[best.event.address], interpreter)
            except Exception as error:  # noqa: BLE001 - one message must not stop the others
                broken |= dict.fromkeys(outcome.raws, type(error).__name__)
                continue
            await breathe()
        outcomes.append((outcome, meant))
    ignored = frozenset(one.raw for one in looked.heard) - {one.raw for one in heard}
    return Weighed(heard, ignored, devices, newcomers, tuple(named.values()), outcomes, broken)


def _ignored(met: Met | None) -> bool:
    return met is not None and met.state == State.IGNORED


def _not_yet(one: Newcomer) -> Met:
    return Met(0, one.address, State.UNKNOWN, one.profile)


def _choices(
    heard: Sequence[Heard], devices: Mapping[str, Met], interpreter: Interpreter
) -> Mapping[str, str]:
    """Return the profiles of devices that have none and nobody registered, where a message tells.

    Not every message says what kind of device sent it, so the first one may not.
    """
    found: dict[str, str] = {}
    for one in sorted(heard, key=lambda one: (one.time, one.key)):
        address = one.event.address
        met = devices.get(address)
        open_yet = met is None or (met.state == State.UNKNOWN and not met.profile)
        if open_yet and one.event.model and not found.get(address):
            found[address] = interpreter.choose(one.event)
    return found


@dataclass(frozen=True)
class Again:
    """Frames of a device that are to be decoded anew.

    Attributes:
        met: the device.
        since: what was ordered.
        following: where to go on afterwards; None: this is all.
        frames: number, earliest value so far, and the message as far as it was kept.
    """

    met: Met
    since: datetime
    following: datetime | None
    frames: Sequence[tuple[int, datetime | None, Heard]]


async def weigh_again(
    again: Again, interpreter: Interpreter, breathe: Callable[[], Awaitable[None]]
) -> Mapping[int, Meant]:
    """Return what frames mean now; one that breaks keeps what it meant."""
    found: dict[int, Meant] = {}
    for number, _, heard in again.frames:
        try:
            found[number] = await meaning_of(heard, again.met, interpreter)
        except Exception as error:  # noqa: BLE001 - one frame must not stop the others
            log.error("frame not decoded again", frame=number, error=type(error).__name__)
        await breathe()
    return found
