"""Questions are understood before the transaction that answers them: no lock waits for encoders.

Updates whose question takes time stay in the inbox, and what the same person sent after them, too.
They are taken up when it is understood; everybody else is served meanwhile.
"""

import asyncio
import json
from collections import deque
from collections.abc import Sequence

from bot.administrators import Administrators, Membership
from bot.tasks import Tasks
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services
from handlers.understanding import Understanders, questions_of
from services.catalogue.rules import Snapshot
from services.inbox.store import Waiting

PRIVATE = "private"
KEPT = 1_000
"""Updates whose questions were understood a moment ago; then they are handled, come what may."""


class Ahead:
    """Understands for one worker what is asked in updates that are about to be handled."""

    def __init__(
        self,
        work: UnitsOfWork,
        understanders: Understanders,
        tasks: Tasks,
        administrators: Administrators,
    ) -> None:
        self.work = work
        self.understanders = understanders
        self.administrators = administrators
        self.tasks = tasks
        self.people: set[int] = set()
        """Who waits until their question is understood."""
        self._understood: deque[int] = deque(maxlen=KEPT)
        self._one_done = asyncio.Event()

    async def put_off(self, services: Services, rows: Sequence[Waiting]) -> Sequence[Waiting]:
        """Return which updates can be handled now; begin to understand what the others ask."""
        now = []
        for row in rows:
            if row.person_id in self.people:
                continue  # after a question of the same person
            if member := self._unknown_member(row):
                self.people.add(row.person_id)
                self.tasks.start(self._ask_for(row, member), "asking who runs a group")
                continue
            asked = _asked(row.body)
            if not asked:
                now.append(row)
                continue
            snapshot = await self._catch_up(services)
            if questions := self._slow(row, asked):
                self.people.add(row.person_id)
                self.tasks.start(self._understand(row, snapshot, questions), "understanding")
            else:
                now.append(row)
        return now

    async def understand(self, row: Waiting) -> None:
        """Understand what an update asks that is handled alone."""
        if member := self._unknown_member(row):
            await self.administrators.ask(member)
        if asked := _asked(row.body):
            async with self.work.reading() as services:
                snapshot = await self._catch_up(services)
            questions = self._slow(row, asked)
            await self.understanders.prepare(snapshot, questions)

    async def one_understood(self) -> bool:
        """Wait until a question is understood; False when there is none to wait for."""
        if not self.people:
            return False
        self._one_done.clear()
        await self._one_done.wait()
        return True

    async def _understand(
        self, row: Waiting, snapshot: Snapshot, questions: Sequence[str]
    ) -> None:
        try:
            await self.understanders.prepare(snapshot, questions)
        finally:
            self._understood.append(row.update_id)
            self.people.discard(row.person_id)
            self._one_done.set()
            self.work.inbox_bell.set()

    def _unknown_member(self, row: Waiting) -> Membership | None:
        """Return who may run a group or not, where that decides what happens."""
        if row.update_id in self._understood:
            return None
        return self.administrators.asked(row.body)

    async def _ask_for(self, row: Waiting, member: Membership) -> None:
        try:
            await self.administrators.ask(member)
        finally:
            self._understood.append(row.update_id)
            self.people.discard(row.person_id)
            self._one_done.set()
            self.work.inbox_bell.set()

    async def _catch_up(self, services: Services) -> Snapshot:
        """Have the index follow the catalogue and what staff taught; return the catalogue."""
        snapshot = await services.catalogue.snapshot()
        self.understanders.follow(snapshot, await services.learning.taught())
        return snapshot

    def _slow(self, row: Waiting, asked: Sequence[str]) -> Sequence[str]:
        if row.update_id in self._understood:
            return ()
        return [one for one in asked if self.understanders.takes_time(one)]


def _asked(body: str) -> Sequence[str]:
    """Return the questions in an update; what cannot be read is told when it is handled."""
    try:
        message = json.loads(body).get("message") or {}
        text, private = message.get("text"), message["chat"]["type"] == PRIVATE
    except (ValueError, LookupError, AttributeError, TypeError):
        return ()
    return questions_of(text, private=private) if isinstance(text, str) else ()
