"""Whatever is sent gets the answer it deserves, leaves nothing behind and harms nobody else."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot import commits, web
from bot.application import Application
from handlers.uplinks import body as body_module
from services.uplinks.service import Forgettable
from tests.inbox.test_webhook import nobody_else_can_write
from tests.rigging import everything_stored, files_of, rows_of
from tests.uplinks.hook import Hook, answer_of, hook
from tests.uplinks.hostile import GOOD, GROUPS, ask
from tests.uplinks.test_http import BEARER, PATH, SENDERS, TOKEN, body

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
PLANTED = "planted"
REFUSALS = {400, 401, 404, 405, 408, 413, 415}


@pytest.fixture
async def open_hook(application: Application) -> AsyncIterator[Hook]:
    async with hook(application, SENDERS) as opened:
        yield opened


async def count(opened: Hook) -> int:
    return len(await rows_of(opened.application, "raw_uplink"))


async def still_serves(opened: Hook) -> None:
    before = await count(opened)
    assert (await opened.posts(PATH, body(4711), BEARER)).status == 204
    assert await count(opened) == before + 1


def test_the_table_is_long_and_names_each_case_once() -> None:
    names = [case.name for group in GROUPS.values() for case in group]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("group", GROUPS)
async def test_every_request_gets_its_answer_and_leaves_nothing_else(
    open_hook: Hook, application: Application, group: str
) -> None:
    wrong = {}
    for case in GROUPS[group]:
        answer = await open_hook.sends(case.raw)
        left = [row["id"] for row in await rows_of(application, "raw_uplink")]
        if (answer.status, len(left)) != (case.status, case.stored):
            wrong[case.name] = answer, len(left)
        assert len(answer.body) < 500, case.name
        assert TOKEN.encode() not in answer.body, case.name
        async with application.transaction() as services:
            await services.uplinks.forget(Forgettable((), left))
    assert wrong == {}
    await still_serves(open_hook)


async def test_a_head_that_never_ends_is_closed(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "IDLE_SECONDS", 0.4)
    async with hook(application, SENDERS) as opened:
        drops = [b"X-%d: 1\r\n" % number for number in range(20)]
        beginning = ask()[: len(b"POST /hooks")]
        answers = [opened.sends(beginning, *drops, pause=0.1) for _ in range(20)]
        served = asyncio.ensure_future(opened.posts(PATH, GOOD, BEARER))
        assert (await served).status == 204, "nobody waits for the slow ones"
        assert {answer.status for answer in await asyncio.gather(*answers)} <= {0, 400}
        assert await count(opened) == 1


async def test_a_body_that_never_ends_is_given_up(
    open_hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_module, "BODY_SECONDS", 0.3)
    drops = [b" "] * 10
    slow = [open_hook.sends(ask(length="1000"), *drops, pause=0.1) for _ in range(20)]
    assert {answer.status for answer in await asyncio.gather(*slow)} == {408}
    assert await count(open_hook) == 0
    await still_serves(open_hook)


async def test_any_byte_may_be_wrong(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "IDLE_SECONDS", 0.4)
    monkeypatch.setattr(body_module, "BODY_SECONDS", 0.3)
    chance = random.Random(20261121)  # noqa: S311 - the same bytes at every run
    taken = 0
    with capture_logs() as logs:
        async with hook(application, SENDERS) as opened:
            for _ in range(8):
                raws = [mutated(ask(PATH, body(number)), chance) for number in range(50)]
                answers = await asyncio.gather(*(opened.sends(raw) for raw in raws))
                assert {answer.status for answer in answers} <= REFUSALS | {0, 204}
                taken += sum(answer.status == 204 for answer in answers)
            assert 0 < await count(opened) <= taken, "repeats are stored once"
            await still_serves(opened)
    assert "request failed" not in {entry["event"] for entry in logs}


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """Return a request with a few bytes changed, lost or doubled."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(data))
        kind = chance.randrange(3)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            del data[place]
        else:
            data.insert(place, data[place])
    return bytes(data)


async def test_who_hangs_up_in_the_middle_leaves_nothing(open_hook: Hook) -> None:
    for raw in (ask(length="1000"), ask()[:-3], ask()[:40]):
        _, writer = await asyncio.open_connection("127.0.0.1", open_hook.port)
        writer.write(raw)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    await asyncio.sleep(0.1)
    assert await count(open_hook) == 0
    await still_serves(open_hook)


async def test_a_second_request_smuggled_behind_the_first_needs_its_own_token(
    open_hook: Hook,
) -> None:
    smuggled = ask(PATH, body(2), token=None)
    reader, writer = await asyncio.open_connection("127.0.0.1", open_hook.port)
    writer.write(ask() + smuggled)
    answers = [(await answer_of(reader)).status for _ in range(2)]
    writer.close()
    assert answers == [204, 401]
    assert await count(open_hook) == 1


