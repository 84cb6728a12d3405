"""From a decoded object to measurements: the mapping, the vocabulary's own names, derivations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lorawan.events import Event
from lorawan.measurement import Mark, Measurement
from lorawan.profiles.deriving import derive
from lorawan.profiles.paths import Found, fill, find, leaves, written
from lorawan.profiles.profile import Measured, Mounting, Profile, Rule
from lorawan.profiles.values import ValueProblemError, as_text, to_number, to_time
from lorawan.vocabulary import QUANTITIES, mark

BATTERY, CHARGE = "battery", "device.charge"
OF_THE_DEVICE = {BATTERY, CHARGE}
"""Quantities that say how the device is, not what it measures."""
TIME, UNDECODED = "time", "undecoded"
CLOCK_ERROR = timedelta(hours=1)
"""How far a device's clock may run ahead of the network server's."""
MOST, MOST_WARNINGS, HIGHEST_CHANNEL = 500, 20, 9999
"""Of one frame: 242 bytes cannot hold more, an object of a server might."""
LONGEST_WARNING = 120
PLAIN = Rule(path=("",), quantity="")
Key = tuple[str, int, datetime | None]


@dataclass(slots=True)
class _Gathered:
    """What was found so far."""

    event: Event
    values: dict[Key, Measurement] = field(default_factory=dict)
    charge: float | None = None
    volt: float | None = None
    warnings: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.values) or self.charge is not None or self.volt is not None

    def warn(self, problem: str, place: str) -> None:
        """Note a problem; names of fields come from outside and may hold anything."""
        shown = "".join(one if one.isprintable() else "?" for one in place[:LONGEST_WARNING])
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(f"{problem}: {shown}"[:LONGEST_WARNING])

    def add(self, quantity: str, value: float, channel: int, time: datetime | None) -> None:
        """Keep a value unless an earlier rule gave one; batteries are the device's, not ours."""
        if quantity == CHARGE:
            self.charge = value if self.charge is None else self.charge
        elif quantity == BATTERY:
            self.volt = value if self.volt is None else self.volt
        elif channel <= HIGHEST_CHANNEL and len(self.values) < MOST:
            marks = mark(quantity, value)
            if self.event.simulated:
                marks |= Mark.SIMULATED
            one = Measurement(quantity, value, channel, time, marks)
            self.values.setdefault((quantity, channel, time), one)

    def time(self, value: Any) -> datetime:
        sent = self.event.time
        return to_time(value, sent + CLOCK_ERROR if sent else None)


def measure(
    event: Event,
    decoded: Mapping[str, Any] | None,
    profile: Profile | None,
    mounting: Mounting,
    *,
    verbose: bool = False,
) -> Measured:
    """Return what a frame measured.

    The profile's mapping counts; where it finds nothing, the measurements the network server has
    normalised. A value that is none is left out with a warning, the others are kept. Values that
    cannot be are kept and marked.

    Args:
        event: the frame.
        decoded: what `decode` (or a script) made of it; None: nothing.
        profile: how to read it; None: only what the network server has normalised.
        mounting: where the device hangs.
        verbose: also warn of values nobody asked for ("unknown-field: x").
    """
    gathered = _Gathered(event)
    if decoded is not None and profile is not None:
        plain = decoded if isinstance(decoded, dict) else dict(decoded)
        _take(gathered, plain, profile)
        if verbose:
            _tell_unknown(gathered, plain, profile)
    if not gathered:
        for one in event.normalized:
            _take_normalized(gathered, one)
    if profile is not None:
        for derived in derive(gathered.values.values(), profile.derive, mounting):
            key = (derived.quantity, derived.channel, derived.time)
            gathered.values.setdefault(key, derived)
    ordered = sorted(gathered.values.values(), key=_order)
    return Measured(tuple(ordered), tuple(gathered.warnings), gathered.charge, gathered.volt)


def _take(gathered: _Gathered, decoded: Mapping[str, Any], profile: Profile) -> None:
    if profile.vocabulary:
        _take_named(gathered, decoded)
    for rule in profile.mapping:
        _take_mapped(gathered, decoded, rule)
    if UNDECODED in decoded:
        gathered.warn("undecoded-bytes", as_text(decoded[UNDECODED]))


def _order(one: Measurement) -> tuple[str, int, float]:
    return one.quantity, one.channel, one.time.timestamp() if one.time else float("inf")


def _take_mapped(gathered: _Gathered, decoded: Mapping[str, Any], rule: Rule) -> None:
    if not _holds(decoded, rule):
        return
    for found in find(decoded, rule.path):
        channel = rule.channel + (found.numbers[-1] if rule.numbered else 0)
        try:
            value = to_number(found.value, QUANTITIES[rule.quantity], rule)
            if value is not None:
                time = _own_time(gathered, decoded, rule, found)
                gathered.add(rule.quantity, value, channel, time)
        except ValueProblemError as error:
            gathered.warn(str(error), written(found.place))


def _holds(decoded: Mapping[str, Any], rule: Rule) -> bool:
    return all(
        any(as_text(found.value) in condition.values for found in find(decoded, condition.path))
        for condition in rule.when
    )


def _own_time(
    gathered: _Gathered, decoded: Mapping[str, Any], rule: Rule, found: Found
) -> datetime | None:
    if rule.time is None:
        return None
    times = find(decoded, fill(rule.time, found.numbers))
    if not times:
        raise ValueProblemError("bad-time")
    return gathered.time(times[0].value)


def named(
    data: Any, name: str = "", channel: int = 0, place: tuple[str | int, ...] = ()
) -> Iterator[tuple[str, int, Any, tuple[str | int, ...]]]:
    """Yield dotted name, channel, value and place of all values whose name is a quantity."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from named(value, f"{name}.{key}" if name else key, channel, (*place, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from named(value, name, index, (*place, index))
    elif name in QUANTITIES:
        yield name, channel, data, place


def _take_named(
    gathered: _Gathered,
    data: Mapping[str, Any],
    time: datetime | None = None,
    *,
    next_free: bool = False,
) -> None:
    for quantity, first, raw, place in named(data):
        try:
            value = to_number(raw, QUANTITIES[quantity], PLAIN)
        except ValueProblemError as error:
            gathered.warn(str(error), written(place))
            continue
        channel = first
        while next_free and (quantity, channel, time) in gathered.values:
            channel += 1
        if value is not None:
            gathered.add(quantity, value, channel, time)


def _take_normalized(gathered: _Gathered, one: Mapping[str, Any]) -> None:
    """Take one normalised measurement; several of one quantity and time are several probes."""
    try:
        time = gathered.time(one[TIME]) if one.get(TIME) is not None else None
    except ValueProblemError as error:
        gathered.warn(str(error), TIME)
        return
    _take_named(gathered, one, time, next_free=True)


def _tell_unknown(gathered: _Gathered, decoded: Mapping[str, Any], profile: Profile) -> None:
    known = {found.place for rule in profile.mapping for found in find(decoded, rule.path)}
    if profile.vocabulary:
        known |= {place for *_, place in named(decoded)}
    for place in leaves(decoded):
        if place not in known:
            gathered.warn("unknown-field", written(place))
