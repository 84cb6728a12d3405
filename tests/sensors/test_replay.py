"""Recorded values become messages of a network server, at the right time and once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.sensors.playing import Sensor, Timed, from_values, play, session_of
from handlers.sensors.posting import Post, PostingError, open_hook
from handlers.sensors.recordings import line_of, read_recording
from lorawan.events import Form
from lorawan.replay import Column, Moment, ReplayError, read_csv
from tests.conftest import SHARED

BERLIN = ZoneInfo("Europe/Berlin")
QUANTITIES = ("water.level", "air.temperature")
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
LEVEL = Column("w_cm", "water.level", 0.01)


def moments(words: str, *columns: Column) -> list[Moment]:
    return list(read_csv(words.splitlines(), columns or (LEVEL,), BERLIN))


def test_a_row_becomes_values_in_our_units() -> None:
    [first, second] = moments("time,w_cm,n\n2026-11-20 12:00:00,240,1\n\n2026-11-20T13:00,,\n"
                              "2026-11-20T12:30:00Z,250.5,2\n")  # fmt: skip
    assert first == Moment(NOON, {"water.level": 2.4})
    assert second.time == NOON + timedelta(minutes=90)
    assert second.values["water.level"] == pytest.approx(2.505)


@pytest.mark.parametrize(
    ("words", "problem", "line", "detail"),
    [
        ("", "no-time-column", 1, ""),
        ("when,w_cm\n", "no-time-column", 1, "when, w_cm"),
        ("time,level\n", "no-column", 1, "w_cm"),
        ("time,w_cm\n2026-11-20 12:00,2,4\n", "cells", 2, "3/2"),
        ("time,w_cm\n2026-11-20 12:00,24\n20.11.2026,24\n", "time", 3, "20.11.2026"),
        ("time,w_cm\n2026-11-20 12:00,hoch\n", "number", 2, "hoch"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    words: str, problem: str, line: int, detail: str
) -> None:
    with pytest.raises(ReplayError) as caught:
        moments(words)
    found = caught.value
    assert (found.problem, found.line, found.detail) == (problem, line, detail)


@pytest.mark.parametrize(
    ("words", "problem"),
    [("w_cm", "column"), ("=water.level", "column"), ("w=water", "quantity"),
     ("w=water.level*", None), ("w=water.level*x", "number"), ("w=water.level*0.01", None)],
)  # fmt: skip
def test_what_a_column_means(words: str, problem: str | None) -> None:
    if problem is None:
        assert Column.parse(words, QUANTITIES).quantity == "water.level"
        return
    with pytest.raises(ReplayError) as caught:
        Column.parse(words, QUANTITIES)
    assert caught.value.problem == problem


def test_played_again_it_is_the_same_messages() -> None:
    sensor = Sensor("feedfacecafe0001", "replay")

    def bodies() -> list[bytes]:
        made = from_values(
            moments("time,w_cm\n2026-11-20 12:00,240\n2026-11-20 12:30,241\n"),
            sensor, session_of("file"), sent_as=timedelta(),
        )  # fmt: skip
        return [one.write(NOON).body for one in made]

    assert bodies() == bodies()
    assert len(set(bodies())) == 2
    assert orjson.loads(bodies()[0])["simulated"] is True


def test_times_can_be_moved_or_be_the_moment_of_sending() -> None:
    rows = [Moment(NOON - timedelta(days=300), {"water.level": 2.4})]
    real = Sensor("feedfacecafe0001", "replay", simulated=False)
    [moved] = from_values(rows, real, "s", sent_as=timedelta(days=300))
    [now] = from_values(rows, real, "s", sent_as=None)
    body = orjson.loads(moved.write(NOON).body)
    assert body["received_at"] == "2026-11-20T11:00:00Z"
    assert "simulated" not in body
    later = orjson.loads(now.write(NOON + timedelta(hours=1)).body)
    assert later["uplink_message"]["received_at"] == "2026-11-20T12:00:00Z"


def test_a_recording_comes_back_byte_for_byte() -> None:
    lines = [
        line_of(NOON, "up", Form.JSON, b'{"a": 1}'),
        b"\n",
        line_of(NOON + timedelta(seconds=5), "", Form.PROTOBUF, bytes(range(256))),
    ]
    first, second = read_recording(lines)
    assert first.write(NOON) == Post(b'{"a": 1}', "up", "application/json")
    assert second.at == NOON + timedelta(seconds=5)
    assert second.write(NOON).body == bytes(range(256))
    for broken in (b"{}", b"[]", b"x", b'{"form":"json","body":"!","received_at":"2026-01-01"}'):
        with pytest.raises(ReplayError) as caught:
            list(read_recording([lines[0], broken]))
        assert caught.value.line == 2


def test_the_real_gauge_can_be_read() -> None:
    path = SHARED / "data" / "lorawan" / "series_wupper_2020.csv"
    if not path.exists():
        pytest.skip("the real series are not on this machine")
    with path.open(encoding="utf-8", newline="") as lines:
        found = list(read_csv(lines, [Column("w_kluserbruecke_cm", "water.level", 0.01)], BERLIN))
    assert len(found) > 13_000
    assert 0 < max(one.values["water.level"] for one in found) < 5


@asynccontextmanager
async def listening(*statuses: int) -> AsyncIterator[tuple[str, list[tuple[str, bytes]]]]:
    """A hook that answers with these statuses, then with 200."""
    got: list[tuple[str, bytes]] = []
    answers = iter(statuses)

    async def receive(request: web.Request) -> web.Response:
        got.append((request.headers.get("Authorization", ""), await request.read()))
        return web.Response(status=next(answers, 200), text="busy")

    application = web.Application()
    application.router.add_post("/hooks/lorawan/replay", receive)
    server = TestServer(application)
    await server.start_server()
    try:
        yield str(server.make_url("/hooks/lorawan/replay")), got
    finally:
        await server.close()


def timed(count: int, seconds: float = 60) -> list[Timed]:
    rows = [
        Moment(NOON + timedelta(seconds=seconds * n), {"water.level": n}) for n in range(count)
    ]
    sensor = Sensor("feedfacecafe0001", "replay")
    return from_values(rows, sensor, "s", sent_as=timedelta())


@pytest.mark.network
@pytest.mark.enable_socket
class TestPlaying:
    async def test_everything_arrives_once_with_the_token(self) -> None:
        async with listening() as (url, got), open_hook(url, "s3cret") as hook:
            assert await play(hook, timed(50), 0, lambda: NOON) == 50
        assert {header for header, _ in got} == {"Bearer s3cret"}
        assert len({body for _, body in got}) == len(got) == 50

    async def test_a_busy_hook_is_asked_again(self) -> None:
        async with listening(503, 503) as (url, got), open_hook(url, None) as hook:
            assert await play(hook, timed(1), 0, lambda: NOON) == 1
        assert len(got) == 3
        assert len(set(got)) == 1

    async def test_a_refusal_ends_it_and_says_why(self) -> None:
        async with listening(*[401] * 100) as (url, got), open_hook(url, "wrong") as hook:
            with pytest.raises(PostingError) as caught:
                await play(hook, timed(90), 0, lambda: NOON)
        assert (caught.value.problem, caught.value.detail) == ("refused", "401 busy")
        assert len(got) < 90

    async def test_the_rhythm_is_kept(self) -> None:
        loop = asyncio.get_running_loop()
        async with listening() as (url, got), open_hook(url, None) as hook:
            began = loop.time()
            await play(hook, timed(4, seconds=60), 600, lambda: NOON)
            assert 0.29 <= loop.time() - began < 2
        levels = [orjson.loads(body)["uplink_message"]["f_cnt"] for _, body in got]
        assert levels == [1, 2, 3, 4]

    async def test_there_is_a_clear_end_when_nobody_listens(self) -> None:
        async with listening() as (url, got):
            pass
        async with open_hook(url, None) as hook:
            hook.pause = 0.001
            with pytest.raises(PostingError) as caught:
                await hook.post(Post(b"{}"))
        assert caught.value.problem == "away"
        assert not got
