"""Fixtures of the simulator's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.simulator.telegram import Endpoint, LocalTelegram, local_telegram, webhook_endpoint


@pytest.fixture
async def telegram(socket_enabled: None) -> AsyncIterator[LocalTelegram]:
    """A fresh world in which nobody has written yet."""
    async with local_telegram() as telegram:
        yield telegram


@pytest.fixture
async def endpoint(socket_enabled: None) -> AsyncIterator[Endpoint]:
    """A webhook endpoint of a bot."""
    async with webhook_endpoint() as endpoint:
        yield endpoint
