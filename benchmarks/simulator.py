"""How many JSON sendMessage a second the local Telegram accepts in load mode.

Beside it, in the same run and from the same client: an aiohttp handler that does nothing. The two
servers run in processes of their own; the client writes plain HTTP over kept-open connections.

    python benchmarks/simulator.py [seconds]
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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


class Count:
    """Answers so far, and how many of them were not 200."""

    def __init__(self) -> None:
        self.answers = 0
        self.refused = 0


@asynccontextmanager
async def server(*command: str) -> AsyncIterator[int]:
    """Run a server and give the port in the first line it prints that names one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        async for line in process.stdout:
            if b"http://127.0.0.1:" in line:
                yield int(line.split(b"http://127.0.0.1:")[1].split()[0].strip(b"/"))
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


async def rate(port: int, message: bytes, seconds: float) -> float:
    """Return accepted requests a second."""
    count = Count()
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Caller(message, count), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(WARM_UP)
    before, started = count.answers, time.perf_counter()
    await asyncio.sleep(seconds)
    result = (count.answers - before) / (time.perf_counter() - started)
    for transport, _ in opened:
        transport.close()
    assert not count.refused, f"{count.refused} requests were refused"
    return result


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
        server("-c", EMPTY) as empty_port,
        server("-m", "simulator", "--port", "0", "--load") as port,
    ):
        await say_start(port)
        rounds = [
            (await rate(empty_port, message, seconds), await rate(port, message, seconds))
            for _ in range(3)
        ]
    empty, sent = (sorted(column)[1] for column in zip(*rounds, strict=True))
    print(f"empty aiohttp handler  {empty:8,.0f} requests/s")
    print(f"sendMessage, load mode {sent:8,.0f} accepted/s")
    print(f"ratio                  {sent / empty:8.2f}")


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3))
