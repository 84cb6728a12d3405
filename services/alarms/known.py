"""The rules that hold, in memory; read again when their revision in the database has moved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.documents import problems_in, rule_in
from services.alarms.model import AlarmRule, OwnThreshold
from services.alarms.records import AppliesTo, RuleRecord
from services.alarms.rules.matching import Labels
from services.alarms.rules.presence import Pause
from services.alarms.rules.records import Rule
from services.devices.model import State, Visibility
from services.records import covers

log = structlog.get_logger()
OWN = "own:"
"""Begins the key of a person's own threshold; its number follows."""
UNKNOWN_INTERVAL = timedelta(minutes=15)
"""Of a device of which nobody said, and nothing told yet, how often it reports."""


class Watched(NamedTuple):
    """What rules look at of a device."""

    id: int
    address: str
    state: str
    visibility: str
    type: str
    ars: str
    water: str
    tags: str
    interval_seconds: int | None
    learned_seconds: int | None

    @property
    def interval(self) -> timedelta:
        """Return how often it reports: as staff said, else as learned."""
        seconds = self.interval_seconds or self.learned_seconds
        return timedelta(seconds=seconds) if seconds else UNKNOWN_INTERVAL

    def labels(self, rule: str, quantity: str = "") -> Labels:
        """Return what an alarm of a rule at this device is about, for matchers."""
        return Labels(
            rule,
            self.id,
            type=self.type,
            ars=self.ars,
            quantity=quantity,
            tags=frozenset(self.tags.split()),
        )


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A version of a rule; `device_id` is set for a person's own threshold."""

    key: str
    version: int
    record: RuleRecord
    device_id: int | None = None

    def watches(self, device: Watched) -> bool:
        """Whether the values of a device are weighed: released ones, in exercises those in test.

        A person's own threshold looks at one public device.
        """
        if device.state != State.RELEASED and not (
            self.record.exercise and device.state == State.TEST
        ):
            return False
        if self.device_id is not None:
            return self.device_id == device.id and device.visibility == Visibility.PUBLIC
        return means(self.record.applies_to, device)


def means(wanted: AppliesTo, device: Watched) -> bool:
    """Whether a device is one of those a rule is about, whatever its state."""
    return (
        wanted.device in (None, device.address)
        and wanted.type in (None, device.type)
        and wanted.water in (None, device.water)
        and covers(wanted.ars, device.ars)
        and (wanted.tag is None or wanted.tag in device.tags.split())
    )


@dataclass(frozen=True)
class Rules:
    """All rules that hold, of one revision."""

    by_key: Mapping[str, KnownRule] = field(default_factory=dict)
    by_quantity: Mapping[str, Sequence[KnownRule]] = field(default_factory=dict)
    of_silence: Sequence[KnownRule] = ()
    unreadable: Mapping[str, int] = field(default_factory=dict)
    """Versions of rules that would hold if they could be read; their alarms stay as they are."""
    _compiled: dict[tuple[str, timedelta], Rule] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[KnownRule], unreadable: Mapping[str, int]) -> "Rules":
        by_quantity: dict[str, list[KnownRule]] = defaultdict(list)
        rules = {one.key: one for one in known}
        for one in rules.values():
            if one.record.quantity is not None:
                by_quantity[one.record.quantity].append(one)
        silence = [one for one in rules.values() if one.record.offline is not None]
        return cls(rules, dict(by_quantity), tuple(silence), unreadable)

    def rule(self, known: KnownRule, interval: timedelta) -> Rule:
        """Return a rule as the engine weighs by it, for devices that report so often."""
        found = self._compiled.get((known.key, interval))
        if found is None:
            found = self._compiled[known.key, interval] = known.record.rule(interval)
        return found

    def watching(self, device: Watched, quantity: str, channel: int) -> list[KnownRule]:
        """Return the rules that weigh a series."""
        return [
            one
            for one in self.by_quantity.get(quantity, ())
            if one.record.applies_to.channel in (None, channel) and one.watches(device)
        ]


class StoredRule(NamedTuple):
    """A version of a rule as it is stored."""

    key: str
    version: int
    document: object
    device_id: int | None = None


class RuleCache:
    """Rules in memory, and what a process remembers of the time before it began to listen."""

    def __init__(self) -> None:
        self._revision: object = None
        self._rules = Rules()
        self._named: set[tuple[str, int]] = set()
        self.gateways: tuple[datetime, Mapping[int, frozenset[str]]] | None = None
        self.pauses: Sequence[Pause] | None = None

    async def current(self, session: AsyncSession) -> Rules:
        """Return the rules that hold."""
        revision = await _revision(session)
        if revision != self._revision:
            stored = await _load(session)
            self._rules = Rules.of(*_read(stored))
            self._revision = revision
            self._name(stored)
        return self._rules

    def _name(self, stored: Iterable[StoredRule]) -> None:
        """Name in the log, once, what cannot be read."""
        for one in stored:
            known = (one.key, one.version)
            if one.key in self._rules.unreadable and known not in self._named:
                self._named.add(known)
                where = problems_in(one.document)
                log.error("alarm rule left out", rule=one.key, version=one.version, where=where)


async def _revision(session: AsyncSession) -> object:
    """Return what moves with every change: rules are only added, thresholds come and go."""
    active = OwnThreshold.active.is_(True)
    query = select(
        select(func.max(AlarmRule.id)).scalar_subquery(),
        select(func.max(OwnThreshold.id)).scalar_subquery(),
        select(func.count()).select_from(OwnThreshold).where(active).scalar_subquery(),
        select(func.sum(OwnThreshold.id)).where(active).scalar_subquery(),
    )
    return tuple((await session.execute(query)).one())


async def _load(session: AsyncSession) -> list[StoredRule]:
    """Return what is to hold: the newest version of each rule, and people's own thresholds."""
    newest: dict[str, AlarmRule] = {}
    for row in await session.scalars(select(AlarmRule).order_by(AlarmRule.version)):
        newest[row.key] = row
    own = await session.scalars(select(OwnThreshold).where(OwnThreshold.active.is_(True)))
    return [
        *(StoredRule(row.key, row.version, row.document) for row in newest.values() if row.active),
        *(StoredRule(f"{OWN}{row.id}", 1, row.document, row.device_id) for row in own),
    ]


def _read(stored: Iterable[StoredRule]) -> tuple[list[KnownRule], dict[str, int]]:
    """Return the rules that can be read, and the versions of those that cannot."""
    found, unreadable = list[KnownRule](), dict[str, int]()
    for one in stored:
        record = rule_in(one.document)
        if record is None:
            unreadable[one.key] = one.version
        else:
            found.append(KnownRule(one.key, one.version, record, one.device_id))
    return found, unreadable
