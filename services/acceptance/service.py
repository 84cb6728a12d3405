"""Test a device over some time, keep the report, and release the device by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.acceptance import rules, store
from services.acceptance.records import Measured, Report
from services.clock import Clock
from services.devices.model import Acceptance, Device
from services.devices.rules import AnswerError, read_line
from services.devices.service import ChangedError, Devices, NoDeviceError
from services.errors import ServiceError
from services.staff.rules import Actor

REASON_LENGTH = 200
FRESH = timedelta(days=3)
"""So long a report counts: later the device may be another one."""


class NotAcceptedError(ServiceError):
    """The report did not pass and nobody gave a reason to release the device all the same."""

    text_key = "acceptance.not-passed"


class OldReportError(ServiceError):
    """The report is too old, or was decided about."""

    text_key = "acceptance.old"


@dataclass(frozen=True)
class Tested:
    """A report that was just made, with its number."""

    id: int
    report: Report


@dataclass(frozen=True)
class Acceptances:
    """Use cases around tests of devices."""

    session: AsyncSession
    devices: Devices
    clock: Clock

    async def link(self, device: Device, period: timedelta) -> Report:
        """Return how a device was heard until now; nothing about its values."""
        return await self._report(device, period, values=False)

    async def _report(self, device: Device, period: timedelta, *, values: bool = True) -> Report:
        until = self.clock()
        since = until - period
        frames = await store.heard(self.session, device.id, since=since, until=until)
        measured: Sequence[Measured] = ()
        if values:
            measured = await store.measured(self.session, device.id, since=since, until=until)
        return rules.report(device, rules.Period(since, until), frames, measured)

    async def test(self, actor: Actor, device_id: int, period: timedelta) -> Tested:
        """Make a report on the time until now, and keep it; as often as somebody likes."""
        if period not in rules.PERIODS:
            raise AnswerError("acceptance.no-period")
        device = await self.devices.get(actor, device_id)
        self.devices.require(actor, device)
        report = await self._report(device, period)
        kept = await store.add(
            self.session,
            device_id=device.id,
            since=report.since,
            until=report.until,
            report=report.as_json(),
            passed=report.passed,
        )
        return Tested(kept.id, report)

    async def newest(self, device_id: int) -> Acceptance | None:
        """Return the newest report on a device."""
        return await store.newest(self.session, device_id)

    async def release(self, actor: Actor, acceptance_id: int, reason: str = "") -> Device:
        """Release a device by a fresh report that passed, or for a reason that is kept with it."""
        kept = await store.get(self.session, acceptance_id)
        if kept is None:
            raise NoDeviceError
        if kept.decided_at is not None or self.clock() - kept.until > FRESH:
            raise OldReportError
        if not kept.passed and not reason.strip():
            raise NotAcceptedError
        device = await self.devices.get(actor, kept.device_id)
        said = read_line(reason, REASON_LENGTH) if reason.strip() else ""
        released = await self.devices.release(
            actor, device.id, device.revision, report=kept.id, passed=kept.passed, reason=said
        )
        if not await store.decide(
            self.session, kept.id, decided_by=actor.staff_id, decided_at=self.clock()
        ):
            raise ChangedError
        return released
