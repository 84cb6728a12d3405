"""People who talk to the bot in tests: `citizen.says("…")`, `citizen.taps("…")`."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot

from bot.application import Application
from bot.delivery import Delivery
from bot.dispatcher import jobs
from bot.files import TelegramFiles
from bot.intake import store
from bot.limits import Limits
from bot.run import build
from bot.scheduler import JobDesk
from bot.tasks import Tasks
from bot.worker import Worker
from handlers.understanding import Options, Understanders
from lorawan.sandbox import Sandbox
from services.staff.rules import Role
from services.text import Texts
from tests.clear_words import ClearWords
from tests.fake_telegram import FakeTelegram, Said

CHANNEL = -1001000000001


@dataclass
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


class Links:
    """Every link answers, except those a test says do not."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    async def problem(self, url: str) -> str | None:
        return self.problems.get(url)


@dataclass
class County:
    """The whole bot, with a fake Telegram and a clock that stands still."""

    application: Application
    telegram: FakeTelegram
    worker: Worker
    delivery: Delivery
    clock: TestClock
    links: Links = field(default_factory=Links)
    updates: itertools.count[int] = field(default_factory=lambda: itertools.count(1000))

    @classmethod
    @asynccontextmanager
    async def open(
        cls, application: Application, texts: Texts, clock: TestClock
    ) -> AsyncIterator[County]:
        telegram = FakeTelegram()
        bot = Bot("42:TEST", session=telegram)
        application.know_channel(CHANNEL)
        async with Tasks() as tasks:
            understanders = Understanders(
                application.region,
                Options(make=ClearWords),
                watch=application.work.metrics.understanding,
            )
            worker, delivery = build(application, bot, texts, tasks, understanders)
            delivery.limits = Limits(overall=1e6, chat=1e6, group=1e6)
            yield cls(application, telegram, worker, delivery, clock)
            understanders.close()

    def citizen(self, id: int = 1001, language: str = "de") -> Person:  # noqa: A002
        return Person(self, id, language)

    async def staff(self, id: int, role: Role = Role.ADMIN, area: str = "15082") -> Person:  # noqa: A002
        """Return somebody with a role."""
        async with self.application.transaction() as services:
            chat = await services.chats.meet(id, "private", "de")
            code = await services.staff.invite(None, role=role, area=area, label=f"Platz {id}")
            await services.staff.enrol(chat.id, code)
        return Person(self, id)

    async def receives(self, *updates: dict[str, Any]) -> None:
        await store(self.application.work, updates)

    async def settle(self) -> None:
        """Work off everything that waits, and send everything that is due."""
        while await self.worker.work_off():
            pass
        await self.delivery.drain()

    async def runs(self, job_name: str) -> None:
        """Run a job as the clock would, and send what it queued."""
        [job] = [job for job in jobs() if job.name == job_name]
        async with Sandbox() as sandbox:
            files = TelegramFiles(self.worker.bot)
            desk = JobDesk(self.application.work, self.links, files, sandbox)
            await job.run(desk)
            desk.close()
        await self.delivery.drain()

    def told(self, chat_id: int) -> list[str]:
        """Return everything the bot ever said in a chat."""
        return [one.text for one in self.telegram.said if one.chat_id == chat_id]


@dataclass
class Person:
    """Somebody in a private chat with the bot."""

    county: County
    id: int
    language: str = "de"
    name: str = "Erika Planted-Name"

    async def says(self, words: str) -> str:
        """Send a text; return what the bot answered (several messages joined by a blank line)."""
        return "\n\n".join(one.text for one in await self.sends({"text": words}))

    async def sends(self, content: dict[str, Any]) -> list[Said]:
        """Send a message of any kind; return the bot's answers."""
        message = {
            "message_id": next(self.county.updates),
            "date": int(self.county.clock().timestamp()),
            "chat": self._chat(),
            "from": self._user(),
            **content,
        }
        return await self._acts({"message": message})

    async def taps(self, label: str) -> str:
        """Press the newest button with this label; return what the bot answered."""
        for said in reversed(self.county.telegram.said):
            if said.chat_id == self.id and label in said.buttons:
                return await self.presses(said.buttons[label], said.message_id)
        shown = [list(one.buttons) for one in self.county.telegram.said if one.chat_id == self.id]
        raise AssertionError(f"no button {label!r}; there are {shown}")

    async def presses(
        self, data: str, message_id: int = 1, content: dict[str, Any] | None = None
    ) -> str:
        """Press a button by its data (also one never offered), below a text or `content`."""
        query = {
            "id": str(next(self.county.updates)),
            "from": self._user(),
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": message_id,
                "date": int(self.county.clock().timestamp()),
                "chat": self._chat(),
                **(content or {"text": "…"}),
            },
        }
        answers = await self._acts({"callback_query": query})
        return "\n\n".join(one.text for one in answers)

    async def blocks(self, *, back: bool = False) -> None:
        """Block the bot, or come back."""
        member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
        bot = {"id": 42, "is_bot": True, "first_name": "Bot"}
        old, new = (kicked, member) if back else (member, kicked)
        (self.county.telegram.blocked.discard if back else self.county.telegram.blocked.add)(
            self.id
        )
        event = {
            "chat": self._chat(),
            "from": self._user(),
            "date": int(self.county.clock().timestamp()),
            "old_chat_member": {**old, "user": bot},
            "new_chat_member": {**new, "user": bot},
        }
        await self._acts({"my_chat_member": event})

    @property
    def heard(self) -> list[str]:
        return self.county.told(self.id)

    @property
    def buttons(self) -> Sequence[str]:
        """Return the labels under the newest message."""
        return [list(one.buttons) for one in self.county.telegram.said if one.chat_id == self.id][
            -1
        ]

    async def _acts(self, update: dict[str, Any]) -> list[Said]:
        before = len(self.county.telegram.said)
        await self.county.receives({"update_id": next(self.county.updates), **update})
        await self.county.settle()
        return [one for one in self.county.telegram.said[before:] if one.chat_id == self.id]

    def _chat(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": "private",
            "first_name": self.name,
            "username": "planted_username",
        }

    def _user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "last_name": "Planted-Lastname",
            "username": "planted_username",
            "language_code": self.language,
        }
