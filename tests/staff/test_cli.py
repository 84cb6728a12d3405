"""The operator's terminal gives out the first code."""

import asyncio

import pytest
from click.testing import CliRunner, Result

from bot.application import open_application
from bot.settings import Settings
from bot.terminal import BotTerminal
from handlers.staff.cli import command
from services.staff.rules import Grant
from services.staff.service import BadCodeError


@pytest.fixture
def terminal(settings: Settings) -> BotTerminal:
    return BotTerminal(settings)


def run(terminal: BotTerminal, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=terminal)


async def enrols(terminal: BotTerminal, code: str) -> Grant:
    application = open_application(terminal.settings, terminal.region)
    try:
        async with application.transaction() as house:
            chat = await house.chats.meet(2001, "private", "de")
            return await house.staff.enrol(chat.id, code)
    finally:
        await application.close()


@pytest.mark.parametrize(("town", "area"), [((), "15082"), (("--town", "Zerbst"), "150820430430")])
def test_the_printed_code_gives_the_role(
    terminal: BotTerminal, town: tuple[str, ...], area: str
) -> None:
    result = run(terminal, "invite", "editor", "Platz 1", *town)
    assert result.exit_code == 0, result.output
    [code] = {word for word in result.output.split() if len(word) == 12 and word.isupper()}
    grant = asyncio.run(enrols(terminal, code))
    assert (grant.role, grant.area) == ("editor", area)
    with pytest.raises(BadCodeError):
        asyncio.run(enrols(terminal, code))


def test_a_long_label_is_cut(terminal: BotTerminal) -> None:
    assert run(terminal, "invite", "editor", "x" * 1000).exit_code == 0


def test_what_is_wrong_is_named(terminal: BotTerminal) -> None:
    for arguments, says in (
        (("invite", "kaiser", "Platz 1"), "kaiser"),
        (("invite", "admin"), "LABEL"),
        (("invite", "admin", "Platz 1", "--town", "Entenhausen"), "Entenhausen"),
        (("invite", "admin", "Platz 1", "--town", "Steutz"), "Steutz"),
    ):
        result = run(terminal, *arguments)
        assert result.exit_code != 0
        assert says in result.output
