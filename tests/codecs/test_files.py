"""Files are fetched from a real server that speaks Telegram's Bot API."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.files import TelegramFiles
from handlers.schedule import FileProblemError
from tests.codecs.kit import CODEC
from tests.simulator.telegram import ERIKA, TOKEN, LocalTelegram, local_telegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with local_telegram() as telegram:
        await telegram.starts(ERIKA)
        yield telegram


def bot_at(address: str) -> Bot:
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(address)))


async def sent(telegram: LocalTelegram, content: bytes) -> str:
    answer = await telegram.upload("sendDocument", "document", content, "x.js", chat_id=ERIKA)
    file_id: str = answer["result"]["document"]["file_id"]
    return file_id


@pytest.mark.parametrize("content", [CODEC.encode(), b"x", bytes(range(256)) * 1000])
async def test_a_file_comes_as_it_was_sent(telegram: LocalTelegram, content: bytes) -> None:
    async with bot_at(telegram.address) as bot:
        file_id = await sent(telegram, content)
        assert await TelegramFiles(bot).fetch(file_id, 256_000) == content


async def test_a_file_that_is_too_large(telegram: LocalTelegram) -> None:
    async with bot_at(telegram.address) as bot:
        file_id = await sent(telegram, b"x" * 1001)
        with pytest.raises(FileProblemError, match="too-large") as caught:
            await TelegramFiles(bot).fetch(file_id, 1000)
        assert caught.value.final


async def test_a_file_nobody_sent(telegram: LocalTelegram) -> None:
    async with bot_at(telegram.address) as bot:
        with pytest.raises(FileProblemError, match="gone") as caught:
            await TelegramFiles(bot).fetch("unknown", 1000)
        assert caught.value.final


async def test_a_server_that_is_away_may_come_back() -> None:
    async with bot_at("http://127.0.0.1:9") as bot:
        with pytest.raises(FileProblemError, match="no-answer") as caught:
            await TelegramFiles(bot).fetch("x", 1000)
        assert not caught.value.final
        assert TOKEN not in repr(caught.value)
        assert caught.value.__cause__ is None
