"""What machines ask: alive, ready, figures; and nothing about anybody in the answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text as sql

from bot.application import Application
from bot.duties import Duties, Standing
from bot.health import Health
from bot.intake import webhook
from bot.leadership import Alone
from bot.settings import WebSettings
from bot.start import StartError
from bot.web import serving
from services.outbox.model import Lane
from tests.county import County
from tests.inbox.test_webhook import SECRET, Telegram, update

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
Client = TestClient[Any, Any]


@pytest.fixture
def health(application: Application) -> Health:
    stopping = asyncio.Event()
    return Health(application.work, Duties(Alone(), application.work.metrics, stopping))


@pytest.fixture
async def client(health: Health) -> AsyncIterator[Client]:
    page = web.Application()
    page.router.add_routes(health.routes())
    async with TestClient(TestServer(page)) as client:
        yield client


async def readiness(client: Client) -> tuple[int, dict[str, Any]]:
    async with client.get("/readyz") as response:
        return response.status, await response.json()


async def test_a_process_whose_loop_answers_lives(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200


async def test_how_well_questions_are_understood_is_said(
    client: Client, health: Health, county: County
) -> None:
    async with client.get("/healthz") as response:
        assert "understanding" not in await response.json(), "another process understands"
    health.understanders = county.worker.ahead.understanders
    await county.citizen().says("Planted Hund")
    async with client.get("/healthz") as response:
        found = await response.json()
    assert found.pop("lives") is True
    assert found["understanding"].pop("entries") > 0
    assert found == {"understanding": {"encoders": [], "state": "words", "waiting": 0}}
    async with client.get("/metrics") as response:
        figures = await response.text()
    assert 'abibot_questions_total{decision="choose"} 1.0' in figures
    assert "abibot_understanding_seconds_count 1.0" in figures
    assert "abibot_questions_waiting 0.0" in figures
    assert "Planted" not in figures


async def test_ready_is_who_works_or_stands_by(client: Client, health: Health) -> None:
    health.duties.standing |= {"worker": Standing.RUNNING, "delivery": Standing.STANDING_BY}
    status, found = await readiness(client)
    assert status == 200
    assert found["ready"]
    assert found["roles"] == {"worker": "running", "delivery": "standing by"}


@pytest.mark.parametrize("standing", [Standing.FAILED, Standing.STARTING])
async def test_a_role_that_does_not_run_is_named(
    client: Client, health: Health, standing: Standing
) -> None:
    health.duties.standing |= {"worker": Standing.RUNNING, "delivery": standing}
    status, found = await readiness(client)
    assert status == 503
    assert found["roles"]["delivery"] == standing


async def test_whoever_is_stopping_is_not_ready(client: Client, health: Health) -> None:
    health.duties.stopping.set()
    status, found = await readiness(client)
    assert (status, found["stopping"]) == (503, True)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "schema too old"),
        ("UPDATE alembic_version SET version_num = 'of tomorrow'", "schema too new"),
    ],
)
async def test_a_schema_that_does_not_fit_is_named(
    application: Application, client: Client, statement: str, said: str
) -> None:
    engine = application.database.engine
    async with engine.begin() as connection:
        before = await connection.scalar(sql("SELECT version_num FROM alembic_version"))
        await connection.execute(sql(statement))
    try:
        status, found = await readiness(client)
    finally:
        async with engine.begin() as connection:
            await connection.execute(
                sql("UPDATE alembic_version SET version_num = :before"), {"before": before}
            )
    assert (status, found["database"]) == (503, said)


async def test_a_database_that_is_away_is_named_and_our_own_figures_stay(
    application: Application, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> Any:
        raise OSError

    engine = type(application.database.engine)
    monkeypatch.setattr(engine, "connect", away)
    object.__setattr__(application.database, "read", away)
    status, found = await readiness(client)
    assert (status, found["database"]) == (503, "not reachable")
    async with client.get("/metrics") as response:
        assert response.status == 200
        assert "abibot_handling_seconds" in await response.text()


async def test_the_figures_count_what_waits_and_name_nobody(
    county: County, client: Client, health: Health
) -> None:
    erika = county.citizen(7310099881)
    await erika.says("/hilfe Planted")
    async with county.application.transaction() as services:
        chat = await services.chats.meet(7310099881, "private", "de")
        await services.outbox.tell(chat.id, "x.planted", dedup_key="planted", lane=Lane.ALARM)
    await county.receives(
        {"update_id": 1, "message": {"from": {"id": 7310099881}, "text": "Planted"}}
    )
    county.clock.forward(seconds=90)
    async with client.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    for line in (
        'abibot_inbox_updates{state="new"} 1.0',
        'abibot_inbox_updates{state="failed"} 0.0',
        "abibot_inbox_oldest_seconds 90.0",
        'abibot_outbox_messages{lane="alarm",status="queued"} 1.0',
        'abibot_outbox_messages{lane="notice",status="unknown"} 0.0',
        'abibot_outbox_oldest_due_seconds{lane="alarm"} 90.0',
        "abibot_handling_seconds_count 1.0",
        'abibot_messages_total{lane="conversation",outcome="sent"} 1.0',
    ):
        assert line in lines
    [services] = [line for line in lines if line.startswith("abibot_catalogue_services ")]
    assert float(services.split()[1]) > 0
    assert any(line.startswith("process_resident_memory_bytes") for line in lines)
    text = "\n".join(lines)
    assert "7310099881" not in text
    assert "planted" not in text.lower()


async def test_the_queues_are_counted_at_most_every_five_seconds(
    county: County, client: Client, health: Health
) -> None:
    async def open_updates() -> str:
        text = await (await client.get("/metrics")).text()
        [line] = [one for one in text.splitlines() if 'inbox_updates{state="new"}' in one]
        return line.split()[1]

    assert await open_updates() == "0.0"
    await county.receives({"update_id": 1})
    assert await open_updates() == "0.0"
    health.figures.at -= 6
    assert await open_updates() == "1.0"


async def test_while_stopping_the_webhook_sends_telegram_away_for_a_moment(
    application: Application, health: Health
) -> None:
    stopping = health.duties.stopping
    page = webhook(application.work, SECRET)
    async with (
        serving(page, health, WebSettings(port=0), stopping) as port,
        TestClient(TestServer(web.Application())) as client,
    ):
        post = Telegram(client)
        client.make_url = lambda path: f"http://127.0.0.1:{port}{path}"  # type: ignore[assignment,method-assign,return-value]
        assert (await post.posts(update(1))).status == 200
        stopping.set()
        answer = await post.posts(update(2))
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert (await client.get("/healthz")).status == 200
    metrics = application.work.metrics.text().decode()
    assert "abibot_acknowledgement_seconds_count 1.0" in metrics


async def test_a_port_that_is_taken_is_said(application: Application, health: Health) -> None:
    stopping = health.duties.stopping
    async with serving(web.Application(), health, WebSettings(port=0), stopping) as port:
        again = serving(web.Application(), health, WebSettings(port=port), stopping)
        with pytest.raises(StartError) as raised:
            await again.__aenter__()
    assert raised.value.text_key == "cli.port-taken"
