"""Register devices, say what they are and where, and lead them from test to use and out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.labels import Label
from services.audit.service import Audit
from services.clock import Clock
from services.devices import store
from services.devices.model import Device, State, Visibility
from services.devices.rules import (
    LONGEST_MAINTENANCE,
    TYPES,
    AnswerError,
    StateError,
    is_silent,
    require_step,
)
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

PAGE = 6
MOST_FOUND = 6
HISTORY = timedelta(days=90)
"""A device's oldest frames may be older than itself: a network server sends late what it kept."""
READ_ANEW = {"profile", "mounting_height"}
"""What changes what was measured: everything the device sent is read again."""
IN_USE = (State.TEST, State.RELEASED, State.MAINTENANCE)


class NoDeviceError(ServiceError):
    """There is no such device (any more)."""

    text_key = "devices.none"


class ChangedError(ServiceError):
    """Somebody else changed the device since it was shown."""

    text_key = "devices.changed"


@dataclass(frozen=True)
class DevicePage:
    """A page of devices, counted from 0.

    Attributes:
        devices: at most a page of them.
        total: how many there are on all pages.
    """

    devices: Sequence[Device]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Overview:
    """How the devices stand.

    Attributes:
        counts: how many are in which state; states without devices are left out.
        silent: how many in use have not been heard for long.
    """

    counts: Mapping[State, int]
    silent: int


