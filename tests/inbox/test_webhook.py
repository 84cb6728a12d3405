"""Telegram's posts: acknowledged only when they are durable, refused when they are none."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import event
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.application import Application
from bot.intake import BODY_LIMIT, SECRET_HEADER, GroupedCommits, webhook
from services.db import open_database
from services.inbox.rules import BIGGEST_ID
from tests.rigging import rows_of

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
SECRET = "Geheim_42"


class Telegram:
    """Telegram's side of the webhook."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client

    async def posts(self, body: object, secret: str | None = SECRET) -> ClientResponse:
        data = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = {} if secret is None else {SECRET_HEADER: secret}
        return await self.client.post("/telegram", data=data, headers=headers)


@pytest.fixture
async def telegram(application: Application) -> AsyncIterator[Telegram]:
    async with TestClient(TestServer(webhook(application.work, SECRET))) as client:
        yield Telegram(client)


def update(number: Any, **more: object) -> dict[str, Any]:
    user = {"id": 7, "is_bot": False, "first_name": "Erika"}
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "Hallo"}
    return {"update_id": number, "message": {**message, **more}}


@asynccontextmanager
async def nobody_else_can_write(
    application: Application, table: str = "inbox"
) -> AsyncIterator[None]:
    database = open_database(application.settings.database.url)
    try:
        async with database.engine.begin() as connection:  # on SQLite this alone takes the lock
            if connection.dialect.name == "postgresql":
                await connection.execute(sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
            yield
    finally:
        await database.close()


@asynccontextmanager
async def nothing_can_be_stored(application: Application) -> AsyncIterator[None]:
    async def rename(old: str, new: str) -> None:
        async with application.database.engine.begin() as connection:
            await connection.execute(sql(f"ALTER TABLE {old} RENAME TO {new}"))

    await rename("inbox", "away")
    try:
        yield
    finally:
        await rename("away", "inbox")


async def stored_elsewhere(application: Application) -> list[int]:
    """Look from another connection, as another process would."""
    database = open_database(application.settings.database.url)
    try:
        async with database.engine.connect() as connection:
            rows = await connection.execute(sql("SELECT update_id FROM inbox ORDER BY update_id"))
            return [number for (number,) in rows]
    finally:
        await database.close()


async def test_the_acknowledgement_comes_after_the_commit(
    telegram: Telegram, application: Application
) -> None:
    async with nobody_else_can_write(application):
        post = asyncio.ensure_future(telegram.posts(update(5)))
        done, _ = await asyncio.wait([post], timeout=0.2)
        assert not done, "nothing is acknowledged while nothing can be committed"
    response = await post
    assert response.status == 200
    assert await stored_elsewhere(application) == [5]
    assert await response.read() == b"", "Telegram would take a body for a method"


async def test_each_acknowledged_update_can_be_read_elsewhere(
    telegram: Telegram, application: Application
) -> None:
    for number in range(3):
        assert (await telegram.posts(update(number))).status == 200
        assert await stored_elsewhere(application) == list(range(number + 1))


async def test_without_the_secret_nothing_is_stored(
    telegram: Telegram, application: Application
) -> None:
    raw = b"\xff\xfe".decode(errors="surrogateescape")
    for secret in (None, "", "geheim_42", "Geheim_4", "Geheim_421", raw, "ä"):
        assert (await telegram.posts(update(5), secret)).status == 401, secret
    assert await rows_of(application, "inbox") == []


NO_UPDATES = (
    b"",
    b"{",
    b"\xff\xfe{}",
    b"null",
    b"7",
    b"[]",
    b'[{"update_id": 5}]',
    b'"update_id"',
    b"{}",
    b'{"message": {}}',
    b'{"update_id": null}',
    b'{"update_id": "5"}',
    b'{"update_id": true}',
    b'{"update_id": 5.5}',
    b'{"update_id": NaN}',
    b'{"update_id": Infinity}',
    b'{"update_id": 1e400}',
    b'{"update_id": -1}',
    b'{"update_id": 9223372036854775808}',
    b'{"update_id": [5]}',
    b'{"update_id": 5, "message": ' + b"[" * 600 + b"]" * 600 + b"}",
    b'{"update_id": 5, "message": ' + b'{"a":' * 700 + b"1" + b"}" * 700 + b"}",
    b'{"update_id": 5, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
)


async def test_what_is_no_update_is_refused(telegram: Telegram, application: Application) -> None:
    for body in NO_UPDATES:
        assert (await telegram.posts(body)).status == 400, body[:60]
    assert await rows_of(application, "inbox") == []


async def test_strange_but_whole_updates_are_stored(
    telegram: Telegram, application: Application
) -> None:
    strange: list[dict[str, object]] = [
        {"text": "x" * 10_000},
        {"text": "👋 \u0000 \ud800 سلام"},
        {"from": {"id": "nobody"}},
        {"from": {"id": 10**30}},
        {"deep": json.loads("[" * 100 + "]" * 100)},
    ]
    for number, more in enumerate(strange):
        assert (await telegram.posts(update(number, **more))).status == 200, more
    assert (await telegram.posts(update(BIGGEST_ID))).status == 200
    assert await stored_elsewhere(application) == [*range(len(strange)), BIGGEST_ID]


@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 200), (BODY_LIMIT + 1, 413)])
async def test_a_body_may_have_a_mebibyte_and_no_more(
    telegram: Telegram, application: Application, size: int, status: int
) -> None:
    body = json.dumps(update(5)).encode()
    assert (await telegram.posts(body + b" " * (size - len(body)))).status == status
    assert len(await rows_of(application, "inbox")) == (1 if status == 200 else 0)


