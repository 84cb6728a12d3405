"""Silence: devices that are not heard any more, gateways that took many along.

Silence resolves nothing: an alarm of values stays as it is until a value says otherwise, and the
alarm of a device's silence is as grave as the stage in which the device fell silent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms import store, watching
from services.alarms.keeping import End, Keeper
from services.alarms.known import RuleCache, Rules
from services.alarms.model import Alarm, Kind
from services.alarms.records import OfflineRecord
from services.alarms.rules.calm import NEVER_HELD
from services.alarms.rules.presence import (
    Expectation,
    Listener,
    Outages,
    Pause,
    Presence,
    outages,
)
from services.alarms.rules.records import Severity
from services.alarms.watching import EXPLAINS, Listening
from services.clock import Clock
from services.devices.model import State

OF_A_GATEWAY = Severity.START
HEARD_WITHIN = timedelta(days=2)
"""Who heard whom lately tells which gateway is to be missed."""
LOOK_AGAIN = timedelta(minutes=10)
OFFLINE_RULE, GATEWAY_RULE = "offline", "gateway"
"""What stands for a rule where none speaks of silence."""
DEFAULT = (OFFLINE_RULE, OfflineRecord())
AT_ONCE = timedelta(seconds=1)
"""A gateway heard later than the last of its silent devices is there."""


@dataclass(frozen=True)
class Standing:
    """How a device stands: what its silence is worth, whether it is heard."""

    listening: Listening
    rule_key: str
    severity: Severity
    presence: Presence


@dataclass(frozen=True)
class Silence:
    """Looks for silence in a transaction."""

    session: AsyncSession
    cache: RuleCache
    keeper: Keeper
    clock: Clock
    listening_since: datetime | None = None
    """When this process began to listen; None: with its first look."""

    async def look(self) -> None:
        """Open, move and end alarms of silence; end alarms nothing can change any more."""
        rules = await self.cache.current(self.session)
        alarms = await store.open_alarms(self.session)
        await self._end_what_is_gone(rules, alarms)
        alarms = [one for one in alarms if one.ended_at is None]
        standings = await self.standings(rules)
        silent = _by_about(alarms, Kind.OFFLINE)
        explained = await self._gateways(standings, alarms)
        sources = await watching.silent_sources(self.session)
        stages = _stages(alarms)
        for one in standings:
            device = one.listening.device.id
            alarm = silent.get(f"{OFFLINE_RULE}:{device}")
            stage = stages.get(device, Severity.NOTICE)
            is_explained = device in explained or one.listening.source in sources
            # Who counts on a sensor in danger is told that it is gone, whatever took it along.
            inhibited = is_explained and stage < NEVER_HELD
            severity = max(one.severity, stage)
            if alarm is not None:
                await self._known(alarm, one, severity, inhibited=inhibited)
            elif one.presence is Presence.OFFLINE and not inhibited:
                await self._missing(one, severity)

    async def standings(self, rules: Rules) -> list[Standing]:
        """Return how every device in use stands, as far as what arrived was read."""
        found = await watching.in_use(self.session)
        pauses = await self._pauses()
        now = await watching.read_until(self.session, self.clock())
        standings = []
        for one in found:
            if one.seen_at is None:
                continue
            rule_key, offline = _worth(rules, one)
            expected = Expectation(one.device.interval, offline.patience)
            presence = expected.presence(expected.heard(one.seen_at, pauses), now)
            standings.append(Standing(one, rule_key, offline.severity, presence))
        return standings

    async def _pauses(self) -> Sequence[Pause]:
        """Return when we were away: that is not held against the devices."""
        if self.cache.pauses is None:
            start = self.listening_since or self.clock()
            self.cache.pauses = await watching.pauses_before(self.session, start)
        return self.cache.pauses

    async def _missing(self, one: Standing, severity: Severity) -> None:
        device, seen = one.listening.device.id, one.listening.seen_at
        await self.keeper.open(
            severity,
            severity,
            labels=one.listening.device.labels(one.rule_key),
            kind=Kind.OFFLINE.value,
            about=f"{OFFLINE_RULE}:{device}",
            rule_key=one.rule_key,
            device_id=device,
            level=0,
            began_at=self.clock(),
            value_at=seen,
        )

    async def _known(
        self, alarm: Alarm, one: Standing, severity: Severity, *, inhibited: bool
    ) -> None:
        """Bring an alarm of silence up to date; it ends when the device was heard since."""
        seen = one.listening.seen_at
        if seen is not None and (alarm.value_at is None or seen > alarm.value_at):
            if one.presence is Presence.FRESH:
                await self.keeper.end(alarm, End.CLEARED, seen)
            return
        if severity > alarm.severity or inhibited != alarm.inhibited:
            alarm.inhibited = inhibited
            if severity > alarm.severity:
                await self.keeper.move(alarm, 0, severity)
            await self.keeper.told(alarm)

    async def _gateways(
        self, standings: Sequence[Standing], alarms: Sequence[Alarm]
    ) -> frozenset[int]:
        """Open and end alarms of gateways; return the devices whose silence they explain."""
        known = {one.about.partition(":")[2]: one for one in alarms if one.kind == Kind.GATEWAY}
        missing = [one for one in standings if one.presence is not Presence.FRESH]
        if not missing and not known:
            return frozenset()
        heard_at = await watching.gateways_heard(self.session)
        for name, alarm in list(known.items()):
            at = heard_at.get(name)
            if at is not None and (alarm.value_at is None or at > alarm.value_at):
                await self.keeper.end(alarm, End.CLEARED, at)
                del known[name]
        told = await watching.explained(self.session, [one.id for one in known.values()])
        before = frozenset().union(*told.values()) if told else frozenset()
        silent = frozenset(one.listening.device.id for one in missing)
        if silent <= before:
            return before
        found = await self._outages(standings, heard_at, known)
        stages = _stages(alarms)
        for name, devices in found.gateways.items():
            gravest = max((stages[one] for one in devices if one in stages), default=OF_A_GATEWAY)
            open_alarm = known.get(name) or await self._gone(name, heard_at.get(name), gravest)
            await self._explain(open_alarm, devices, told.get(open_alarm.id, frozenset()))
        return before | found.explained

    async def _outages(
        self,
        standings: Sequence[Standing],
        heard_at: Mapping[str, datetime],
        known: Collection[str],
    ) -> Outages:
        heard_by = await self._heard_by()
        listeners = [
            Listener(one.listening.device.id, heard_by[one.listening.device.id], one.presence)
            for one in standings
            if one.listening.device.id in heard_by
        ]
        last = _last_of_the_silent(standings, heard_by)
        alive = {
            name
            for name, at in heard_at.items()
            if name not in known and name in last and at > last[name] + AT_ONCE
        }
        return outages(listeners, alive=alive)

    async def _heard_by(self) -> Mapping[int, frozenset[str]]:
        now = self.clock()
        kept = self.cache.gateways
        if kept is None or not now - LOOK_AGAIN < kept[0] <= now:
            kept = (now, await watching.gateways_of(self.session, now - HEARD_WITHIN))
            self.cache.gateways = kept
        return kept[1]

    async def _gone(self, name: str, heard_at: datetime | None, gravest: Severity) -> Alarm:
        severity = max(OF_A_GATEWAY, gravest)
        return await self.keeper.open(
            severity,
            severity,
            kind=Kind.GATEWAY.value,
            about=f"{GATEWAY_RULE}:{name}",
            rule_key=GATEWAY_RULE,
            level=0,
            began_at=self.clock(),
            value_at=heard_at,
        )

    async def _explain(self, alarm: Alarm, devices: Sequence[int], told: frozenset[int]) -> None:
        """Note whose silence an outage explains; the number of them is shown as its value."""
        fresh = sorted(set(devices) - told)
        if fresh:
            await store.note(self.session, alarm.id, self.clock(), EXPLAINS, devices=fresh)
            alarm.value = len(told) + len(fresh)
            await self.keeper.told(alarm)

    async def _end_what_is_gone(self, rules: Rules, alarms: Sequence[Alarm]) -> None:
        """End alarms whose rule does not hold any more, or whose device is not in use."""
        devices = {one.device_id for one in alarms if one.device_id is not None}
        found = await store.series(self.session, devices) if devices else []
        series = {one.id: one for one in found}
        states = await store.states(self.session, devices)
        for alarm in alarms:
            known = rules.by_key.get(alarm.rule_key)
            of = series.get(alarm.series_id or 0)
            if alarm.kind == Kind.GATEWAY:
                continue
            in_use = states.get(alarm.device_id or 0) == State.RELEASED
            if alarm.kind == Kind.OFFLINE:
                if not in_use:
                    await self.keeper.end(alarm, End.DEVICE_GONE, self.clock())
            elif alarm.rule_key in rules.unreadable:
                continue  # nobody knows whether the danger is over
            elif known is None or of is None or known.record.quantity != of.quantity:
                await self.keeper.end(alarm, End.RULE_CHANGED, self.clock())
            elif not known.watches(of.device):
                why = End.RULE_CHANGED if in_use else End.DEVICE_GONE
                await self.keeper.end(alarm, why, self.clock())


def _worth(rules: Rules, one: Listening) -> tuple[str, OfflineRecord]:
    """Return which rule speaks of a device's silence: the gravest, then the most patient."""
    found = [
        (known.key, known.record.offline)
        for known in rules.of_silence
        if known.record.offline is not None and known.watches(one.device)
    ]
    return max(found, key=lambda each: (each[1].severity, each[1].patience), default=DEFAULT)


def _by_about(alarms: Iterable[Alarm], kind: Kind) -> dict[str, Alarm]:
    return {one.about: one for one in alarms if one.kind == kind}


def _stages(alarms: Iterable[Alarm]) -> dict[int, Severity]:
    """Return the gravest open stage of each device; exercises count for nothing here."""
    found: dict[int, Severity] = {}
    for one in alarms:
        if one.kind == Kind.VALUE and one.device_id is not None and not one.exercise:
            found[one.device_id] = max(
                found.get(one.device_id, Severity.NOTICE), Severity(one.severity)
            )
    return found


def _last_of_the_silent(
    standings: Iterable[Standing], heard_by: Mapping[int, frozenset[str]]
) -> dict[str, datetime]:
    """Return when the last silent device of each gateway was heard."""
    found: dict[str, datetime] = {}
    for one in standings:
        seen = one.listening.seen_at
        if one.presence is Presence.FRESH or seen is None:
            continue
        for name in heard_by.get(one.listening.device.id, ()):
            found[name] = max(found.get(name, seen), seen)
    return found
