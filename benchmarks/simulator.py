"""How many JSON sendMessage a second the local Telegram accepts in load mode.

Beside it, in the same run and from the same client: an aiohttp handler that does nothing. The two
servers run in processes of their own; the client writes plain HTTP over kept-open connections.
Processor time says what a request costs even when others keep the machine busy (Linux only).

    python benchmarks/simulator.py [seconds]
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

CONNECTIONS = 16
WARM_UP = 0.5
PERSON = 1001
EMPTY = """
from aiohttp import web
async def handle(request):
    await request.read()
    return web.Response(text='{"ok":true}', content_type="application/json")
app = web.Application()
app.router.add_route("*", "/bot{token}/{method}", handle)
web.run_app(app, host="127.0.0.1", port=0, access_log=None,
            print=lambda text: print(text, flush=True))
"""


class Server(NamedTuple):
    """A server under measurement."""

    port: int
    process_id: int

    def processor_seconds(self) -> float:
        """Return how long it has computed since its start."""
        status = Path(f"/proc/{self.process_id}/stat").read_text().rpartition(")")[2].split()
        return (int(status[11]) + int(status[12])) / os.sysconf("SC_CLK_TCK")


class Measured(NamedTuple):
    """What a round has shown."""

    per_second: float
    microseconds: float
    """Of processor time a request."""


class Count:
    """Answers so far, and how many of them were not 200."""

    def __init__(self) -> None:
        self.answers = 0
        self.refused = 0


@asynccontextmanager
async def server(*command: str) -> AsyncIterator[Server]:
    """Run a server and give it once a line it prints names its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        async for line in process.stdout:
            if b"http://127.0.0.1:" in line:
                port = int(line.split(b"http://127.0.0.1:")[1].split()[0].strip(b"/"))
                yield Server(port, process.pid)
                break
    finally:
        process.terminate()
        await process.wait()


def request(path: str, body: object) -> bytes:
    """Return a POST with a JSON body as it goes over the wire."""
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


class Caller(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, message: bytes, count: Count) -> None:
        self.message = message
        self.count = count
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.message)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        self.count.answers += 1
        self.count.refused += not head.startswith(b"HTTP/1.1 200")
        self.received = b""
        self.transport.write(self.message)


async def measured(server: Server, message: bytes, seconds: float) -> Measured:
    """Return how many requests a second were accepted, and what each cost."""
    count = Count()
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Caller(message, count), "127.0.0.1", server.port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(WARM_UP)
    before, started = count.answers, time.perf_counter()
    busy = server.processor_seconds()
    await asyncio.sleep(seconds)
    answers, took = count.answers - before, time.perf_counter() - started
    busy = server.processor_seconds() - busy
    for transport, _ in opened:
        transport.close()
    assert not count.refused, f"{count.refused} requests were refused"
    return Measured(answers / took, busy / answers * 1e6)


async def say_start(port: int) -> None:
    """Have the person write first, as a bot may not."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path = f"/sim/people/{PERSON}/chats/{PERSON}/send"
    writer.write(request(path, {"text": "/start"}))
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()


async def main(seconds: float) -> None:
    """Measure both servers in turns and print the middle of three rounds."""
    message = request("/bot42:DEMO/sendMessage", {"chat_id": PERSON, "text": "Guten Tag, Erika"})
    async with (
        server("-c", EMPTY) as nothing,
        server("-m", "simulator", "--port", "0", "--load") as simulator,
    ):
        await say_start(simulator.port)
        rounds = [
            (
                await measured(nothing, message, seconds),
                await measured(simulator, message, seconds),
            )
            for _ in range(3)
        ]
    empty, sent = (sorted(column)[1] for column in zip(*rounds, strict=True))
    shown = "{:23}{:8,.0f} a second {:6.0f} us of processor time each"
    print(shown.format("empty aiohttp handler", *empty))
    print(shown.format("sendMessage, load mode", *sent))
    print(f"{'ratio':23}{sent.per_second / empty.per_second:8.2f}")


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3))
