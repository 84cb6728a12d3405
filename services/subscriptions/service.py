"""Tell me when this is online: wishes, listed and removed with one tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.clock import Clock
from services.region.service import Region
from services.subscriptions import store
from services.subscriptions.model import EVERYTHING, Subscription


class Outcome(StrEnum):
    """What a tap on "Bescheid geben" led to."""

    CREATED = "created"
    ALREADY = "already"


@dataclass(frozen=True)
class Subscriptions:
    """Use cases around "tell me when this is online"."""

    session: AsyncSession
    catalogue: Catalogue
    region: Region
    clock: Clock

    async def subscribe(self, chat: Chat, service_id: str) -> Outcome:
        """Wait for a service in the chat's municipality (or the county, when none is known)."""
        if service_id != EVERYTHING:
            service_id = (await self.catalogue.get(service_id)).id
        created = await store.add(
            self.session,
            chat_id=chat.id,
            service_id=service_id,
            area=chat.municipality or self.region.facts.ars,
            now=self.clock(),
        )
        return Outcome.CREATED if created else Outcome.ALREADY

    async def listed(self, chat: Chat) -> Sequence[Subscription]:
        return await store.of_chat(self.session, chat.id)

    async def remove(self, chat: Chat, subscription_id: int) -> bool:
        """Remove one's own subscription; a second tap finds nothing and harms nothing."""
        return await store.remove(self.session, chat.id, subscription_id) > 0

    async def remove_all(self, chat: Chat) -> int:
        return await store.remove(self.session, chat.id, None)
