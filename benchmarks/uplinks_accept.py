"""How many sensor messages a second are taken in: authenticated, once each, durable.

    python -m benchmarks.uplinks_accept [--seconds 4] [--count 100000] [--database URL]

The server is a process of its own with what `abibot run` serves in the role `web`: hooks, health
pages and grouped commits, on a fresh SQLite file and, with the address of a database that may be
emptied, on PostgreSQL. Decoding is another benchmark's. Beside it, in the same run and from the
same client, a bare aiohttp handler that only parses the JSON with orjson and answers 204.
"Requests per server-CPU-second" counts user and system time of all the server's threads.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.uplinks_load import TOKEN, at_a_rate, burst, for_a_time
from bot.settings import DatabaseSettings

CONNECTIONS, BURST_CONNECTIONS = 40, 200
ROUNDS, WARM_UP = 3, 0.5
RATE, RATE_SECONDS = 1_000.0, 10.0
LEAST_PER_CPU, LEAST_SHARE, MOST_P99, MOST_MEGABYTES = 3_000, 0.25, 0.250, 300
TICKS = os.sysconf("SC_CLK_TCK")
OURS = """
import asyncio, gc, sys
from aiohttp import web
from bot.application import Application
from bot.dispatcher import routes
from bot.duties import Duties
from bot.health import Health
from bot.hooks import Hooks
from bot.leadership import leadership
from bot.settings import REGIONS, DatabaseSettings, Settings, WebSettings
from bot.web import serving
from handlers.uplinks.access import Access
from handlers.uplinks.secrets import Secrets
from handlers.uplinks.sources import Sender
from lorawan.events import Dialect
from services.region.service import load_region
from services.uplinks.rules import Source
async def main(url, token):
    folder = REGIONS / "anhalt-bitterfeld"
    settings = Settings(
        _env_file=None, region=str(folder), database=DatabaseSettings(url=url)
    )
    house, stopping = Application(settings, load_region(folder)), asyncio.Event()
    source = Source("chirpstack", dialect=Dialect.CHIRPSTACK_V4)
    house.senders = {"chirpstack": Sender(source, Access(Secrets([token])))}
    duties = Duties(leadership(house.database, stopping), house.work.metrics, stopping)
    page = web.Application()
    page.router.add_routes(routes(Hooks(house)))
    async with serving(page, Health(house.work, duties), WebSettings(port=0), stopping) as port:
        gc.freeze()
        print(f"http://127.0.0.1:{port}/", flush=True)
        await asyncio.Event().wait()
asyncio.run(main(*sys.argv[1:]))
"""
BARE = """
import gc
import orjson
from aiohttp import web
async def receive(request):
    orjson.loads(await request.read())
    return web.Response(status=204)
application = web.Application()
application.router.add_post("/hooks/lorawan/{source}", receive)
gc.freeze()
web.run_app(application, host="127.0.0.1", port=0, access_log=None,
            print=lambda text: print(text, flush=True))
"""


@dataclass
class Server:
    """A running server, seen from outside."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Return user and system time of all threads so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_megabytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@asynccontextmanager
async def server(code: str, *arguments: str) -> AsyncIterator[Server]:
    """Run a server and find the port it says it listens at."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        async for line in process.stdout:
            if b"http://127.0.0.1:" in line:
                port = int(line.split(b"http://127.0.0.1:")[1].split()[0].strip(b"/"))
                yield Server(process.pid, port)
                break
        else:
            raise AssertionError("the server did not start")
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def rates(one: Server, seconds: float) -> tuple[float, float]:
    """Return requests a second of wall time, and of the server's CPU time."""
    loop = asyncio.get_running_loop()
    cpu: list[float] = []
    for moment in (WARM_UP, WARM_UP + seconds):
        loop.call_later(moment, lambda: cpu.append(one.cpu_seconds()))
    found = await for_a_time(one.port, CONNECTIONS, seconds, WARM_UP)
    return found.stored / seconds, found.stored / max(cpu[1] - cpu[0], 0.01)


