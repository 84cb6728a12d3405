"""A failed call is told apart: arrived, surely not, or nobody knows."""

import asyncio
import socket

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiohttp import (
    ClientConnectorDNSError,
    ClientOSError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from aiohttp.client_reqrep import ConnectionKey

from bot.refusals import Fate, fate, reason

CALL = SendMessage(chat_id=1, text="Geheim")
KEY = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)


def broken(cause: Exception) -> TelegramNetworkError:
    error = TelegramNetworkError(CALL, f"{type(cause).__name__}: {cause}")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TelegramRetryAfter(CALL, "Flood", 3), Fate.TOO_MANY),
        (TelegramUnauthorizedError(CALL, "Unauthorized"), Fate.TOKEN_REFUSED),
        (TelegramMigrateToChat(CALL, "upgraded", -100), Fate.MOVED),
        (TelegramForbiddenError(CALL, "Forbidden: bot was blocked by the user"), Fate.GONE),
        (TelegramServerError(CALL, "Bad Gateway"), Fate.LATER),
        (TelegramBadRequest(CALL, "Bad Request: chat not found"), Fate.REFUSED),
        (TelegramBadRequest(CALL, "Bad Request: query is too old"), Fate.REFUSED),
        (TelegramBadRequest(CALL, "Bad Request: message is not modified: x"), Fate.ARRIVED),
        (TelegramNotFound(CALL, "Not Found"), Fate.REFUSED),
        (TelegramConflictError(CALL, "Conflict"), Fate.REFUSED),
        (TelegramEntityTooLarge(CALL, "Request Entity Too Large"), Fate.REFUSED),
        (broken(ClientConnectorDNSError(KEY, OSError("no name"))), Fate.UNREACHABLE),
        (broken(ConnectionTimeoutError("no connection")), Fate.UNREACHABLE),
        (broken(ServerDisconnectedError()), Fate.UNCLEAR),
        (broken(SocketTimeoutError()), Fate.UNCLEAR),
        (broken(ClientOSError(104, "reset")), Fate.UNCLEAR),
        (broken(TimeoutError()), Fate.UNCLEAR),
        (TimeoutError(), Fate.UNCLEAR),
        (ClientDecodeError("?", ValueError("?"), "<html>"), Fate.UNCLEAR),
        (RuntimeError("?"), Fate.UNCLEAR),
    ],
)
def test_every_error_has_its_fate(error: Exception, expected: Fate) -> None:
    assert fate(error) is expected


def test_a_reason_names_no_words_of_a_message_and_no_address() -> None:
    quoting = TelegramBadRequest(CALL, 'Bad Request: can\'t parse "Geheim" at offset 3')
    assert "Geheim" not in reason(quoting)
    assert reason(broken(ServerDisconnectedError())) == "ServerDisconnectedError"
    assert reason(ClientDecodeError("?", ValueError("?"), "Geheim")) == "ClientDecodeError"


@pytest.fixture
def unused_port(socket_enabled: None) -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def refused(bot: Bot) -> Exception:
    with pytest.raises(TelegramNetworkError) as caught:
        await bot(CALL)
    return caught.value


@pytest.mark.network
@pytest.mark.enable_socket
async def test_aiogram_tells_us_enough_over_a_real_connection(unused_port: int) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    session = AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{unused_port}"))
    bot = Bot("42:TEST", session=session)
    try:
        assert fate(await refused(bot)) is Fate.UNREACHABLE
        server = await asyncio.start_server(hang_up, "127.0.0.1", unused_port)
        async with server:
            assert fate(await refused(bot)) is Fate.UNCLEAR
    finally:
        await session.close()
