"""What is stored about a person, shown and removed at their word."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.audit.service import Audit
from services.chats.model import Chat, State
from services.clock import Clock
from services.inbox import store as inbox
from services.inbox.model import DONE, FAILED
from services.outbox.service import Outbox
from services.personal import personal_tables
from services.privacy import store
from services.staff import store as staff

CHAT_TABLE = Chat.__tablename__
ROLE = ("role", "area", "valid_from", "valid_until")
"""What is shown of a role; after an erasure it stays for the audit, and nobody's."""


@dataclass(frozen=True)
class Kept:
    """What one table keeps about a person and what for."""

    table: str
    purpose_key: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Receipt:
    """Proof of an erasure: a number, the time, how many rows of how many kinds."""

    number: str
    at: datetime
    rows: int


@dataclass(frozen=True)
class Privacy:
    """Use cases around a person's rights (Art. 15, 17 and 20 GDPR)."""

    session: AsyncSession
    outbox: Outbox
    audit: Audit
    clock: Clock

    async def kept(self, chat: Chat) -> list[Kept]:
        """Return everything stored about a person, by what it is kept for."""
        found = []
        for table, personal in personal_tables():
            rows = await store.rows_of(self.session, table, personal, chat.id)
            if rows:
                plain = [dict(zip(personal.shown, map(_plain, row), strict=True)) for row in rows]
                found.append(Kept(table.name, personal.purpose_key, plain))
        roles = [role for _, role in await staff.roles_of(self.session, [chat.id])]
        if roles:
            shown = [{name: _plain(getattr(role, name)) for name in ROLE} for role in roles]
            found.append(Kept("staff_role", "privacy.purpose-role", shown))
        sent = await inbox.of_person(self.session, chat.telegram_id)
        if sent:
            updates = [
                {"received_at": _plain(row.received_at), "update": json.loads(row.body or "{}")}
                for row in sent
            ]
            found.append(Kept("inbox", "privacy.purpose-inbox", updates))
        return found

    async def export(self, chat: Chat) -> bytes:
        """Return everything stored as a JSON file (UTF-8, indented)."""
        document = {
            "created_at": self.clock().isoformat(),
            "stored": {kept.table: {"rows": kept.rows} for kept in await self.kept(chat)},
        }
        return json.dumps(document, ensure_ascii=False, indent=2).encode()

    async def erase(self, chat: Chat) -> Receipt:
        """Remove everything about a person now; only the address stays until the receipt left."""
        rows = await inbox.forget_person(self.session, chat.telegram_id)
        for table, personal in personal_tables():
            if table.name != CHAT_TABLE:
                rows += await store.erase(self.session, table, personal, chat.id)
        chat.state = State.ERASING
        chat.municipality = None
        chat.last_service = chat.last_candidates = chat.asked_at = None
        receipt = Receipt(secrets.token_hex(4).upper(), self.clock(), rows)
        await self.audit.note(None, "privacy.erase", receipt.number, after={"rows": rows})
        return receipt

    async def finish_erasures(self) -> int:
        """Forget the addresses of people whose receipt has left; return how many.

        Also what came of them since, such as the notice that they blocked the bot.
        """
        finished = 0
        for chat_id, telegram_id in await store.erasing(self.session):
            if not await self.outbox.has_open(chat_id):
                await inbox.forget_person(self.session, telegram_id, (DONE, FAILED))
                await store.delete_chat(self.session, chat_id)
                finished += 1
        return finished


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
