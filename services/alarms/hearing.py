"""Who is not heard: network servers, gateways and devices; since when, and what explains it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import looking, watching
from services.alarms.model import Kind
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.presence import Presence
from services.alarms.silence import OFFLINE_RULE, Standing
from services.alarms.views import AlarmView


class Missing(Enum):
    """How a device is missed."""

    OFFLINE = auto()
    LATE = auto()
    """Two values are missing: shown, told nobody."""
    EXPLAINED = auto()
    """Its source or all its gateways are gone: that is what somebody has to look at."""


@dataclass(frozen=True, slots=True)
class SilentSource:
    """A network server of which nothing comes; since when, and how many devices it carries."""

    label: str
    since: datetime
    devices: int


@dataclass(frozen=True, slots=True)
class Unheard:
    """A device in use that is missed.

    Attributes:
        ars: municipality it belongs to; "" unknown.
        since: when it was heard last.
        alarm: number of the open alarm of its silence; None: there is none.
    """

    device: int
    name: str
    ars: str
    since: datetime
    missing: Missing
    alarm: int | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who is not heard; devices: those missed for the longest time first."""

    sources: tuple[SilentSource, ...] = ()
    devices: tuple[Unheard, ...] = ()

    def of(self, missing: Missing) -> tuple[Unheard, ...]:
        """Return the devices that are missed in this way."""
        return tuple(one for one in self.devices if one.missing is missing)


async def hearing(
    session: AsyncSession,
    standings: Sequence[Standing],
    alarms: Sequence[AlarmView],
    labels: Mapping[str, str],
    wanted: Sequence[Matcher] | None,
) -> Hearing:
    """Return who is not heard, among the devices somebody wants to know of.

    Args:
        session: of the transaction.
        standings: how each device in use stands.
        alarms: those that are open.
        labels: of the sources that are configured, by name.
        wanted: what a group subscribed to; None: everything.
    """
    silent = await looking.silent_sources(session)
    gateways = [one.id for one in alarms if one.kind is Kind.GATEWAY]
    told = await watching.explained(session, gateways)
    explained = frozenset().union(*told.values()) if told else frozenset()
    numbers = {one.device_id: one.id for one in alarms if one.kind is Kind.OFFLINE}
    mine = [one for one in standings if _meant(one, wanted)]
    unheard = [
        Unheard(
            one.listening.device.id,
            one.listening.name,
            one.listening.device.ars,
            one.listening.seen_at,
            _missing(one, explained, silent),
            numbers.get(one.listening.device.id),
        )
        for one in mine
        if one.presence is not Presence.FRESH and one.listening.seen_at is not None
    ]
    carried = [one.listening.source for one in mine]
    sources = tuple(
        SilentSource(labels[name] or name, since, carried.count(name))
        for name, since in silent.items()
        if name in labels and (wanted is None or name in carried)
    )
    return Hearing(sources, tuple(sorted(unheard, key=lambda one: (one.since, one.device))))


def _missing(one: Standing, explained: Collection[int], silent: Mapping[str, datetime]) -> Missing:
    if one.listening.device.id in explained or one.listening.source in silent:
        return Missing.EXPLAINED
    return Missing.OFFLINE if one.presence is Presence.OFFLINE else Missing.LATE


def _meant(one: Standing, wanted: Sequence[Matcher] | None) -> bool:
    device = one.listening.device
    labels = Labels(
        rule=one.rule_key or OFFLINE_RULE,
        device=device.id,
        type=device.type,
        ars=device.ars,
        tags=frozenset(device.tags.split()),
    )
    return wanted is None or any(matcher.concerns(labels) for matcher in wanted)
