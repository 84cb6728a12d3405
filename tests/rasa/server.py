"""A server that answers as Rasa does, or as it should not: real HTTP on a real port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.metrics import Metrics
from bot.rasa import Rasa
from nlu.understanding import Understanding
from tests.rasa.recorded import recorded, trained

ENTRIES = trained()
PIECE = 64


@dataclass
class Seconds:
    """A clock that stands still until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Server:
    """What it answers is set by a test; what it was asked stands in `asked`."""

    metrics: Metrics = field(default_factory=Metrics)
    clock: Seconds = field(default_factory=Seconds)
    asked: list[Any] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    rasa: Rasa = field(init=False)

    def plays(self, name: str) -> None:
        """From now on answer with what was recorded under this name."""
        found = recorded(name)
        self.body, self.status = found.body.encode(), found.status
        self.headers = {"Content-Type": found.content_type}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.queries.append(dict(request.query))
        await asyncio.sleep(self.slow)
        return web.Response(body=self.body, status=self.status, headers=self.headers)

    async def understand(self, question: str = "hund anmelden") -> Understanding | None:
        return await self.rasa.understand(question, ENTRIES)

    def counted(self) -> dict[str, int]:
        """Return how often each outcome was counted."""
        samples = self.metrics.registry.collect()
        return {
            sample.labels["outcome"]: int(sample.value)
            for family in samples
            for sample in family.samples
            if sample.name == "abibot_rasa_questions_total"
        }


@asynccontextmanager
async def rasa_server(token: SecretStr | None = None) -> AsyncIterator[Server]:
    server = Server()
    server.plays("clear")
    app = web.Application()
    app.router.add_post("/model/parse", server.answer)
    async with TestServer(app) as http:
        server.rasa = Rasa(
            str(http.make_url("/")), token, server.metrics.understanding, server.clock
        )
        yield server


@asynccontextmanager
async def rude_server(answer: bytes, *, pause: float = 0.0) -> AsyncIterator[Server]:
    """A server that says these bytes, whatever the protocol, and hangs up."""
    ended = asyncio.Event()

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.readuntil(b"\r\n\r\n")
            for at in range(0, len(answer), PIECE):
                writer.write(answer[at : at + PIECE])
                await writer.drain()
                await asyncio.sleep(pause)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        ended.set()

    server = Server()
    listening = await asyncio.start_server(say, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        server.rasa = Rasa(
            f"http://127.0.0.1:{port}", None, server.metrics.understanding, server.clock
        )
        yield server
        await ended.wait()
