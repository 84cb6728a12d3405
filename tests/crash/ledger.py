"""What the database says, read from outside the bot, also while it is dead."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, text

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


@dataclass(frozen=True)
class OutboxRow:
    """A message that leaves or has left; `ambiguous` when it is listed as such."""

    id: int
    person: int
    method: str | None
    status: str
    telegram_message_id: int | None
    ambiguous: bool

    @property
    def edits(self) -> bool:
        """Whether it changes a message instead of bringing one."""
        return (self.method or "").lower().startswith("edit")


@dataclass(frozen=True)
class Standing:
    """What was open at one moment."""

    updates: int
    queued: int
    sending: frozenset[int]

    @property
    def quiet(self) -> bool:
        return not (self.updates or self.queued or self.sending)

    @property
    def hit(self) -> str:
        """Name what a kill at this moment struck."""
        if self.sending and self.updates:
            return "sending+updates"
        if self.sending:
            return "sending"
        if self.updates:
            return "updates"
        return "queued" if self.queued else "nothing"


class Ledger:
    """A reader of its own on the bot's database."""

    def __init__(self, url: str) -> None:
        self._engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
        self._connection: Connection = self._engine.connect()
        columns = sqlalchemy.inspect(self._connection).get_columns("outbox")
        self._marked = any(one["name"] == "unknown_at" for one in columns)

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def standing(self) -> Standing:
        """Return what is open now."""
        updates = self._one("SELECT count(*) FROM inbox WHERE state = 'new'")
        queued = self._one("SELECT count(*) FROM outbox WHERE status = 'queued'")
        sending = self._rows("SELECT id FROM outbox WHERE status = 'sending'")
        return Standing(updates, queued, frozenset(row.id for row in sending))

    def has(self, table: str, condition: str) -> bool:
        return bool(self._rows(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1"))  # noqa: S608

    async def left_alone(self) -> None:
        """Return when the dead bot's connections are gone, and what they had begun with them."""
        async with asyncio.timeout(10):
            while self._others():  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.005)

    def _others(self) -> bool:
        server = self._engine.dialect.name == "postgresql"
        return server and bool(self._connection.execute(OTHERS).scalar_one())

    def updates(self) -> Counter[tuple[int, str]]:
        """Count the inbox by person and state."""
        rows = self._rows("SELECT person_id, state, count(*) AS n FROM inbox GROUP BY 1, 2")
        return Counter({(row.person_id, row.state): row.n for row in rows})

    def outbox(self) -> list[OutboxRow]:
        marked = "outbox.unknown_at IS NOT NULL" if self._marked else "outbox.status = 'unknown'"
        rows = self._rows(
            "SELECT outbox.id, chat.telegram_id AS person, outbox.method, outbox.status,"  # noqa: S608
            f" outbox.telegram_message_id, {marked} AS ambiguous"
            " FROM outbox JOIN chat ON chat.id = outbox.chat_id ORDER BY outbox.id"
        )
        return [OutboxRow(**{**row._mapping, "ambiguous": bool(row.ambiguous)}) for row in rows]  # noqa: SLF001

    def usage(self) -> tuple[Counter[int], int]:
        """Return the questions counted (how many pseudonyms have so many), and the new wishes."""
        questions = self._rows(
            "SELECT sum(count) AS n FROM usage WHERE event <> 'subscribed' GROUP BY pseudonym"
        )
        wishes = self._one("SELECT coalesce(sum(count), 0) FROM usage WHERE event = 'subscribed'")
        return Counter(int(row.n) for row in questions), wishes

    def wishes(self) -> Counter[int]:
        """Count the subscriptions of each person."""
        rows = self._rows(
            "SELECT chat.telegram_id AS person, count(*) AS n FROM subscription"
            " JOIN chat ON chat.id = subscription.chat_id GROUP BY 1"
        )
        return Counter({row.person: row.n for row in rows})

    def _one(self, statement: str) -> int:
        return int(self._connection.execute(text(statement)).scalar_one())

    def _rows(self, statement: str) -> list[Any]:
        return list(self._connection.execute(text(statement)).all())