async def test_when_nothing_can_be_stored_telegram_is_asked_to_come_again(
    telegram: Telegram, application: Application
) -> None:
    async with nothing_can_be_stored(application):
        with capture_logs() as logs:
            response = await telegram.posts(update(5, text="Vertraulich"))
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    assert [entry["event"] for entry in logs] == ["update not stored"]
    assert "Vertraulich" not in str(logs)
    assert (await telegram.posts(update(5))).status == 200
    assert await stored_elsewhere(application) == [5]


async def test_a_repeated_update_is_acknowledged_and_changes_nothing(
    telegram: Telegram, application: Application
) -> None:
    await telegram.posts(update(5, text="zuerst"))
    before = await rows_of(application, "inbox")
    assert (await telegram.posts(update(5, text="anders"))).status == 200
    assert await rows_of(application, "inbox") == before


async def test_many_at_once_are_all_stored_in_few_commits(
    telegram: Telegram, application: Application
) -> None:
    commits = []
    event.listen(application.database.engine.sync_engine, "commit", commits.append)
    async with nobody_else_can_write(application):
        posts = [asyncio.ensure_future(telegram.posts(update(number))) for number in range(40)]
        await asyncio.wait(posts, timeout=0.3)
    assert {(await post).status for post in posts} == {200}
    assert await stored_elsewhere(application) == list(range(40))
    assert len(commits) < 10


async def test_an_absurd_update_does_not_hold_back_those_that_came_with_it(
    telegram: Telegram, application: Application
) -> None:
    absurd = b'{"update_id": 3, "message": ' + b"[" * 600 + b"]" * 600 + b"}"
    async with nobody_else_can_write(application):
        posts = [
            asyncio.ensure_future(telegram.posts(body))
            for body in (update(1), update(2), absurd, update(4))
        ]
        await asyncio.wait(posts, timeout=0.2)
    assert [(await post).status for post in posts] == [200, 200, 400, 200]
    assert await stored_elsewhere(application) == [1, 2, 4]


async def test_who_hangs_up_takes_nobody_with_him(application: Application) -> None:
    commits = GroupedCommits(application.work)
    async with nobody_else_can_write(application):
        first, second = (asyncio.ensure_future(commits.put(update(n))) for n in (1, 2))
        await asyncio.sleep(0.05)
        assert commits.waiting == [], "one writes for both"
        first.cancel()
        await asyncio.sleep(0.05)
    await asyncio.wait_for(second, 5)
    assert 2 in await stored_elsewhere(application)


async def test_other_paths_and_methods_are_not_ours(telegram: Telegram) -> None:
    headers = {SECRET_HEADER: SECRET}
    assert (await telegram.client.get("/telegram", headers=headers)).status == 405
    assert (await telegram.client.post("/", headers=headers)).status == 404
