"""A bot with gauges and groups that dies on an alarm's way, and is started again."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy
from aiohttp import ClientError, ClientSession
from sqlalchemy import text

from tests.crash.databases import REGION, driver
from tests.crash.gauges import GROUPS, HEADS, MEMBER, message, name_of, stock
from tests.crash.processes import TOKEN, Nursery, start_telegram
from tests.crash.telegram import LocalTelegram, local_telegram

AGAIN = "(Wiederholung)"
HOOK_TOKEN = "a-token-of-the-network-server"
PATIENCE_SECONDS = 20.0


class NeverError(AssertionError):
    """Something that was to happen did not."""


@dataclass
class Field:
    """A bot with its database and Telegram; `deaths` tells at which points it died."""

    home: Nursery
    folder: Path
    url: str
    telegram: LocalTelegram
    environment: dict[str, str]
    sabotage: str = ""
    deaths: list[str] = field(default_factory=list)
    bot: int = 0

    def __post_init__(self) -> None:
        self.trap = self.folder / "trap"
        self.engine = sqlalchemy.create_engine(driver(self.url), isolation_level="AUTOCOMMIT")

    async def start(self) -> None:
        log = self.folder / "bot.log"
        self.bot = await self.home.start(["run"], log, self.environment, self.sabotage, self.trap)

    async def measures(
        self, number: int, name: str, dies_at: str = "", patience: float | None = None
    ) -> None:
        """Let a gauge come to the next step of its life; return when both groups know.

        With `dies_at` the bot dies at that point on the way, and another one goes on. With
        `patience` it may be that they never know: then return after so many seconds.
        """
        if dies_at:
            self.trap.write_text(dies_at, encoding="utf-8")
        step = list(HEADS).index(name)
        posting = asyncio.ensure_future(self._post(message(number, step, HEADS[name][0])))
        if dies_at:
            await self._until(lambda: not self.trap.exists(), f"it dies at: {dies_at}")
            assert await self.home.wait(self.bot) == -signal.SIGKILL
            self.deaths.append(dies_at)
            await self.start()
        await posting
        told = f"{name} told of {number}"
        with nullcontext() if patience is None else suppress(NeverError):
            await self._until(lambda: self._told(number, name), told, patience)

    async def end(self) -> None:
        """Kill the bot; it must not have ended by itself before."""
        if self.bot:
            assert await self.home.kill(self.bot) == -signal.SIGKILL
        self.engine.dispose()

    async def heads(self, group: int) -> list[str]:
        """Return the first lines of what a group was told, and whether each is a repetition."""
        found = await self.telegram.messages(MEMBER, group)
        return [
            " ".join([AGAIN, head] if AGAIN in one["text"] else [head])
            for one in found
            if one["from"]["is_bot"]
            for head in [one["text"].replace(AGAIN, "").strip().partition("\n")[0]]
        ]

    def rows(self, statement: str, **given: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), given)]

    async def _post(self, body: bytes) -> None:
        """Post as a network server that comes again until it is told that all is well."""
        url = f"http://127.0.0.1:{self.environment['ABIBOT_WEB_PORT']}/hooks/lorawan/county"
        headers = {"Authorization": f"Bearer {HOOK_TOKEN}", "Content-Type": "application/json"}
        async with ClientSession() as session:
            while True:
                try:
                    async with session.post(url, data=body, headers=headers) as answer:
                        if answer.status == 204:
                            return
                        assert answer.status == 503, answer.status
                except ClientError:
                    pass
                await asyncio.sleep(0.02)

    def _told(self, number: int, name: str) -> bool:
        """Whether all that leaves has left, for both groups, and nothing waits anywhere."""
        steps = list(HEADS).index(name) + 1
        told = self.rows(
            "SELECT count(*) FROM alarm_deed JOIN alarm ON alarm.id = alarm_id"
            " JOIN device ON device.id = device_id WHERE what = 'told' AND device.name = :name",
            name=name_of(number),
        )
        open_rows = self.rows(
            "SELECT 1 FROM outbox WHERE status IN ('queued', 'sending')"
            " UNION ALL SELECT 1 FROM raw_uplink WHERE stage = 'new'"
            " UNION ALL SELECT 1 FROM alarm WHERE news"
        )
        return told[0][0] >= steps and not open_rows

    async def _until(
        self, holds: Callable[[], bool], what: str, patience: float | None = None
    ) -> None:
        try:
            async with asyncio.timeout(patience or PATIENCE_SECONDS):
                while not holds():  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.01)
        except TimeoutError:
            log = (self.folder / "bot.log").read_text(encoding="utf-8")
            raise NeverError(f"{what}: never\n{log[-3000:]}") from None


@asynccontextmanager
async def open_field(
    home: Nursery, folder: Path, url: str, gauges: int, sabotage: str = ""
) -> AsyncIterator[Field]:
    """Start a bot with so many gauges in an empty database, and a local Telegram.

    `folder` is there and empty.
    """
    stock(url, gauges)
    pid, address = await start_telegram(home, folder, [MEMBER], 0, GROUPS)
    try:
        async with local_telegram(address) as telegram:
            field = Field(home, folder, url, telegram, environment(folder, url, address), sabotage)
            await field.start()
            try:
                yield field
            finally:
                await field.end()
    finally:
        await home.kill(pid)


def environment(folder: Path, url: str, address: str) -> dict[str, str]:
    """Return how the bot is started, with one network server that may post."""
    (folder / "token").write_text(f"{HOOK_TOKEN}\n", encoding="utf-8")
    sources = folder / "sources.toml"
    sources.write_text('[county]\ntoken_file = "token"\n', encoding="utf-8")
    return {
        "ABIBOT_DATABASE_URL": url,
        "ABIBOT_REGION": str(REGION),
        "ABIBOT_NLU_ENCODERS": "none",
        "ABIBOT_TELEGRAM_TOKEN": TOKEN,
        "ABIBOT_TELEGRAM_API_URL": address,
        "ABIBOT_LORAWAN_SOURCES": str(sources),
        "ABIBOT_WEB_PORT": str(_free_port()),
        "ABIBOT_LOG_FORMAT": "json",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
