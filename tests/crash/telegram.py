"""The local Telegram as its people see it: the control API and the stream of what arrives."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector

from tests.crash.processes import TOKEN

MOST_MESSAGES = 200


@dataclass(frozen=True)
class LocalTelegram:
    """One local Telegram; every call raises when it is refused."""

    session: ClientSession
    address: str

    async def say(self, person: int, text: str) -> None:
        await self._post(f"people/{person}/chats/{person}/send", {"text": text})

    async def press(self, person: int, message: int, row: int, column: int) -> None:
        place = {"message_id": message, "row": row, "column": column}
        await self._post(f"people/{person}/chats/{person}/press", place)

    async def messages(self, person: int, chat: int = 0) -> list[dict[str, Any]]:
        """Return what stands in a person's chat with the bot, or in a group of theirs."""
        path = f"people/{person}/chats/{chat or person}/messages?limit={MOST_MESSAGES}"
        async with self.session.get(f"{self.address}/sim/{path}") as response:
            response.raise_for_status()
            found: list[dict[str, Any]] = await response.json()
        return found

    async def break_things(self, seed: int, faults: Mapping[str, Any]) -> None:
        await self._post("faults", {"seed": seed, "faults": faults})

    async def injected(self) -> dict[str, int]:
        """Return how often each kind of fault has struck."""
        async with self.session.get(f"{self.address}/sim/faults") as response:
            counts: dict[str, int] = (await response.json())["injected"]
        return counts

    async def accepted(self) -> int:
        """Return how many messages of the bot have been accepted, repeated ones included."""
        async with self.session.get(f"{self.address}/sim/limits") as response:
            return int((await response.json())["accepted"])

    async def forward(self, seconds: int) -> None:
        """Let time pass: retries of the webhook come at once."""
        await self._post("clock", {"forward": seconds})

    async def running(self) -> bool:
        """Whether a bot takes the updates."""
        async with self.session.get(f"{self.address}/sim/world") as response:
            return bool((await response.json())["bot"]["running"])

    async def owed(self) -> int:
        """Return how many updates still wait for the bot."""
        async with self.session.get(f"{self.address}/bot{TOKEN}/getWebhookInfo") as response:
            return int((await response.json())["result"]["pending_update_count"])

    async def events(self, person: int) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Yield what a person's page is told, as it happens."""
        async with self.session.get(f"{self.address}/sim/events?person={person}") as response:
            kind = ""
            async for line in response.content:
                if line.startswith(b"event: "):
                    kind = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    yield kind, json.loads(line[6:])

    async def _post(self, path: str, body: Mapping[str, Any]) -> None:
        async with self.session.post(f"{self.address}/sim/{path}", json=body) as response:
            if not response.ok:
                raise RuntimeError(f"{path}: {await response.text()}")


@asynccontextmanager
async def local_telegram(address: str) -> AsyncIterator[LocalTelegram]:
    """Open a client; its streams may be open as long as they like."""
    timeout = ClientTimeout(total=None, sock_connect=10)
    async with ClientSession(timeout=timeout, connector=TCPConnector(limit=0)) as session:
        yield LocalTelegram(session, address)
        await asyncio.sleep(0)
