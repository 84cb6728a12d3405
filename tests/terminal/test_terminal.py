"""What commands work with: a transaction that commits, and a rehearsal that leaves no trace."""

import pytest

from bot.settings import Settings
from bot.terminal import BotTerminal
from tests.rigging import rows_of


@pytest.fixture
def terminal(settings: Settings, application: object) -> BotTerminal:
    return BotTerminal(settings)


async def test_a_transaction_commits(terminal: BotTerminal, application) -> None:
    async with terminal.transaction() as services:
        await services.chats.meet(7, "private", "de")
    assert len(await rows_of(application, "chat")) == 1


async def test_a_transaction_that_fails_leaves_nothing(terminal: BotTerminal, application) -> None:
    async def fails() -> None:
        async with terminal.transaction() as services:
            await services.chats.meet(7, "private", "de")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    assert await rows_of(application, "chat") == []


async def test_a_rehearsal_is_undone(terminal: BotTerminal, application) -> None:
    async with terminal.rehearsal() as (services, given):
        await services.chats.meet(7, "private", "de")
        assert await services.chats.find(7)
        assert given["region"] is terminal.region
    assert await rows_of(application, "chat") == []


def test_texts_are_in_the_language_that_is_set(settings: Settings) -> None:
    german = BotTerminal(settings)
    english = BotTerminal(settings.model_copy(update={"language": "en"}))
    assert german.text.language == "de"
    assert english.text.language == "en"
    assert german.text("cli.migrated") != english.text("cli.migrated")
