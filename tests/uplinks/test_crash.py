"""A server that is killed in the middle of a burst has everything it acknowledged."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.running.processes import House, eventually, house
from tests.uplinks.hook import HOST, answer_of, request
from tests.uplinks.test_http import TOKEN

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
COUNT, KILL_AFTER, CONNECTIONS = 3_000, 700, 20
PATH = "/hooks/lorawan/chirpstack?event=up"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def body(number: int) -> bytes:
    return b'{"deduplicationId": "%d", "object": {"text": "%s"}}' % (number, b"x" * 1_300)


@pytest.fixture
def burst_house(database_url: str, tmp_path: Path) -> Iterator[House]:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    (tmp_path / "sources.toml").write_text('[chirpstack]\ntoken_file = "token"\n')
    empty(database_url)
    with house(tmp_path, database_url) as opened:
        yield opened


def empty(url: str) -> None:
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("TRUNCATE raw_uplink, uplink_source, inbox, outbox CASCADE")


def stored(url: str) -> list[bytes]:
    """Look with another program than ours would be."""
    query = "SELECT body FROM raw_uplink"
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return [bytes(row[0]) for row in connection.execute(query)]
    with closing(sqlite3.connect(url.split(":///", 1)[1])) as database:
        return [row[0] for row in database.execute(query)]


@dataclass
class Burst:
    """Many messages over a few connections, until all are sent or the server is gone."""

    port: int
    kill: Callable[[], None] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(COUNT)))
    acknowledged: set[int] = field(default_factory=set)

    def send(self) -> set[int]:
        """Return what was acknowledged."""

        async def everything() -> None:
            await asyncio.gather(*(self._post() for _ in range(CONNECTIONS)))

        asyncio.run(everything())
        return self.acknowledged

    async def _post(self) -> None:
        try:
            reader, writer = await asyncio.open_connection(HOST, self.port)
        except OSError:
            return
        with closing(writer):
            for number in self.numbers:
                writer.write(request(PATH, body(number), HEADERS))
                if (await answer_of(reader)).status != 204:
                    return
                self.acknowledged.add(number)
                if len(self.acknowledged) == KILL_AFTER and self.kill:
                    self.kill()


def test_what_was_acknowledged_before_the_kill_is_there(
    burst_house: House, database_url: str, tmp_path: Path
) -> None:
    sources = str(tmp_path / "sources.toml")
    process = burst_house.start(ABIBOT_LORAWAN_SOURCES=sources)
    eventually(process.is_ready, "the first process")
    acknowledged = Burst(process.port, process.popen.kill).send()
    process.popen.wait(timeout=10)
    assert KILL_AFTER <= len(acknowledged) < COUNT, "killed in the middle"
    found = stored(database_url)
    assert {body(number) for number in acknowledged} <= set(found)
    assert len(found) == len(set(found))

    again = burst_house.start(ABIBOT_LORAWAN_SOURCES=sources)
    eventually(again.is_ready, "the second process")
    assert Burst(again.port).send() == set(range(COUNT))
    assert sorted(stored(database_url)) == sorted(body(number) for number in range(COUNT))
    assert again.stop() == 0
    assert TOKEN not in burst_house.logs()
