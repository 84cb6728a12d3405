"""Long polling: what Telegram is told to forget is stored already."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.application import Application
from bot.intake import ALLOWED_UPDATES, Poller, PollError
from bot.tasks import Tasks
from tests.rigging import eventually, rows_of

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
TOKEN = "4242:Planted-Token"
Answer = Callable[[web.Request], web.StreamResponse]


class Telegram:
    """Plays getUpdates: keeps updates until a higher offset confirms them."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.updates: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.mishaps: list[Answer] = []
        self.too_early: list[int] = []
        self.blind = False
        self.url = ""

    async def get_updates(self, request: web.Request) -> web.StreamResponse:
        question = await request.json()
        self.asked.append(question)
        durable = set() if self.blind else set(await stored(self))
        confirmed = [one for one in self.updates if one["update_id"] < question["offset"]]
        self.too_early += [
            one["update_id"] for one in confirmed if one["update_id"] not in durable
        ]
        self.updates = [one for one in self.updates if one not in confirmed]
        if self.mishaps:
            return self.mishaps.pop(0)(request)
        if not self.updates:
            await asyncio.sleep(0.01)
        return web.json_response({"ok": True, "result": self.updates[:100]})


@pytest.fixture
async def telegram(application: Application) -> AsyncIterator[Telegram]:
    telegram = Telegram(application)
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getUpdates", telegram.get_updates)
    async with TestServer(app) as server:
        telegram.url = str(server.make_url(f"/bot{TOKEN}"))
        yield telegram


@asynccontextmanager
async def polling(telegram: Telegram) -> AsyncIterator[Poller]:
    poller = Poller(telegram.application.work, telegram.url, pause=0.01)
    async with Tasks() as tasks:
        tasks.start(poller.run(), "poller")
        yield poller


def update(number: int) -> dict[str, Any]:
    return {"update_id": number, "message": {"from": {"id": 7}, "text": "Vertraulich"}}


async def stored(telegram: Telegram) -> list[int]:
    return [row["update_id"] for row in await rows_of(telegram.application, "inbox")]


def html_error(request: web.Request) -> web.Response:
    return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")


def conflict(request: web.Request) -> web.Response:
    description = "Conflict: terminated by other getUpdates request"
    return web.json_response(
        {"ok": False, "error_code": 409, "description": description}, status=409
    )


def hang_up(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.close()
    return web.Response()


def strange(request: web.Request) -> web.Response:
    return web.json_response(["what?"])


def half(request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": [{"no": "number"}]})


async def test_updates_are_confirmed_only_when_they_are_stored(telegram: Telegram) -> None:
    telegram.updates = [update(number) for number in range(10, 13)]
    async with polling(telegram):

        async def confirmed() -> bool:
            return not telegram.updates

        await eventually(confirmed)
        telegram.updates.append(update(13))
        await eventually(confirmed)
    assert telegram.too_early == []
    assert await stored(telegram) == [10, 11, 12, 13]
    assert telegram.asked[0]["offset"] == 0
    assert telegram.asked[0]["allowed_updates"] == ALLOWED_UPDATES
    assert sorted({one["offset"] for one in telegram.asked}) == [0, 13, 14]


async def test_updates_are_not_confirmed_while_they_cannot_be_stored(telegram: Telegram) -> None:
    engine = telegram.application.database.engine
    poller = Poller(telegram.application.work, telegram.url)
    telegram.updates = [update(10)]
    telegram.blind = True
    async with engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE inbox RENAME COLUMN body TO away"))
    try:
        async with ClientSession() as session:
            with pytest.raises(Exception, match="body"):
                await poller.fetch(session)
        assert poller.offset == 0
    finally:
        async with engine.begin() as connection:
            await connection.execute(sql("ALTER TABLE inbox RENAME COLUMN away TO body"))
    async with ClientSession() as session:
        await poller.fetch(session)
    assert poller.offset == 11
    assert await stored(telegram) == [10]


async def test_after_a_restart_the_same_updates_come_again_and_change_nothing(
    telegram: Telegram,
) -> None:
    telegram.updates = [update(10)]
    for _ in range(2):
        async with ClientSession() as session:
            await Poller(telegram.application.work, telegram.url).fetch(session)
    assert await stored(telegram) == [10]


@pytest.mark.parametrize("mishap", [html_error, conflict, hang_up, strange, half])
async def test_polling_goes_on_after_any_mishap_and_the_token_is_never_logged(
    telegram: Telegram, mishap: Answer
) -> None:
    telegram.mishaps = [mishap]
    telegram.updates = [update(10)]
    with capture_logs() as logs:
        async with polling(telegram):

            async def arrived() -> bool:
                return await stored(telegram) == [10]

            await eventually(arrived)
    assert [entry["event"] for entry in logs] == ["updates not fetched"]
    assert TOKEN not in str(logs)
    assert "Vertraulich" not in str(logs)


async def test_a_failure_is_named_and_the_pauses_grow(telegram: Telegram) -> None:
    telegram.mishaps = [conflict] * 4
    before = asyncio.get_running_loop().time()
    with capture_logs() as logs:
        async with polling(telegram):

            async def recovered() -> bool:
                return len(telegram.asked) > 4

            await eventually(recovered)
    seconds = asyncio.get_running_loop().time() - before
    assert seconds >= 0.01 * (1 + 2 + 4 + 8)
    assert [entry["attempt"] for entry in logs] == [1, 2, 3, 4]
    assert {entry["error"] for entry in logs} == {
        "Conflict: terminated by other getUpdates request"
    }


async def test_telegram_s_refusal_is_an_error_of_its_own(telegram: Telegram) -> None:
    telegram.mishaps = [conflict]
    async with ClientSession() as session:
        with pytest.raises(PollError, match="Conflict"):
            await Poller(telegram.application.work, telegram.url).fetch(session)


async def test_nobody_there_is_survived_without_naming_the_address(
    application: Application,
) -> None:
    poller = Poller(application.work, f"http://127.0.0.1:1/bot{TOKEN}", pause=0.01)
    with capture_logs() as logs:
        async with Tasks() as tasks:
            tasks.start(poller.run(), "poller")

            async def tried() -> bool:
                return len(logs) > 1

            await eventually(tried)
    assert TOKEN not in str(logs)
    assert {entry["error"] for entry in logs} == {"ClientConnectorError"}
