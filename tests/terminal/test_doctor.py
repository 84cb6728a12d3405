"""`abibot doctor`: each thing that is wrong is found, and said with what to do."""

import shutil
import time
from collections.abc import AsyncIterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.doctor import findings
from bot.settings import Settings, TelegramSettings
from bot.terminal import BotTerminal
from services.staff.rules import Role
from services.text import Texts
from tests.terminal.conftest import REGION, Run

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
TOKEN = "4242:Planted-Token_x"
ME = {"id": 42, "is_bot": True, "first_name": "Bot", "username": "abi_test_bot"}
WEBHOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
CHANNEL = {"id": -100, "type": "channel", "accent_color_id": 1, "max_reaction_count": 1}


class Telegram:
    """Telegram as far as the doctor asks it."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "getMe": ME,
            "getWebhookInfo": WEBHOOK,
            "getChat": {**CHANNEL, "accepted_gift_types": gifts()},
        }
        self.clock_is_off = 0.0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        result = self.answers.get(request.match_info.get("method", ""))
        headers = {"Date": formatdate(time.time() + self.clock_is_off, usegmt=True)}
        if result is None:
            body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return web.json_response(body, status=401, headers=headers)
        return web.json_response({"ok": True, "result": result}, headers=headers)


def gifts() -> dict[str, bool]:
    names = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return dict.fromkeys((*names, "gifts_from_channels"), False)


@pytest.fixture
def database_url(tmp_path: Path, empty_sqlite: Path) -> str:
    """What the doctor says does not depend on the kind of database."""
    shutil.copy(empty_sqlite, tmp_path / "test.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    app = web.Application()
    app.router.add_route("*", f"/bot{TOKEN}/{{method}}", telegram.answer)
    app.router.add_get("/", telegram.answer)
    async with TestServer(app) as server:
        telegram.url = str(server.make_url("")).rstrip("/")
        yield telegram


@pytest.fixture
def healthy(settings: Settings, application: object, telegram: Telegram) -> Settings:
    return settings.model_copy(update={"telegram": reaching(telegram)})


def reaching(telegram: Telegram, **more: Any) -> TelegramSettings:
    given = {"token": TOKEN, "api_url": telegram.url, **more}
    return TelegramSettings.model_validate(given)


async def examine(settings: Settings) -> dict[str, bool]:
    """Return what the doctor found, by text, and whether it is fine."""
    terminal = BotTerminal(settings)
    found = {str(what): fine async for fine, what in findings(terminal)}
    assert "Planted" not in str(found)
    return found


async def fill(settings: Settings) -> None:
    terminal = BotTerminal(settings)
    async with terminal.transaction() as services:
        await services.catalogue.take_in(Path(REGION))
        chat = await services.chats.meet(7, "private", "de")
        code = await services.staff.invite(None, role=Role.ADMIN, area="15082", label="Platz 1")
        await services.staff.enrol(chat.id, code)


def said(settings: Settings, key: str, **params: object) -> str:
    return str(BotTerminal(settings).text(key, **params))


async def test_a_healthy_bot_has_nothing_to_do(healthy: Settings) -> None:
    await fill(healthy)
    found = await examine(healthy)
    assert set(found.values()) == {True}
    async with BotTerminal(healthy).transaction() as services:
        count = len((await services.catalogue.snapshot()).services)
    for key, params in {
        "cli.doctor-settings": {"region": healthy.region},
        "cli.doctor-database": {},
        "cli.doctor-catalogue": {"count": count},
        "cli.doctor-staff": {"count": 1},
        "cli.doctor-token": {"username": "abi_test_bot"},
        "cli.doctor-webhook": {},
        "cli.doctor-channel": {"username": "test_channel"},
        "cli.doctor-clock": {},
    }.items():
        assert said(healthy, key, **params) in found, key


async def wrong(settings: Settings) -> list[str]:
    return [what for what, fine in (await examine(settings)).items() if not fine]


async def test_an_empty_database_needs_a_catalogue_and_staff(healthy: Settings) -> None:
    assert await wrong(healthy) == [
        said(healthy, "cli.doctor-catalogue-empty", folder=healthy.region_folder),
        said(healthy, "cli.doctor-no-staff"),
    ]


async def test_an_old_schema_is_found(healthy: Settings, tmp_path: Path) -> None:
    database = healthy.database.model_copy(
        update={"url": f"sqlite+aiosqlite:///{tmp_path}/new.db"}
    )
    settings = healthy.model_copy(update={"database": database})
    assert await wrong(settings) == [said(settings, "cli.doctor-database-old")]


@pytest.mark.parametrize(
    "url",
    ["sqlite+aiosqlite:///no/such/folder/x.db", "postgresql+psycopg://x:Planted@127.0.0.1:1/x"],
)
async def test_a_database_out_of_reach_is_found(healthy: Settings, url: str) -> None:
    database = healthy.database.model_copy(update={"url": url})
    settings = healthy.model_copy(update={"database": database})
    assert await wrong(settings) == [
        said(settings, "cli.doctor-database-unreachable", error="OperationalError")
    ]


async def test_a_broken_region_is_found_and_ends_the_examination(
    healthy: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "region"
    shutil.copytree(REGION, folder)
    (folder / "region.toml").write_text("id = ")
    settings = healthy.model_copy(update={"region": str(folder)})
    assert await wrong(settings) == [said(settings, "cli.doctor-region")]


async def test_a_missing_token_is_found(healthy: Settings) -> None:
    await fill(healthy)
    settings = healthy.model_copy(update={"telegram": TelegramSettings()})
    assert await wrong(settings) == [said(settings, "cli.no-token")]


async def test_a_wrong_token_is_found(healthy: Settings, telegram: Telegram) -> None:
    await fill(healthy)
    del telegram.answers["getMe"]
    [what] = await wrong(healthy)
    assert what == said(healthy, "cli.doctor-token-wrong", error="TelegramUnauthorizedError")


async def test_telegram_out_of_reach_is_found(healthy: Settings) -> None:
    await fill(healthy)
    nowhere = TelegramSettings.model_validate({"token": TOKEN, "api_url": "http://127.0.0.1:1"})
    settings = healthy.model_copy(update={"telegram": nowhere})
    [what] = await wrong(settings)
    assert what == said(settings, "cli.doctor-token-wrong", error="TelegramNetworkError")


async def test_another_webhook_is_found(healthy: Settings, telegram: Telegram) -> None:
    await fill(healthy)
    ours, theirs = "https://bot.example/telegram", "https://old.example/telegram"
    other = said(healthy, "cli.doctor-webhook-other")
    for known, own, expected in ((theirs, None, [other]), ("", ours, [other]), (ours, ours, [])):
        telegram.answers["getWebhookInfo"] = {**WEBHOOK, "url": known}
        reached = reaching(telegram, webhook_url=own, webhook_secret="Geheim_42")
        settings = healthy.model_copy(update={"telegram": reached})
        assert await wrong(settings) == expected, known


async def test_an_error_of_the_webhook_is_found(healthy: Settings, telegram: Telegram) -> None:
    await fill(healthy)
    why = "Wrong response from the webhook: 503 Service Unavailable"
    telegram.answers["getWebhookInfo"] = {
        **WEBHOOK,
        "last_error_message": why,
        "last_error_date": 1,
    }
    assert await wrong(healthy) == [said(healthy, "cli.doctor-webhook-error", error=why)]


async def test_a_missing_channel_is_found(healthy: Settings, telegram: Telegram) -> None:
    await fill(healthy)
    del telegram.answers["getChat"]
    assert await wrong(healthy) == [
        said(healthy, "cli.doctor-no-channel", username="test_channel")
    ]


async def test_a_wrong_clock_is_found(healthy: Settings, telegram: Telegram) -> None:
    await fill(healthy)
    expected = {said(healthy, "cli.doctor-clock-wrong", seconds=n) for n in (59, 60, 61)}
    for seconds in (60, -60):
        telegram.clock_is_off = seconds
        [found] = await wrong(healthy)
        assert found in expected
    telegram.clock_is_off = 3
    assert await wrong(healthy) == []


def test_the_exit_code_says_whether_something_is_to_be_done(run: Run, texts: Texts) -> None:
    run("migrate")
    result = run("doctor")
    assert result.exit_code == 1
    fine, todo = (texts.of("de")(key, what="") for key in ("cli.doctor-ok", "cli.doctor-wrong"))
    lines = result.output.splitlines()
    assert [line.startswith(str(fine)) for line in lines] == [True, True, False, False, False]
    assert [line.startswith(str(todo)) for line in lines] == [False, False, True, True, True]
    assert "&" not in result.output
