"""`abibot uplinks`: the operator sees how the sources stand, and what is wrong with their file."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.application import open_application
from bot.cli import Commands
from bot.migrate import migrate
from bot.settings import LorawanSettings, Settings
from bot.terminal import BotTerminal
from handlers.uplinks.cli import command
from lorawan.events import Form
from services.uplinks.rules import MAX_ATTEMPTS
from services.uplinks.service import Incoming


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file of its own: the commands see whatever is in a database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/uplinks.db"
    migrate(url)
    return url


@pytest.fixture
def terminal(settings: Settings, tmp_path: Path) -> BotTerminal:
    (tmp_path / "token").write_text("0123456789abcdef\n", encoding="utf-8")
    file = tmp_path / "sources.toml"
    file.write_text('[tts]\ntoken_file = "token"\n[chirpstack]\ntoken_file = "token"\n')
    lorawan = LorawanSettings(sources=file)
    return BotTerminal(settings.model_copy(update={"lorawan": lorawan}))


def run(terminal: BotTerminal, *arguments: str) -> Result:
    group = Commands(commands={"uplinks": command})
    return CliRunner().invoke(group, ["uplinks", *arguments], obj=terminal)


def receive(terminal: BotTerminal, *sources: str) -> None:
    """Let one message of each source arrive; work off nothing of the first, fail the others."""

    async def work() -> None:
        application = open_application(terminal.settings, terminal.region)
        try:
            async with application.transaction() as services:
                uplinks = services.uplinks
                await uplinks.put([Incoming(one, "up", Form.JSON, b"{}") for one in sources])
                _, *rest = await uplinks.waiting(10)
                await uplinks.finish([], {rest[0].id: "no-device"})
                for tried in range(MAX_ATTEMPTS):
                    await uplinks.failed(rest[1].id, "crashed", tried=tried)
        finally:
            await application.close()

    asyncio.run(work())


def figures(line: str) -> Sequence[int]:
    return [int(word) for word in line.replace(":", " ").split() if word.isdecimal()][-4:]


def test_sources_are_listed_also_those_that_were_never_heard(terminal: BotTerminal) -> None:
    result = run(terminal)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines] == ["chirpstack", "tts"]
    never = terminal.text("uplinks.never").unescape()
    assert all(never in line and figures(line) == [0, 0, 0, 0] for line in lines)


def test_what_waits_is_odd_or_was_set_aside_is_counted_and_tried_again(
    terminal: BotTerminal,
) -> None:
    receive(terminal, "chirpstack", "gone", "tts")
    output = run(terminal).output
    lines = {line.split()[0]: figures(line) for line in output.splitlines() if line[0] != " "}
    assert lines == {"chirpstack": [1, 1, 0, 0], "gone": [1, 0, 1, 0], "tts": [1, 0, 0, 1]}
    assert output.count(terminal.text("uplinks.listed-unknown").unescape()) == 1
    assert str(1) in run(terminal, "retry", "all").output
    assert str(1) in run(terminal, "retry", "gone", "--odd").output
    assert str(0) in run(terminal, "retry", "all", "--odd").output


def test_without_sources_it_says_where_they_are_configured(settings: Settings) -> None:
    result = run(BotTerminal(settings))
    assert "ABIBOT_LORAWAN_SOURCES" in result.output


def test_a_wrong_file_is_told_with_line_source_and_key(terminal: BotTerminal) -> None:
    file = terminal.settings.lorawan.sources
    assert file is not None
    file.write_text('[tts]\nlabel = "TTS"\ntoken = "planted-secret"\n', encoding="utf-8")
    result = run(terminal)
    assert result.exit_code == 1
    assert "sources.toml" in result.output
    assert "tts" in result.output
    assert "token_file" in result.output
    assert "planted" not in result.output
