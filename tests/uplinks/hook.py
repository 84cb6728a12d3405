"""A real server with the hooks in it, and network servers that post to it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.application import Application
from bot.dispatcher import routes
from bot.duties import Duties
from bot.health import Health
from bot.hooks import Hooks
from bot.leadership import leadership
from bot.settings import WebSettings
from bot.web import serving
from handlers.uplinks.sources import Sender

HOST = "127.0.0.1"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Hook:
    """The open server."""

    application: Application
    port: int

    async def sends(self, raw: bytes, *more: bytes, pause: float = 0.05) -> Answer:
        """Write bytes as they are, perhaps in several goes; read one answer."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(raw)
            for each in more:
                await asyncio.sleep(pause)
                writer.write(each)
            return await asyncio.wait_for(answer_of(reader), 20)
        except ConnectionError:
            return Answer(0)
        finally:
            writer.close()

    async def posts(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
    ) -> Answer:
        """Send a well-formed request."""
        return await self.sends(request(path, body, headers, method))


def request(
    path: str, body: bytes, headers: Mapping[str, str] | None = None, method: str = "POST"
) -> bytes:
    """Return the bytes of a well-formed request."""
    given = {"Host": "localhost", "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    head = f"{method} {path} HTTP/1.1\r\n{lines}\r\n"
    return head.encode("utf-8", "surrogateescape") + body


async def answer_of(reader: asyncio.StreamReader) -> Answer:
    """Read one answer; status 0 when the connection is closed without one."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return Answer(0)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if line)
    length = int(headers.get("Content-Length", 0))
    try:
        body = await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:  # an answer to HEAD has none
        body = error.partial
    return Answer(int(first.split()[1]), headers, body)


@asynccontextmanager
async def hook(application: Application, senders: Mapping[str, Sender]) -> AsyncIterator[Hook]:
    """Serve the hooks of some senders, as `abibot run` does."""
    application.senders = senders
    stopping = asyncio.Event()
    work = application.work
    duties = Duties(leadership(application.database, stopping), work.metrics, stopping)
    page = web.Application()
    page.router.add_routes(routes(Hooks(application)))
    settings = WebSettings(port=0)
    async with serving(page, Health(work, duties), settings, stopping) as port:
        yield Hook(application, port)
