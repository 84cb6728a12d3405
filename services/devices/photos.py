"""Photos of labels: remembered until they are read beside the bot, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.labels import Label
from services.clock import Clock
from services.devices import store
from services.devices.form import DeviceForm
from services.devices.model import DevicePhoto
from services.devices.rules import next_question
from services.devices.service import Devices
from services.outbox.service import Outbox
from services.staff.rules import Action, Actor

MOST_ATTEMPTS = 3
AT_ONCE = 3


@dataclass(frozen=True)
class DevicePhotos:
    """Use cases around photos of labels."""

    session: AsyncSession
    devices: Devices
    form: DeviceForm
    outbox: Outbox
    clock: Clock

    async def receive(self, actor: Actor, chat_id: int, file_id: str) -> None:
        """Remember a photo; it is fetched after this transaction."""
        self.devices.staff.require_somewhere(actor, Action.RUN_SENSORS)
        self.session.add(
            DevicePhoto(chat_id=chat_id, file_id=file_id, attempts=0, sent_at=self.clock())
        )

    async def waiting(self) -> Sequence[tuple[int, str]]:
        """Return number and file of a few photos, those first that were tried least."""
        return [(one.id, one.file_id) for one in await store.photos(self.session, AT_ONCE)]

    async def not_fetched(self, photo_id: int, *, final: bool) -> None:
        """Try again later, three times."""
        photo = await self.session.get(DevicePhoto, photo_id)
        if photo is None:
            return
        photo.attempts += 1
        if final or photo.attempts >= MOST_ATTEMPTS:
            await self._close(photo, "devices.photo-gone")

    async def read(self, photo_id: int, label: Label | None, *, key: bool) -> None:
        """Register the device of a photo that was read, with the rights of now."""
        photo = await self.session.get(DevicePhoto, photo_id)
        if photo is None:
            return  # erased meanwhile, or read before
        if key:
            await self._tell(photo, "devices.key-warning")
        if label is None or label.torn:
            torn = label is not None
            await self._close(photo, "devices.torn-label" if torn else "devices.photo-unread")
            return
        actor = await self.devices.staff.actor(photo.chat_id)
        if not actor.may_somewhere(Action.RUN_SENSORS, self.clock()):
            await self.session.delete(photo)
            return
        device, is_new = await self.devices.register(actor, label)
        field = next_question(device, None)
        if is_new and field is not None:
            await self.form.ask(photo.chat_id, device, field, guided=True)
        await self._close(photo, "devices.photo-read", device=device.id, new=int(is_new))

    async def _close(self, photo: DevicePhoto, text_key: str, **params: Any) -> None:
        await self._tell(photo, text_key, **params)
        await self.session.delete(photo)

    async def _tell(self, photo: DevicePhoto, text_key: str, **params: Any) -> None:
        key = f"device-photo:{photo.id}:{photo.sent_at.isoformat()}:{text_key}"
        await self.outbox.tell(photo.chat_id, text_key, dedup_key=key, **params)
