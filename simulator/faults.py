"""Faults on purpose: what goes wrong between a bot and Telegram, repeatable by a seed.

Each kind of fault has its own source of chance, so that what one kind does never depends on
whether another is switched on: the n-th opportunity of a kind always ends the same way for a seed.
"""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from simulator.clock import Clock
from simulator.errors import ApiError, bad_request
from simulator.limits import too_many_requests
from simulator.updates import Update
from simulator.wire import Json

SPARED = frozenset({"getme", "getupdates", "setwebhook", "deletewebhook", "getwebhookinfo"})
"""Methods that no fault befalls unless it names them."""
CALL_FAULTS = ("latency", "server_error", "too_many_requests", "reset_before", "reset_after")
UPDATE_FAULTS = ("duplicate", "delay", "reorder", "webhook_unreachable")
KINDS = CALL_FAULTS + UPDATE_FAULTS

_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


class ResetError(Exception):
    """The connection is to be cut without an answer."""


@dataclass(slots=True)
class Fault:
    """How often a kind of fault happens, and how badly."""

    chance: Random
    share: float = 1.0
    seconds: float = 1.0
    status: int = 502
    burst: int = 1
    retry_after: int = 1
    times: int | None = None
    """After so many the fault is over."""
    methods: frozenset[str] = frozenset()
    running: int = 0
    """How many of the current burst are still to come."""

    def strikes(self) -> bool:
        """Decide the next opportunity."""
        drawn = self.chance.random()
        if self.running:
            self.running -= 1
            return True
        if drawn >= self.share or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        self.running = self.burst - 1
        return True

    def concerns(self, method: str) -> bool:
        return method in self.methods if self.methods else method not in SPARED

    def as_json(self) -> Json:
        shown: Json = {
            "share": self.share,
            "seconds": self.seconds,
            "status": self.status,
            "burst": self.burst,
            "retry_after": self.retry_after,
        }
        if self.times is not None:
            shown["times"] = self.times
        if self.methods:
            shown["methods"] = sorted(self.methods)
        return shown


@dataclass
class Faults:
    """What goes wrong at the moment, and how often it has."""

    clock: Clock
    seed: int = 0
    active: dict[str, Fault] = field(default_factory=dict)
    injected: Counter[str] = field(default_factory=Counter)

    def plan(self, seed: int, wanted: Mapping[str, object]) -> None:
        """Let these faults happen from now on instead of the former ones; counts begin anew."""
        active = {kind: _fault(seed, kind, given) for kind, given in wanted.items()}
        self.seed, self.active = seed, active
        self.injected = Counter()

    def clear(self) -> None:
        """Let nothing go wrong any more; the counts stay."""
        self.active = {}

    async def before_call(self, method: str) -> None:
        """Delay or refuse a request before anything has happened, or cut it off."""
        if self._strikes("latency", method):
            await self.clock.sleep(self.active["latency"].seconds)
        if self._strikes("reset_before", method):
            raise ResetError
        if self._strikes("server_error", method):
            status = self.active["server_error"].status
            raise ApiError(status, _REASONS[status])
        if self._strikes("too_many_requests", method):
            raise too_many_requests(self.active["too_many_requests"].retry_after)

    def after_call(self, method: str) -> None:
        """Cut a request off once everything has happened."""
        if self._strikes("reset_after", method):
            raise ResetError

    def webhook_unreachable(self) -> bool:
        return self._strikes("webhook_unreachable")

    def duplicates(self) -> bool:
        """Tell whether an update that has got through comes once more."""
        return self._strikes("duplicate")

    async def delay(self) -> None:
        """Hold an update back for a while."""
        if self._strikes("delay"):
            await self.clock.sleep(self.active["delay"].seconds)

    def reorder(self, waiting: deque[Update]) -> None:
        """Let the second of the waiting updates overtake the first."""
        if len(waiting) > 1 and self._strikes("reorder"):
            waiting[0], waiting[1] = waiting[1], waiting[0]

    def shaken(self, updates: list[Update]) -> list[Update]:
        """Return the answer to getUpdates with some updates twice or in another order."""
        if not self.active:
            return updates
        shown: list[Update] = []
        for update in updates:
            shown += [update] * (1 + self.duplicates())
        for place in range(len(shown) - 1):
            if self._strikes("reorder"):
                shown[place], shown[place + 1] = shown[place + 1], shown[place]
        return shown

    def as_json(self) -> Json:
        active = {kind: fault.as_json() for kind, fault in self.active.items()}
        injected = {kind: self.injected[kind] for kind in KINDS}
        return {"seed": self.seed, "faults": active, "injected": injected}

    def _strikes(self, kind: str, method: str = "") -> bool:
        fault = self.active.get(kind)
        if fault is None or (method and not fault.concerns(method)) or not fault.strikes():
            return False
        self.injected[kind] += 1
        return True


def _fault(seed: int, kind: str, given: object) -> Fault:
    if kind not in KINDS:
        raise bad_request(f"there is no fault {kind}; there are {', '.join(KINDS)}")
    if not isinstance(given, Mapping):
        raise bad_request(f"the fault {kind} is described by an object")
    fault = Fault(Random(f"{seed}:{kind}"))  # noqa: S311 - repeatable on purpose
    unknown = given.keys() - {
        "share",
        "seconds",
        "status",
        "burst",
        "retry_after",
        "times",
        "methods",
    }
    if unknown:
        raise bad_request(f"the fault {kind} has no {min(unknown)}")
    fault.share = _number(given, "share", 1.0, most=1)
    fault.seconds = _number(given, "seconds", 1.0)
    fault.status = int(_number(given, "status", 502))
    fault.burst = max(1, int(_number(given, "burst", 1)))
    fault.retry_after = max(1, int(_number(given, "retry_after", 1)))
    fault.times = int(_number(given, "times", 0)) if "times" in given else None
    if fault.status not in _REASONS:
        raise bad_request("the status is 500, 502 or 503")
    methods = given.get("methods", [])
    if not isinstance(methods, list):
        raise bad_request("methods is a list of names")
    fault.methods = frozenset(str(name).lower() for name in methods)
    return fault


def _number(given: Mapping[str, object], name: str, default: float, most: float = 1e9) -> float:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise bad_request(f"{name} is a number from 0 to {most:g}")
    return value