def database(url: str, statement: str) -> int:
    """Run a statement on the benchmark's database; return its number, if it has one."""
    plain = DatabaseSettings(url=url).url.replace("+aiosqlite", "")
    engine = create_engine(plain)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        number = int(result.scalar_one()) if result.returns_rows else 0
    engine.dispose()
    return number


def prepare(url: str) -> None:
    """Create the tables; empty them."""
    from bot.migrate import migrate  # noqa: PLC0415 - Alembic is heavy

    migrate(DatabaseSettings(url=url).url)
    for table in ("raw_uplink", "uplink_source"):
        database(url, f"DELETE FROM {table}")  # noqa: S608 - two names of ours


def verdict(name: str, what: str, figure: str, *, met: bool) -> bool:
    """Print a line and return whether the target is met."""
    print(f"{name}: {what:<46} {figure:>14}  {'met' if met else 'NOT met'}", flush=True)
    return met


async def compare(name: str, url: str, seconds: float, count: int) -> bool:
    """Measure on one database; print the middle rounds; return whether all targets are met."""
    await asyncio.to_thread(prepare, url)
    async with server(OURS, url, TOKEN) as ours, server(BARE) as bare:
        rounds = [
            (*await rates(ours, seconds), *await rates(bare, seconds)) for _ in range(ROUNDS)
        ]
        own, own_cpu, plain, plain_cpu = (
            sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True)
        )
        waits = sorted(await at_a_rate(ours.port, CONNECTIONS, RATE, RATE_SECONDS))
    print(f"{name}: ours {own:,.0f}/s; bare aiohttp and orjson {plain:,.0f}/s")
    print(f"{name}: per server-CPU-second {own_cpu:,.0f}; bare {plain_cpu:,.0f}")
    p99 = waits[int(len(waits) * 0.99)]
    print(f"{name}: at {RATE:,.0f}/s median {waits[len(waits) // 2] * 1000:.1f} ms, ", end="")
    print(f"worst {waits[-1] * 1000:.1f} ms")
    fine = [
        verdict(
            name, "requests per server-CPU-second", f"{own_cpu:,.0f}", met=own_cpu >= LEAST_PER_CPU
        ),
        verdict(
            name, "share of the bare rate", f"{own / plain:.2f}", met=own >= LEAST_SHARE * plain
        ),
        verdict(name, f"p99 at {RATE:,.0f}/s", f"{p99 * 1000:.1f} ms", met=p99 < MOST_P99),
    ]
    return all(fine) and await rush(name, url, count)


async def rush(name: str, url: str, count: int) -> bool:
    """Send a burst to a fresh server; return whether all of it is there and memory stays low."""
    await asyncio.to_thread(prepare, url)
    async with server(OURS, url, TOKEN) as ours:
        before = ours.peak_megabytes()
        took = await burst(ours.port, BURST_CONNECTIONS, count)
        peak = ours.peak_megabytes()
    found = database(url, "SELECT count(*) FROM raw_uplink")
    print(f"{name}: burst of {count:,} in {took:.1f} s ({count / took:,.0f}/s)")
    return all(
        [
            verdict(name, "of the burst stored", f"{found:,}", met=found == count),
            verdict(
                name,
                f"peak memory ({before:.0f} MB before the burst)",
                f"{peak:.0f} MB",
                met=peak < MOST_MEGABYTES,
            ),
        ]
    )


async def main(seconds: float, count: int, postgresql: str | None) -> None:
    """Measure on every database there is."""
    with tempfile.TemporaryDirectory() as folder:
        met = await compare("SQLite", f"sqlite:///{folder}/uplinks.db", seconds, count)
    if postgresql:
        met = await compare("PostgreSQL", postgresql, seconds, count) and met
    print(f"targets: {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--database", help="address of a database to be emptied for this")
    given = parser.parse_args()
    asyncio.run(main(given.seconds, given.count, given.database))
