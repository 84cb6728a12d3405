"""What becomes of devices by the clock, and who hears of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.devices import store
from services.devices.service import Devices
from services.outbox.service import Outbox
from services.staff.rules import Action

MORNING = 8
SINCE_YESTERDAY = timedelta(hours=25)
"""A little more than a day, so that no device falls between two runs of the job."""


@dataclass(frozen=True)
class DeviceUpkeep:
    """Use cases around devices that nobody has to ask for."""

    session: AsyncSession
    devices: Devices
    outbox: Outbox
    clock: Clock

    async def end_maintenances(self) -> None:
        """Lead the devices back to use whose maintenance is over, and tell who runs them."""
        for one in await store.maintained(self.session, self.clock()):
            device = await self.devices.maintained(one)
            await self._tell(
                "devices.maintenance-over",
                f"{device.id}:{device.revision}",
                device.ars,
                name=device.name,
                device=device.id,
            )

    async def tell_unknown(self) -> None:
        """Tell once a day, not at night, how many unknown devices were first heard since."""
        here = self.clock().astimezone(self.devices.region.zone)
        new = await store.unknown_since(self.session, self.clock() - SINCE_YESTERDAY)
        if new and here.hour >= MORNING:
            await self._tell("devices.new-unknown", here.date().isoformat(), "", count=new)

    async def _tell(self, text_key: str, slot: str, area: str, **params: Any) -> None:
        """Tell everybody who may run the sensors of an area (or of the county), once."""
        wanted = area or self.devices.region.facts.ars
        for one in await self.devices.staff.team(Action.RUN_SENSORS, wanted):
            await self.outbox.tell(
                one.chat_id, text_key, dedup_key=f"{text_key}:{slot}:{one.chat_id}", **params
            )
