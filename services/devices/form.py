"""What staff were asked about a device; kept in the database, so a restart forgets nothing."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.devices import store
from services.devices.model import Device
from services.devices.records import Asked

PATIENCE = timedelta(hours=2)
"""Whoever walks from the car to the bridge answers later; after that a text is a question."""


@dataclass(frozen=True)
class DeviceForm:
    """Use cases around the one question a chat has open."""

    session: AsyncSession
    clock: Clock

    async def ask(self, chat_id: int, device: Device, field: str, *, guided: bool = False) -> None:
        """Note that a chat was asked something; what it was asked before is void."""
        await store.ask(
            self.session,
            chat_id,
            device_id=device.id,
            revision=device.revision,
            field=field,
            guided=guided,
            asked_at=self.clock(),
        )

    async def asked(self, chat_id: int) -> Asked | None:
        """Return what a chat was asked and may still answer."""
        found = await store.question(self.session, chat_id, self.clock() - PATIENCE)
        if found is None:
            return None
        return Asked(found.device_id, found.revision, found.field, found.guided, found.asked_at)

    async def close(self, chat_id: int) -> None:
        """Ask nothing any more."""
        await store.answered(self.session, chat_id)

    async def forget_old(self) -> None:
        """Forget what nobody will answer any more."""
        await store.forget_questions(self.session, self.clock() - PATIENCE)
