"""Sensors that say nothing: one that is late, one that is gone, a gateway that took many along.

Silence changes no level: an alarm stays as it was until a value says otherwise. Time in which
nobody could have been heard is nobody's silence.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.alarms.rules.records import OFFLINE_INTERVALS, STALE_INTERVALS


class Presence(StrEnum):
    """Whether a device is heard as often as it should be."""

    FRESH = "fresh"
    STALE = "stale"
    """Two values are missing: shown, not told."""
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time in which nobody could have been heard: the program was away."""

    since: datetime
    until: datetime

    def after(self, seen: datetime) -> timedelta:
        """Return how much of it lies after a moment."""
        return max(self.until - max(self.since, seen), timedelta(0))

    @property
    def is_long(self) -> bool:
        """Whether senders may have given up meanwhile, or come again later."""
        return self.until - self.since >= LONG_PAUSE


LONG_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Expectation:
    """How often a device reports, and how long its silence is borne beyond that."""

    interval: timedelta
    patience: timedelta = timedelta(0)

    def presence(self, seen: datetime | None, now: datetime) -> Presence:
        """Return how a device last seen then stands now; one never seen is offline."""
        if seen is None:
            return Presence.OFFLINE
        silent = now - seen
        if silent > self.interval * OFFLINE_INTERVALS + self.patience:
            return Presence.OFFLINE
        return Presence.STALE if silent > self.interval * STALE_INTERVALS else Presence.FRESH

    def heard(self, seen: datetime, pauses: Sequence[Pause]) -> datetime:
        """Return when a device last seen then would have been seen, had there been no pauses.

        After a long pause it has at least one interval to be heard, however long it was silent
        before: what it sent meanwhile may still be on its way.
        """
        heard = seen + sum((one.after(seen) for one in pauses), timedelta(0))
        least = self.interval * (OFFLINE_INTERVALS - 1) + self.patience
        chances = [one.until - least for one in pauses if one.is_long and one.until > seen]
        return max(heard, *chances) if chances else heard

    def offline_at(self, seen: datetime) -> datetime:
        """Return when the silence of a device last seen then has lasted too long."""
        return seen + self.interval * OFFLINE_INTERVALS + self.patience


@dataclass(frozen=True, slots=True)
class Listener:
    """A device and the gateways that heard it lately."""

    device: int
    gateways: frozenset[str]
    presence: Presence


@dataclass(frozen=True, slots=True)
class OutagePolicy:
    """When silent devices mean a silent gateway: so many of them, and such a share."""

    least: int = 3
    share: float = 0.8


@dataclass(frozen=True, slots=True)
class Outages:
    """Gateways thought to be gone, and the devices whose silence that explains."""

    gateways: dict[str, tuple[int, ...]]
    explained: frozenset[int]


def outages(
    listeners: Iterable[Listener],
    policy: OutagePolicy = OutagePolicy(),
    alive: Collection[str] = (),
) -> Outages:
    """Return which gateways are gone, judged by the devices they alone or with others heard.

    A device's silence is explained when every gateway that used to hear it is gone. Gateways in
    `alive` are known to be there, whatever their devices do.
    """
    heard_by: dict[str, list[Listener]] = defaultdict(list)
    listeners = list(listeners)
    for one in listeners:
        for gateway in one.gateways:
            heard_by[gateway].append(one)
    gone = {
        gateway: tuple(sorted(one.device for one in heard if one.presence is not Presence.FRESH))
        for gateway, heard in heard_by.items()
        if gateway not in alive and _is_gone(heard, policy)
    }
    explained = frozenset(
        one.device
        for one in listeners
        if one.presence is not Presence.FRESH and one.gateways and one.gateways <= gone.keys()
    )
    return Outages(gone, explained)


def _is_gone(heard: list[Listener], policy: OutagePolicy) -> bool:
    silent = sum(one.presence is not Presence.FRESH for one in heard)
    return silent >= policy.least and silent >= policy.share * len(heard)
