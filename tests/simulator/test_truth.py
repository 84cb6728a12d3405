"""The truth proof: one script of hundreds of calls, by two libraries and four ways of HTTP."""

from typing import Any

import pytest

from tests.simulator.telegram import LocalTelegram, local_telegram
from tests.simulator.test_clients import LEGACY, NEW, aiogram_client, ptb_client
from tests.simulator.truth_clients import Aiogram, PlainHttp, PythonTelegramBot
from tests.simulator.truth_script import Script

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

FEWEST_CALLS = 300
FEWEST_NEWEST_CALLS = 40

OLD_ORIGIN = {"forward_from", "forward_date"}
"""What stood for forward_origin; the real server still sends it."""

Seen = list[tuple[str, Any]]


async def by_http(telegram: LocalTelegram, way: str) -> Seen:
    return await Script(telegram, PlainHttp(telegram.http, telegram.api, way)).run()


def without_old_fields(value: Any) -> Any:
    """Leave out what python-telegram-bot reads but no longer shows."""
    if isinstance(value, dict):
        kept = value.keys() - {"correct_option_id"}
        return {name: without_old_fields(value[name]) for name in kept}
    if isinstance(value, list | tuple):
        return [without_old_fields(one) for one in value]
    return value


def differences(one: Seen, other: Seen) -> list[Any]:
    pairs = zip(without_old_fields(one), without_old_fields(other), strict=True)
    return [(left, right) for left, right in pairs if left != right]


# python-telegram-bot complains of what the real server still sends and of its own past.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_all_clients_see_the_same(socket_enabled: None) -> None:
    async with local_telegram() as telegram:
        expected = await by_http(telegram, "json")
    assert len(expected) >= FEWEST_CALLS
    async with local_telegram() as telegram, aiogram_client(telegram.address) as client:
        seen = await Script(telegram, Aiogram(client.bot)).run()
        assert differences(expected, seen) == []
    async with local_telegram() as telegram, ptb_client(telegram.address) as other:
        library = PythonTelegramBot(other.bot)
        assert differences(expected, await Script(telegram, library).run()) == []
        assert library.leftovers <= LEGACY | NEW | OLD_ORIGIN
    for way in ("form", "multipart", "get"):
        async with local_telegram() as telegram:
            assert differences(expected, await by_http(telegram, way)) == []


async def test_aiogram_and_plain_http_see_the_same_of_what_is_newest(socket_enabled: None) -> None:
    async with local_telegram() as telegram:
        client = PlainHttp(telegram.http, telegram.api, "json")
        expected = await Script(telegram, client).run_newest()
    assert len(expected) >= FEWEST_NEWEST_CALLS
    async with local_telegram() as telegram, aiogram_client(telegram.address) as client:
        seen = await Script(telegram, Aiogram(client.bot)).run_newest()
        assert differences(expected, seen) == []
    for way in ("form", "multipart", "get"):
        async with local_telegram() as telegram:
            client = PlainHttp(telegram.http, telegram.api, way)
            assert differences(expected, await Script(telegram, client).run_newest()) == []
