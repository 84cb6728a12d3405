"""`abibot codecs`: a vendor's file is tried out on this machine."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.settings import DatabaseSettings, Settings
from bot.terminal import BotTerminal
from handlers.codecs.cli import command
from tests.codecs.kit import BARE, CODEC, DIGEST, EXAMPLES
from tests.conftest import ROOT

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, empty_sqlite: Path, clean_environment: None) -> Run:
    shutil.copy(empty_sqlite, tmp_path / "cli.db")

    def codecs(*arguments: object, database: str = "cli.db") -> Result:
        settings = Settings(
            _env_file=None,
            region=str(ROOT / "tests" / "region_folder"),
            database=DatabaseSettings(url=f"sqlite:///{tmp_path / database}"),
        )
        return CliRunner().invoke(
            command, [str(one) for one in arguments], obj=BotTerminal(settings)
        )

    return codecs


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, object], Path]:
    def put(name: str, content: object) -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return put


def test_a_good_one(run: Run, write: Callable[[str, object], Path]) -> None:
    result = run("check", write("x.js", CODEC), database="there/is/none.db")
    assert result.exit_code == 0, result.output
    assert "2 von 2" in result.output
    assert DIGEST in result.output


def test_examples_of_their_own(run: Run, write: Callable[[str, object], Path]) -> None:
    result = run("check", write("x.js", BARE), "--examples", write("e.json", EXAMPLES))
    assert (result.exit_code, "1 von 1" in result.output) == (0, True), result.output


def test_what_is_wrong_is_named(run: Run, write: Callable[[str, object], Path]) -> None:
    result = run("check", write("x.js", CODEC.replace("/ 1000", "/ 100")))
    assert result.exit_code == 1
    assert "data.level" in result.output
    assert "0 von 2" in result.output
    result = run("check", write("x.js", BARE))
    assert result.exit_code == 1
    assert "Beispiele" in result.output


def test_added_and_listed(run: Run, write: Callable[[str, object], Path]) -> None:
    file = write("x.js", CODEC)
    assert run("add", "mulde", file).exit_code == 0
    assert "mulde" in run("list").output
    again = run("add", "mulde", file)
    assert again.exit_code == 1
    assert "schon als Codec 1" in again.output
    assert run("add", "kein Name", file).exit_code == 1
