"""`abibot inbox`: the operator sees what was set aside and puts it back."""

import asyncio

import pytest
from click.testing import CliRunner, Result

from bot.application import open_application
from bot.settings import Settings
from bot.terminal import BotTerminal
from handlers.inbox.cli import command

ERIKA = 7310099881


@pytest.fixture
def terminal(settings: Settings) -> BotTerminal:
    return BotTerminal(settings)


def run(terminal: BotTerminal, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=terminal)


def set_aside(terminal: BotTerminal, *numbers: int) -> None:
    async def fail() -> None:
        application = open_application(terminal.settings, terminal.region)
        try:
            async with application.transaction() as services:
                message = {"from": {"id": ERIKA}, "text": "Geheimnis"}
                await services.inbox.retry()
                for number in numbers:
                    await services.inbox.put([{"update_id": number, "message": message}])
                    for tried in range(3):
                        await services.inbox.failed(number, tried=tried, number=f"abcde{tried}")
        finally:
            await application.close()

    asyncio.run(fail())


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: object) -> str:
    """A file of its own: the commands see whatever is in a database."""
    from bot.migrate import migrate  # noqa: PLC0415 - only here

    url = f"sqlite+aiosqlite:///{tmp_path}/inbox.db"
    migrate(url)
    return url


def test_nothing_set_aside_is_said(terminal: BotTerminal) -> None:
    result = run(terminal)
    assert result.exit_code == 0
    assert result.output.strip() == terminal.text("inbox.none-set-aside").unescape()


def test_each_is_listed_with_its_number_and_nothing_about_anybody(terminal: BotTerminal) -> None:
    set_aside(terminal, 5, 6)
    lines = run(terminal).output.splitlines()
    assert [line.split()[0] for line in lines] == ["5", "6"]
    assert all(line.endswith("abcde2") for line in lines)
    assert "Geheimnis" not in str(lines)
    assert str(ERIKA) not in str(lines)


def test_one_or_all_are_put_back(terminal: BotTerminal) -> None:
    set_aside(terminal, 5, 6, 7)
    for what, count, left in (("6", 1, ["5", "7"]), ("all", 2, [])):
        result = run(terminal, "retry", what)
        said = terminal.text("inbox.tried-again", count=count).unescape()
        assert (result.exit_code, result.output.strip()) == (0, said)
        listed = [line.split()[0] for line in run(terminal).output.splitlines()]
        assert [one for one in listed if one.isdecimal()] == left


@pytest.mark.parametrize("wrong", ["6", "sechs", "-1"])
def test_what_is_not_there_is_named(terminal: BotTerminal, wrong: str) -> None:
    set_aside(terminal, 5)
    result = run(terminal, "retry", "--", wrong)
    assert result.exit_code != 0
    assert wrong in result.output
