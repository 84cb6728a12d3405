"""How many updates a second are acknowledged over HTTP, by 40 kept-open connections.

    python benchmarks/intake.py [--seconds 3] [--database URL]

Ours commits before it acknowledges, on a fresh SQLite file and, with the address of a database
that may be emptied, on PostgreSQL. Beside it, in the same run and from the same client, two that
store nothing: aiogram's SimpleRequestHandler with one handler, in the background as is its
default, and python-telegram-bot with its own server (tornado). Every server has its
own process, the client too.
"""

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

CONNECTIONS = 40
WARM_UP = 0.5
ROUNDS = 3
TARGET = 0.7
OURS = """
import asyncio, sys
from aiohttp import web
from sqlalchemy import text
from bot.application import Application
from bot.intake import webhook
from bot.migrate import upgrade
from bot.settings import REGIONS, DatabaseSettings, Settings
from services.region.service import load_region
async def main():
    folder = REGIONS / "anhalt-bitterfeld"
    settings = Settings(
        _env_file=None, region=str(folder), database=DatabaseSettings(url=sys.argv[1])
    )
    house = Application(settings, load_region(folder))
    await upgrade(house.database)
    async with house.database.engine.begin() as connection:
        fresh = "DELETE FROM" if connection.dialect.name == "sqlite" else "TRUNCATE"
        await connection.execute(text(f"{fresh} inbox"))
    return webhook(house.work, "secret", most_open=10**9)
"""
AIOGRAM = """
from aiogram import Bot, Dispatcher
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
async def main():
    dispatcher, application = Dispatcher(disable_fsm=True), web.Application()
    async def handle(message):
        return None
    dispatcher.message.register(handle)
    bot = Bot("42:TEST")
    server = SimpleRequestHandler(
        dispatcher, bot, handle_in_background=True, secret_token="secret"
    )
    server.register(application, path="/telegram")
    return application
"""
PTB = """
import asyncio, gc, logging, socket
from telegram import Bot, User
from telegram.ext import ApplicationBuilder, MessageHandler, filters
logging.getLogger("tornado.access").setLevel(logging.ERROR)
class Quiet(Bot):
    async def initialize(self):
        self._initialized = True
        self._bot_user = User(42, "Bot", True, username="bot")
    async def shutdown(self): pass
    async def set_webhook(self, *_, **__): return True
    async def delete_webhook(self, *_, **__): return True
async def serve():
    telegram = ApplicationBuilder().bot(Quiet("42:TEST")).build()
    async def handle(update, context):
        return None
    telegram.add_handler(MessageHandler(filters.ALL, handle))
    await telegram.initialize()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    await telegram.updater.start_webhook("127.0.0.1", port, "telegram", secret_token="secret")
    await telegram.start()
    print(f"http://127.0.0.1:{port}/", flush=True)
    await asyncio.Event().wait()
gc.freeze()
asyncio.run(serve())
"""
SERVE_WITH_AIOHTTP = """
import gc
gc.freeze()
web.run_app(main(), host="127.0.0.1", port=0, access_log=None,
            print=lambda text: print(text, flush=True))
"""


@asynccontextmanager
async def server(code: str, *arguments: str) -> AsyncIterator[int]:
    """Run a server and give the port it says it listens at."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        async for line in process.stdout:
            if b"http://127.0.0.1:" in line:
                yield int(line.split(b"http://127.0.0.1:")[1].split()[0].strip(b"/"))
                break
        else:
            raise AssertionError("the server did not start")
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def updates() -> Iterator[bytes]:
    """Yield requests as Telegram sends them: a message of one of 500 people, none twice."""
    for number in itertools.count(1):
        person = 1_000_000 + number % 500
        user = {"id": person, "is_bot": False, "first_name": "Erika", "language_code": "de"}
        chat = {"id": person, "type": "private", "first_name": "Erika"}
        message = {
            "message_id": number,
            "date": 1_790_000_000,
            "chat": chat,
            "from": {**user, "last_name": "Musterfrau", "username": "erika"},
            "text": "Ich möchte meinen Hund anmelden",
        }
        body = json.dumps({"update_id": number, "message": message}).encode()
        head = (
            "POST /telegram HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: secret\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


class Caller(asyncio.Protocol):
    """One connection that sends the next update as soon as one is acknowledged."""

    acknowledged = 0

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) < int(length or 0):
            return
        assert head.startswith(b"HTTP/1.1 200"), head
        type(self).acknowledged += 1
        self.received = b""
        if not self.transport.is_closing():
            self.transport.write(next(self.requests))


async def rate(port: int, requests: Iterator[bytes], seconds: float) -> float:
    """Return acknowledged updates a second."""
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Caller(requests), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(WARM_UP)
    before, started = Caller.acknowledged, time.perf_counter()
    await asyncio.sleep(seconds)
    result = (Caller.acknowledged - before) / (time.perf_counter() - started)
    for transport, _ in opened:
        transport.close()
    return result


async def compare(name: str, url: str, seconds: float) -> bool:
    """Measure the three in turns, print the middle rounds; return whether the target is met."""
    requests = updates()
    async with (
        server(OURS + SERVE_WITH_AIOHTTP, url) as ours,
        server(AIOGRAM + SERVE_WITH_AIOHTTP) as aiogram,
        server(PTB) as ptb,
    ):
        rounds = [
            [await rate(port, requests, seconds) for port in (ours, aiogram, ptb)]
            for _ in range(ROUNDS)
        ]
    own, plain, other = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
    print(f"{name}: ours, committed before the acknowledgement {own:8,.0f}/s")
    print(f"{name}: aiogram SimpleRequestHandler, background   {plain:8,.0f}/s")
    print(f"{name}: python-telegram-bot's webhook server       {other:8,.0f}/s")
    print(
        f"{name}: ours to aiogram {own / plain:.2f}, ours to python-telegram-bot {own / other:.2f}"
    )
    return own >= TARGET * plain and own > other


async def main(seconds: float, postgresql: str | None) -> None:
    """Measure on every database there is."""
    with tempfile.TemporaryDirectory() as folder:
        met = await compare("SQLite", f"sqlite:///{folder}/inbox.db", seconds)
    if postgresql:
        met = await compare("PostgreSQL", postgresql, seconds) and met
    print(f"target (at least {TARGET} of aiogram, more than PTB): {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--database", help="address of a database to be emptied for this")
    given = parser.parse_args()
    asyncio.run(main(given.seconds, given.database))