async def test_a_repeat_is_answered_like_the_first_and_stored_once(open_hook: Hook) -> None:
    answers = [await open_hook.posts(PATH, GOOD, BEARER) for _ in range(5)]
    assert {answer.status for answer in answers} == {204}
    assert await count(open_hook) == 1


async def test_a_device_that_is_always_odd_never_gets_the_hook_a_no(
    open_hook: Hook, application: Application
) -> None:
    for number in range(50):
        odd = b'{"deviceInfo": {"devEui": %d}, "data": "%d"}' % (number, number)
        assert (await open_hook.posts(PATH, odd, BEARER)).status == 204
        async with application.transaction() as services:
            [raw] = await services.uplinks.waiting(10)
            await services.uplinks.finish([], {raw.id: "no-device"})
    await still_serves(open_hook)


async def told_to_come_again(opened: Hook, content: bytes = GOOD) -> bool:
    """Post a message; whether the answer is 503 with a time after which to come again."""
    answer = await opened.posts(PATH, content, BEARER)
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0


async def test_a_database_that_is_away_asks_to_come_again(
    open_hook: Hook, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "PATIENCE_SECONDS", 0.2)
    async with nobody_else_can_write(application, "raw_uplink"):
        assert await told_to_come_again(open_hook)
    monkeypatch.setattr(commits, "PATIENCE_SECONDS", 20.0)
    await still_serves(open_hook)


async def test_a_full_inbox_asks_to_come_again(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LOOK_SECONDS", 0.0)
    few = application.settings.lorawan.model_copy(update={"most_waiting": 2})
    application.settings = application.settings.model_copy(update={"lorawan": few})
    async with hook(application, SENDERS) as opened:
        for number in range(2):
            assert (await opened.posts(PATH, body(number), BEARER)).status == 204
        assert await told_to_come_again(opened)
        async with application.transaction() as services:
            waiting = await services.uplinks.waiting(10)
            await services.uplinks.finish([raw.id for raw in waiting])
        await still_serves(opened)


async def test_a_house_that_closes_asks_to_come_again(open_hook: Hook) -> None:
    open_hook.stopping.set()
    assert await told_to_come_again(open_hook)
    assert await count(open_hook) == 0


@contextmanager
def no_more_pages(application: Application) -> Iterator[None]:
    """Let SQLite's file grow no more, as on a full disk."""
    engine = application.database.engine.sync_engine

    def limit(connection: Any, record: Any, proxy: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # means: what it has now

    def free(connection: Any, record: Any, proxy: Any) -> None:
        connection.execute("PRAGMA max_page_count=1000000000")

    event.listen(engine, "checkout", limit)
    yield
    event.remove(engine, "checkout", limit)
    event.listen(engine, "checkout", free)


async def test_a_full_disk_asks_to_come_again_and_loses_nothing_acknowledged(
    open_hook: Hook, application: Application
) -> None:
    if application.database.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite's file can be told to grow no more")
    taken = 0
    with no_more_pages(application), capture_logs() as logs:
        for number in range(20):
            large = b'{"n": %d, "a": "%s"}' % (number, b"x" * 200_000)
            answer = await open_hook.posts(PATH, large, BEARER)
            assert answer.status in {204, 503}
            taken += answer.status == 204
    assert taken < 20
    assert "uplink refused" in {entry["event"] for entry in logs}
    assert await count(open_hook) == taken
    await still_serves(open_hook)


SECRETIVE = (
    ask(PATH, GOOD, "X-Downlink-Apikey: planted-apikey", "X-Downlink-Push: planted-push"),
    ask(PATH, body(2), "X-Downlink-Apikey: planted-apikey\0"),
    ask(PATH, GOOD, "Authorization: Bearer planted-wrong", token=None),
    ask(PATH, GOOD, "Authorization planted-no-colon", token=None),
    ask(PATH, GOOD, "Authorization: planted\0-nul", token=None),
    ask(f"{PATH}&token=planted-query", body(3)),
    ask("/hooks/lorawan/planted-source", GOOD),
    ask(PATH, b'{"planted-broken": ', "Cookie: planted-cookie"),
    ask(PATH, b"zz\r\nplanted-piece", "Transfer-Encoding: chunked", length=None),
    b"planted-garbage\r\n\r\n",
)


async def test_secrets_stand_neither_in_logs_nor_figures_nor_tables(
    open_hook: Hook, application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        for raw in SECRETIVE:
            assert (await open_hook.sends(raw)).status in {204, 400, 401, 404}
    assert await count(open_hook) == 2
    assert logs, "refusals are logged"
    assert PLANTED not in str(logs)
    assert PLANTED not in caplog.text
    assert PLANTED not in application.work.metrics.text().decode()
    assert PLANTED not in await everything_stored(application)
    assert PLANTED.encode() not in files_of(application)
