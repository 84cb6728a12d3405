"""When more waits than can be handled, the rest stays with Telegram."""

from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot import commits
from bot.application import Application
from bot.commits import InboxFullError
from bot.intake import SECRET_HEADER, Poller, webhook
from tests.inbox.test_webhook import (
    SECRET,
    Telegram,
    nobody_else_can_write,
    stored_elsewhere,
    update,
)
from tests.rigging import eventually, rows_of

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "LOOK_SECONDS", 0.0)


async def work_one_off(application: Application) -> None:
    async with application.transaction() as services:
        await services.inbox.finish([1])


async def test_a_full_inbox_asks_telegram_to_come_again(application: Application) -> None:
    server = TestServer(webhook(application.work, SECRET, most_open=2))
    async with TestClient(server) as client:
        telegram = Telegram(client)
        assert [(await telegram.posts(update(n))).status for n in (1, 2)] == [200, 200]
        refused = await telegram.posts(update(3))
        assert refused.status == 503
        assert int(refused.headers["Retry-After"]) > 0
        await work_one_off(application)
        assert (await telegram.posts(update(3))).status == 200
    assert await stored_elsewhere(application) == [1, 2, 3]


async def test_a_database_that_is_too_slow_is_as_good_as_away(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "PATIENCE_SECONDS", 0.1)
    async with TestClient(TestServer(webhook(application.work, SECRET))) as client:
        telegram = Telegram(client)
        async with nobody_else_can_write(application):
            refused = await telegram.posts(update(1))
            assert refused.status == 503
            assert int(refused.headers["Retry-After"]) > 0

        async def taken() -> bool:
            return (await telegram.posts(update(1))).status == 200

        await eventually(taken, 15)
    assert await stored_elsewhere(application) == [1]


async def test_the_poller_leaves_updates_with_telegram_while_the_inbox_is_full(
    application: Application,
) -> None:
    asked: list[Any] = []

    async def get_updates(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"ok": True, "result": [update(len(asked))]})

    app = web.Application()
    app.router.add_post("/bot42/getUpdates", get_updates)
    async with TestServer(app) as server, ClientSession() as session:
        poller = Poller(application.work, str(server.make_url("/bot42")), most_open=2)
        await poller.fetch(session)
        await poller.fetch(session)
        with pytest.raises(InboxFullError):
            await poller.fetch(session)
        assert len(asked) == 2, "nothing was fetched, so nothing is confirmed"
        await work_one_off(application)
        await poller.fetch(session)
    assert [row["update_id"] for row in await rows_of(application, "inbox")] == [1, 2, 3]


async def test_the_database_is_not_asked_at_every_update(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LOOK_SECONDS", 60.0)
    headers = {SECRET_HEADER: SECRET}
    server = TestServer(webhook(application.work, SECRET, most_open=1))
    async with TestClient(server) as client:
        answers = [
            (await client.post("/telegram", json=update(n), headers=headers)).status
            for n in range(3)
        ]
    assert answers == [200, 200, 200], "seen only when it looks again"