@dataclass(frozen=True)
class Devices:
    """Use cases around devices; who is no staff for sensors gets `NotAllowedError`."""

    session: AsyncSession
    staff: Staff
    audit: Audit
    region: Region
    clock: Clock

    async def overview(self, actor: Actor) -> Overview:
        """Return how many devices there are in which state, and how many are silent."""
        self.staff.require_somewhere(actor, Action.RUN_SENSORS)
        counts = await store.counts(self.session)
        used = await store.in_states(self.session, (State.TEST, State.RELEASED))
        silent = sum(is_silent(one, self.clock()) for one in used)
        return Overview({State(name): count for name, count in counts.items()}, silent)

    async def page(self, actor: Actor, states: Sequence[State], page: int) -> DevicePage:
        """Return a page of the devices in some states; a page that is gone is the last one."""
        self.staff.require_somewhere(actor, Action.RUN_SENSORS)
        total, devices = await store.page(self.session, states, page=max(page, 0), size=PAGE)
        pages = max(1, -(-total // PAGE))
        if page >= pages:
            page = pages - 1
            _, devices = await store.page(self.session, states, page=page, size=PAGE)
        return DevicePage(devices, max(page, 0), pages, total)

    async def silent(self, actor: Actor) -> Sequence[Device]:
        """Return the devices in use that have not been heard for long, the longest first."""
        self.staff.require_somewhere(actor, Action.RUN_SENSORS)
        used = await store.in_states(self.session, (State.TEST, State.RELEASED))
        silent = [one for one in used if is_silent(one, self.clock())]
        return sorted(silent, key=lambda one: (one.seen_at or one.created_at, one.id))

    async def get(self, actor: Actor, device_id: int) -> Device:
        """Return a device, or raise `NoDeviceError`."""
        self.staff.require_somewhere(actor, Action.RUN_SENSORS)
        device = await store.by_id(self.session, device_id)
        if device is None:
            raise NoDeviceError
        return device

    async def find(self, actor: Actor, words: str) -> Sequence[Device]:
        """Return the devices whose name, place or address holds these words."""
        self.staff.require_somewhere(actor, Action.RUN_SENSORS)
        return await store.by_words(self.session, words, MOST_FOUND)

    def may_change(self, actor: Actor, device: Device) -> bool:
        """Whether somebody may change a device: it is theirs, or nobody's yet."""
        now = self.clock()
        if not device.ars:
            return actor.may_somewhere(Action.RUN_SENSORS, now)
        return actor.may(Action.RUN_SENSORS, device.ars, now)

    def require(self, actor: Actor, device: Device) -> None:
        """Raise `NotAllowedError` unless somebody may change this device."""
        if device.ars:
            self.staff.require(actor, Action.RUN_SENSORS, device.ars)
        else:
            self.staff.require_somewhere(actor, Action.RUN_SENSORS)

    async def register(self, actor: Actor, label: Label) -> tuple[Device, bool]:
        """Return the device of a label, and whether it is new to staff; it begins its test.

        One that is registered stays as it is; one that only sends is adopted.
        """
        self.staff.require_somewhere(actor, Action.RUN_SENSORS)
        known = {"join_eui": label.join_eui, "serial": label.serial}
        added = await store.add(
            self.session,
            address=label.dev_eui,
            name=label.dev_eui.upper(),
            state=State.TEST,
            visibility=Visibility.INTERNAL,
            ars=self._own_area(actor),
            created_at=self.clock(),
            **dict.fromkeys(("profile", "type", "model", "source", "place", "water"), ""),
            **known,
        )
        device = await store.by_address(self.session, label.dev_eui)
        if device is None:
            raise NoDeviceError
        if added:
            after = {"state": device.state, "ars": device.ars, **known}
            await self.audit.note(actor.staff_id, "devices.register", device.address, after=after)
        elif device.state == State.UNKNOWN:
            said = {name: value for name, value in known.items() if value}
            return await self.adopt(actor, device.id, device.revision, **said), True
        return device, added

    async def adopt(self, actor: Actor, device_id: int, revision: int, **columns: Any) -> Device:
        """Take over a device that sends: from now on it is in test."""
        device = await self.get(actor, device_id)
        own = {} if device.ars else {"ars": self._own_area(actor)}
        return await self.move(actor, device_id, revision, State.TEST, **own, **columns)

    async def change(self, actor: Actor, device_id: int, revision: int, **columns: Any) -> Device:
        """Say something about a device; a new owner must be one the actor may act for."""
        device = await self.get(actor, device_id)
        self.require(actor, device)
        if "ars" in columns:
            if not self.region.knows_area(columns["ars"]):
                raise AnswerError("devices.no-municipality")
            self.staff.require(actor, Action.RUN_SENSORS, columns["ars"])
        if columns.get("type", TYPES[0]) not in TYPES:
            raise AnswerError("devices.no-type")
        if "visibility" in columns:
            columns["visibility"] = Visibility(columns["visibility"])
        if READ_ANEW & columns.keys():
            columns["decode_from"] = device.created_at - HISTORY
        return await self._write(actor, device, revision, "change", columns)

    async def decode_again(self, actor: Actor, device_id: int, revision: int) -> Device:
        """Have everything the device sent read again."""
        device = await self.get(actor, device_id)
        return await self.change(
            actor, device_id, revision, decode_from=device.created_at - HISTORY
        )

    async def move(
        self, actor: Actor, device_id: int, revision: int, state: State, **columns: Any
    ) -> Device:
        """Lead a device to another state, or raise `StateError`; not from test to use."""
        device = await self.get(actor, device_id)
        if device.state == State.TEST and state == State.RELEASED:
            raise StateError
        self.require(actor, device)
        require_step(device.state, state)
        changed = {"maintenance_until": None, **columns, "state": state}
        return await self._write(actor, device, revision, "move", changed)

    async def release(
        self,
        actor: Actor,
        device_id: int,
        revision: int,
        *,
        report: int,
        passed: bool,
        reason: str,
    ) -> Device:
        """Put a tested device to use; only `services.acceptance` decides that."""
        device = await self.get(actor, device_id)
        self.require(actor, device)
        require_step(device.state, State.RELEASED)
        grounds = {"report": report, "passed": passed, "reason": reason}
        await self.audit.note(actor.staff_id, "devices.release", device.address, after=grounds)
        columns = {"state": State.RELEASED}
        return await self._write(actor, device, revision, "move", columns)

    async def maintained(self, device: Device) -> Device:
        """Lead a device back to use whose maintenance is over; the clock does that."""
        columns = {"state": State.RELEASED, "maintenance_until": None}
        return await self._write(None, device, device.revision, "move", columns)

    async def maintain(
        self, actor: Actor, device_id: int, revision: int, until: datetime
    ) -> Device:
        """Begin a maintenance, or move the end of one that goes on."""
        if not self.clock() < until <= self.clock() + LONGEST_MAINTENANCE:
            raise AnswerError("devices.maintenance-range", days=LONGEST_MAINTENANCE.days)
        device = await self.get(actor, device_id)
        if device.state == State.MAINTENANCE:
            return await self.change(actor, device_id, revision, maintenance_until=until)
        return await self.move(
            actor, device_id, revision, State.MAINTENANCE, maintenance_until=until
        )

    def _own_area(self, actor: Actor) -> str:
        """Return the area of an actor who acts for exactly one; "" where it must be asked."""
        now = self.clock()
        areas = {
            grant.area
            for grant in actor.grants
            if Actor(None, (grant,)).may_somewhere(Action.RUN_SENSORS, now)
        }
        [area, *others] = sorted(areas) or [""]
        return area if not others and self.region.municipality(area) else ""

    async def _write(
        self,
        actor: Actor | None,
        device: Device,
        revision: int,
        action: str,
        columns: dict[str, Any],
    ) -> Device:
        before = {name: _plain(getattr(device, name)) for name in columns}
        if not await store.change(self.session, device.id, revision, columns):
            raise ChangedError
        after = {name: _plain(value) for name, value in columns.items()}
        await self.audit.note(
            actor.staff_id if actor else None,
            f"devices.{action}",
            device.address,
            before=before,
            after=after,
        )
        changed = await store.by_id(self.session, device.id)
        if changed is None:
            raise NoDeviceError
        return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
