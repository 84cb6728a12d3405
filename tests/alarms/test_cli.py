"""`abibot alarms export`: the rules that hold, as the region's file."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.settings import DatabaseSettings, Settings
from bot.terminal import BotTerminal
from handlers.alarms.cli import command
from services.alarms.reading import FILE, RuleBook, read_rules
from services.alarms.records import RuleRecord
from tests.alarms import scene
from tests.conftest import ROOT

RECORD = RuleRecord.model_validate(scene.RULE)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, empty_sqlite: Path, clean_environment: None) -> Run:
    shutil.copy(empty_sqlite, tmp_path / "cli.db")
    settings = Settings(
        _env_file=None,
        region=str(ROOT / "tests" / "region_folder"),
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'cli.db'}"),
    )
    terminal = BotTerminal(settings)

    async def take_in() -> None:
        async with terminal.transaction() as services:
            await services.alarms.take_in(RuleBook({"mulde": RECORD}))

    asyncio.run(take_in())

    def alarms(*arguments: object) -> Result:
        return CliRunner().invoke(command, [str(one) for one in arguments], obj=terminal)

    return alarms


def test_a_file_that_is_read_again_as_the_same_rules(run: Run, tmp_path: Path) -> None:
    file = tmp_path / FILE
    assert run("export", file).exit_code == 0
    assert read_rules(tmp_path).rules == {"mulde": RECORD}
    assert run("export").output == file.read_text(encoding="utf-8")


def test_no_file_is_overwritten_by_accident(run: Run, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("# kept")
    refused = run("export", file)
    assert refused.exit_code == 1
    assert "--force" in refused.output
    assert file.read_text() == "# kept"
    assert run("export", file, "--force").exit_code == 0
    assert "mulde" in file.read_text(encoding="utf-8")
