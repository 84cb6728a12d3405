"""The local Telegram in the test's own process, with a clock the test turns."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from simulator.chats import Bot
from simulator.clock import ManualClock
from simulator.server import serving
from simulator.world import World
from simulator.world_file import build_world, read_world

TOKEN = "42:TEST"
ERIKA, OLEKSANDR, AMY, SABINE, JOERG = 1001, 1002, 1003, 2001, 2002
GROUP, CHANNEL = -4001, -1_001_000_000_001


@dataclass
class Refusal:
    code: int
    description: str
    parameters: dict[str, Any] | None = None


class LocalTelegram:
    """Calls the Bot API as a bot and the control API as the people."""

    def __init__(self, world: World, clock: ManualClock, address: str) -> None:
        self.world = world
        self.clock = clock
        self.address = address
        self.http = aiohttp.ClientSession()

    @property
    def api(self) -> str:
        return f"{self.address}/bot{TOKEN}"

    async def answer(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Return the whole envelope."""
        async with self.http.post(f"{self.api}/{method}", json=arguments) as response:
            body: dict[str, Any] = await response.json()
            assert body["ok"] == (response.status == 200), body
            assert body["ok"] or body["error_code"] == response.status
            return body

    async def call(self, method: str, **arguments: Any) -> Any:
        body = await self.answer(method, **arguments)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **arguments: Any) -> Refusal:
        body = await self.answer(method, **arguments)
        assert not body["ok"], body
        return Refusal(body["error_code"], body["description"], body.get("parameters"))

    async def complaint(self, method: str, **arguments: Any) -> str:
        """Return the text of a 400."""
        refusal = await self.refused(method, **arguments)
        assert refusal.code == 400, refusal
        return refusal.description

    async def upload(
        self, method: str, field: str, content: bytes, name: str, **values: Any
    ) -> Any:
        form = aiohttp.FormData(quote_fields=False)
        for key, value in values.items():
            form.add_field(key, str(value))
        form.add_field(field, io.BytesIO(content), filename=name)
        async with self.http.post(f"{self.api}/{method}", data=form) as response:
            return await response.json()

    async def updates(self, **arguments: Any) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = await self.call("getUpdates", **arguments)
        return result

    async def new_updates(self) -> list[dict[str, Any]]:
        """Return what has arrived since the last time, and confirm it."""
        updates = await self.updates()
        if updates:
            await self.updates(offset=updates[-1]["update_id"] + 1)
        return updates

    async def sim(self, path: str, body: Any = None, *, method: str | None = None) -> Any:
        status, answer = await self.try_sim(path, body, method=method)
        assert status == 200, answer
        return answer

    async def try_sim(
        self, path: str, body: Any = None, *, method: str | None = None
    ) -> tuple[int, Any]:
        method = method or ("GET" if body is None else "POST")
        url = f"{self.address}/sim/{path}"
        async with self.http.request(method, url, json=body) as response:
            return response.status, await response.json()

    async def says(self, person: int, text: str, chat: int | None = None, **more: Any) -> Any:
        path = f"people/{person}/chats/{chat or person}/send"
        return await self.sim(path, {"text": text} | more)

    async def starts(self, person: int) -> None:
        """Have the person start the bot; the update is out of the way."""
        await self.says(person, "/start")
        await self.new_updates()

    async def presses(self, person: int, message: dict[str, Any], row: int, column: int) -> Any:
        chat = message["chat"]["id"]
        button = {"message_id": message["message_id"], "row": row, "column": column}
        return await self.sim(f"people/{person}/chats/{chat}/press", button)

    async def changes_member(self, chat: int, action: str, person: int | None = None) -> Any:
        who = {"bot": True} if person is None else {"person": person}
        return await self.sim(f"chats/{chat}/members", who | {"action": action})


@asynccontextmanager
async def local_telegram() -> AsyncIterator[LocalTelegram]:
    clock = ManualClock()
    world = build_world(read_world(None), Bot(42, "Test", "test_bot"), (TOKEN,), clock)
    async with serving(world, "127.0.0.1", 0) as port:
        telegram = LocalTelegram(world, clock, f"http://127.0.0.1:{port}")
        try:
            yield telegram
        finally:
            await telegram.http.close()


class Endpoint:
    """A bot's webhook endpoint that answers as told and remembers what it got."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answers: list[web.Response] = []
        self.arrival = asyncio.Event()
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.received.append((await request.json(), dict(request.headers)))
        self.arrival.set()
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update, _ in self.received if "message" in update]

    async def has_received(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.received) < count:
                self.arrival.clear()
                await self.arrival.wait()


@asynccontextmanager
async def webhook_endpoint() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/hook", endpoint.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield endpoint
    finally:
        await runner.cleanup()


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until the condition holds, for two seconds at most."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it has not come about")


async def next_event(stream: aiohttp.ClientResponse) -> tuple[str, Any]:
    """Return kind and data of the next server-sent event."""
    kind = ""
    async with asyncio.timeout(5):
        async for line in stream.content:
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                kind = text.removeprefix("event: ")
            elif text.startswith("data: "):
                return kind, json.loads(text.removeprefix("data: "))
    raise AssertionError("the stream has ended")
