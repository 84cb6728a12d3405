"""The command line as an operator uses it."""

import sqlite3
from pathlib import Path

import pytest

from bot.cli import abibot, features
from services.text import Texts
from tests.terminal.conftest import REGION, Run

TOKEN = "4242:Planted-Token_x"


def schema(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [
            row[0] for row in connection.execute("SELECT sql FROM sqlite_master ORDER BY name")
        ]
    finally:
        connection.close()


def test_migrating_twice_changes_nothing(run: Run, tmp_path: Path, texts: Texts) -> None:
    first = run("migrate")
    before = schema(tmp_path / "bot.db")
    second = run("migrate")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output == second.output == f"{texts.of('de')('cli.migrated')}\n"
    assert schema(tmp_path / "bot.db") == before
    assert any("CREATE TABLE inbox" in (statement or "") for statement in before)


def test_migrating_makes_the_folder(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'deeper' / 'bot.db'}"
    assert run("migrate", ABIBOT_DATABASE_URL=url).exit_code == 0


@pytest.mark.parametrize(
    "url",
    ["postgresql://nobody:Planted@127.0.0.1:1/nothing", f"sqlite:///{__file__}/no-folder/x.db"],
    ids=["no server", "no folder"],
)
def test_a_database_out_of_reach_is_one_clear_line(run: Run, url: str) -> None:
    result = run("migrate", ABIBOT_DATABASE_URL=url)
    assert result.exit_code == 1
    assert "ABIBOT_DATABASE_URL" in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert "Planted" not in result.output


def test_the_terminal_speaks_the_language_that_is_set(run: Run, texts: Texts) -> None:
    english = f"{texts.of('en')('cli.migrated')}\n"
    assert run("migrate", ABIBOT_LANGUAGE="en").output == english


def test_running_without_a_token_says_where_to_get_one(run: Run) -> None:
    result = run("run")
    assert result.exit_code == 1
    assert "ABIBOT_TELEGRAM_TOKEN" in result.output
    assert "@BotFather" in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_help_lists_every_command_and_needs_no_settings(run: Run) -> None:
    result = run("--help", ABIBOT_REGION="nirgendwo")
    assert result.exit_code == 0
    for name in ("run", "migrate", "doctor", "demo", *features()):
        assert f"  {name} " in result.output


def test_a_feature_s_command_has_the_feature_s_name_or_one_of_its_own(run: Run) -> None:
    offered = features()
    assert offered["codecs"] == "codecs"
    assert offered["assign"] == "assignment"
    assert "assignment" not in offered
    for name in offered:
        command = abibot.get_command(None, name)  # type: ignore[arg-type]
        assert command
        assert command.name == name


def test_an_unknown_command_is_refused(run: Run) -> None:
    assert run("dance").exit_code == 2


def test_no_command_prints_the_token(run: Run) -> None:
    run("migrate")
    for arguments in (["migrate"], ["catalogue", "check", REGION], ["doctor", "--help"]):
        assert "Planted" not in run(*arguments, ABIBOT_TELEGRAM_TOKEN=TOKEN).output


def test_from_nothing_to_the_first_answer(run: Run) -> None:
    assert run("migrate").exit_code == 0
    assert run("catalogue", "import", REGION).exit_code == 0
    result = run("ask", "Wohnsitz ummelden in Köthen")
    assert result.exit_code == 0, result.output
    assert "Wohnsitz an- oder ummelden" in result.output
    assert "<b>" not in result.output


@pytest.mark.parametrize(
    "command", [("ask", "Hund anmelden"), ("staff", "invite", "admin", "Platz 1")]
)
def test_a_database_without_a_schema_is_one_clear_line(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code == 1
    assert "abibot doctor" in result.output
    assert "Traceback" not in result.output
    assert len(result.output.splitlines()) == 1


def test_a_broken_region_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    result = run("ask", "Hund anmelden", ABIBOT_REGION=str(tmp_path))
    assert result.exit_code == 1
    assert "abibot catalogue check" in result.output
    assert len(result.output.splitlines()) == 1
