"""What a payload means, by the profile of its device or by a maker's script."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from lorawan.events import Event
from lorawan.profiles import Measured, Mounting, Profile, choose, decode, measure
from lorawan.sandbox import Call, Outcome, Script
from services.frames.records import Meant

SCRIPT = "script:"
DIGITS = 12
"""Of a script's digest: enough to find it."""
MOST_MODELS = 10_000
"""Names of models whose profile is remembered."""
NAMED = "vocabulary"
"""The profile of objects that use the vocabulary's own names."""
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Scripts(Protocol):
    """Runs the scripts of makers, away from us."""

    async def run(self, script: Script, call: Call) -> Outcome: ...


class Interpreting:
    """Implements `meaning.Interpreter` with profiles and scripts.

    Attributes:
        released: scripts devices may use, by the number of their codec; kept up to date by who
            works messages off.
    """

    def __init__(self, known: Mapping[str, Profile], scripts: Scripts) -> None:
        self.known = known
        self.scripts = scripts
        self.released: Mapping[int, Script] = {}
        self.chosen: dict[str, str] = {}

    def choose(self, event: Event) -> str:
        """Return the profile that fits by what the network server says; "" when none does."""
        found = self.chosen.get(event.model)
        if found is None:
            if len(self.chosen) >= MOST_MODELS:
                self.chosen.clear()
            found = self.chosen[event.model] = choose(event, self.known) or ""
        return found

    async def interpret(self, event: Event, profile: str, height: float | None) -> Meant:
        """Return what an uplink's content means."""
        mounting = Mounting(height)
        if profile.startswith(SCRIPT):
            return await self._by_script(event, profile, mounting)
        chosen = self.known.get(profile)
        decoded, decoder, problem = decode(event, chosen)
        measured = measure(event, decoded, chosen, mounting)
        return _meant(decoded, decoder, problem, measured)

    async def _by_script(self, event: Event, profile: str, mounting: Mounting) -> Meant:
        number = profile.removeprefix(SCRIPT)
        script = self.released.get(int(number)) if number.isdecimal() else None
        if script is None:
            return Meant(problem="codec-not-released")
        if event.payload is None:
            return Meant(problem="no-payload")
        call = Call(event.payload, event.f_port or 0, event.time or NO_TIME)
        outcome = await self.scripts.run(script, call)
        label = f"script:{script.sha256[:DIGITS]}"
        if outcome.data is None:
            reason = outcome.problem or "; ".join(outcome.errors) or "nothing"
            return Meant(decoder=label, problem=reason)
        told = replace(event, normalized=outcome.normalized or event.normalized)
        measured = measure(told, outcome.data, self.known.get(NAMED), mounting)
        return _meant(outcome.data, label, "; ".join(outcome.warnings) or None, measured)


def _meant(
    decoded: dict[str, object] | None, decoder: str, problem: str | None, measured: Measured
) -> Meant:
    return Meant(
        decoded=decoded,
        decoder=decoder,
        problem=problem or "; ".join(measured.warnings) or None,
        measurements=measured.measurements,
        battery=measured.battery,
        battery_volt=measured.battery_volt,
    )
