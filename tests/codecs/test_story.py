"""A vendor's file goes through the real local Telegram: sent, announced, downloaded, checked."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.files import TelegramFiles
from bot.scheduler import JobDesk
from handlers.codecs.jobs import check_uploads
from lorawan.sandbox import Sandbox
from services.staff.rules import Role
from tests.codecs.kit import BARE, CODEC, DIGEST, EXAMPLES, codecs, released
from tests.codecs.test_files import bot_at
from tests.county import County
from tests.rigging import label
from tests.simulator.telegram import JOERG, SABINE, LocalTelegram, local_telegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with local_telegram() as telegram:
        for person in (SABINE, JOERG):
            await telegram.starts(person)
        yield telegram


async def sends(telegram: LocalTelegram, content: str, name: str, caption: str) -> Any:
    """Send a document as Sabine, on the chat page's way; return what the bot gets to know."""
    form = aiohttp.FormData({"caption": caption})
    form.add_field("document", content.encode(), filename=name)
    url = f"{telegram.address}/sim/people/{SABINE}/chats/{SABINE}/send"
    async with telegram.http.post(url, data=form) as response:
        assert response.status == 200, await response.text()
    return await telegram.new_updates()


async def checks(county: County, telegram: LocalTelegram) -> None:
    """Run the job with files from the real server."""
    async with Sandbox() as sandbox, bot_at(telegram.address) as bot:
        files = TelegramFiles(bot)
        await check_uploads(JobDesk(county.application.work, county.links, files, sandbox))
    await county.settle()


async def test_from_the_chat_page_to_the_release(county: County, telegram: LocalTelegram) -> None:
    sabine = await county.staff(SABINE, Role.OPERATOR)
    joerg = await county.staff(JOERG, Role.EDITOR)
    await county.receives(*await sends(telegram, CODEC, "mulde.js", "/codec mulde"))
    await county.settle()
    await checks(county, telegram)
    assert "2 von 2 Beispielen stimmen" in sabine.heard[-1]
    assert DIGEST in joerg.heard[-1]
    await joerg.taps(label(county, "codecs.button-release", number=1))
    assert await released(county) == {1: CODEC}


async def test_examples_as_a_second_document(county: County, telegram: LocalTelegram) -> None:
    sabine = await county.staff(SABINE, Role.OPERATOR)
    await county.receives(*await sends(telegram, BARE, "mulde.js", "/codec mulde"))
    examples = json.dumps(EXAMPLES)
    await county.receives(*await sends(telegram, examples, "b.json", "/codec mulde"))
    await county.settle()
    await checks(county, telegram)
    await checks(county, telegram)
    assert "1 von 1 Beispiel stimmt" in sabine.heard[-1]
    assert len(await codecs(county)) == 1
