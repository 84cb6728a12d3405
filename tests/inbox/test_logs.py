"""The log of a bad day: it says what went wrong, and nothing about anybody."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramServerError
from aiogram.methods import SendMessage
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import configure
from bot.settings import LogSettings
from services.chats.model import Chat
from services.outbox.model import Lane
from tests.county import County
from tests.rigging import group_message, teach

ERIKA, GROUP = 7310099881, -1007310099883
SECRETS = ("7310099881", "7310099883", "Planted", "planted", "Geheimnis", "geheimnis")
CALL = SendMessage(chat_id=ERIKA, text="Geheimnis")


@pytest.fixture
def real_logs() -> Iterator[None]:
    """Log as the running bot does; afterwards as before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("real_logs")
@pytest.mark.parametrize("style", ["console", "json"])
async def test_the_log_of_a_bad_day_names_nobody(
    county: County,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    style: Any,
) -> None:
    configure(LogSettings(level="debug", format=style))
    await a_bad_day(county)
    out, err = capsys.readouterr()
    written = out + err + caplog.text
    for event in ("update failed", "message refused", "message not rendered"):
        assert event in written
    assert not [secret for secret in SECRETS if secret in written]


async def a_bad_day(county: County) -> None:
    """A failing handler, a refused message, a blocked user, a text without its parameters."""

    async def boom(message: Any, chat: Chat) -> None:
        words = f"Geheimnis of {message.from_user} in {chat.telegram_id}: {message.text}"
        raise RuntimeError(words)

    teach(county, Geheimnis=boom)
    erika = county.citizen(ERIKA)
    for _ in range(3):
        await erika.says("Geheimnis")
        county.clock.forward(seconds=20)
        await county.settle()
    await county.receives(
        {"update_id": 1, "message": {"from": {"id": ERIKA}, "text": "Geheimnis"}},
        {"update_id": 2, **group_message(county, GROUP, ERIKA, text="/hilfe Geheimnis")},
    )
    for _ in range(6):
        await county.settle()
        county.clock.forward(seconds=20)
    county.telegram.refusals[ERIKA] = [
        TelegramBadRequest(CALL, 'Bad Request: unsupported start tag "Geheimnis" at offset 7'),
        TelegramBadRequest(CALL, "Bad Request: button URL 'http://geheimnis' is invalid"),
        TelegramServerError(CALL, "Internal Server Error: Geheimnis"),
        TelegramForbiddenError(CALL, "Forbidden: bot was blocked by the user"),
    ]
    for _ in range(4):
        await erika.says("/hilfe")
    async with county.application.transaction() as services:
        chat = await services.chats.meet(ERIKA, "private", "de")
        await services.outbox.tell(
            chat.id, "golive.link-failed", dedup_key="x", lane=Lane.NOTICE, url="Geheimnis"
        )
    await county.settle()
    await erika.blocks()
    county.clock.forward(minutes=10)
    await county.settle()


@pytest.mark.usefixtures("real_logs")
def test_libraries_write_only_errors(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers[:] = []
    configure(LogSettings(level="debug"))
    logging.getLogger("aiohttp.client").warning("GET /bot42:TOKEN/getMe")
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    logging.getLogger("aiohttp.server").error("an error")
    assert capsys.readouterr().err.strip().endswith("an error")


@pytest.mark.usefixtures("real_logs")
@pytest.mark.parametrize(
    ("level", "seen"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]
)
def test_the_level_is_kept(capsys: pytest.CaptureFixture[str], level: Any, seen: int) -> None:
    configure(LogSettings(level=level, format="json"))
    log = structlog.get_logger()
    for write in (log.debug, log.info, log.warning, log.error):
        write("event")
    assert len(capsys.readouterr().err.splitlines()) == seen


async def test_a_database_s_error_does_not_quote_what_was_to_be_stored(
    county: County,
) -> None:
    engine = county.application.database.engine

    async def fails() -> None:
        async with engine.begin() as connection:
            await connection.execute(
                sql("INSERT INTO nowhere VALUES (:person, :words)"),
                {"person": ERIKA, "words": "Geheimnis"},
            )

    with pytest.raises(SQLAlchemyError, match="INSERT") as caught:
        await fails()
    assert not [secret for secret in SECRETS if secret in str(caught.value)]
