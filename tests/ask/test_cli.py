"""`abibot ask "…"`: the answer of the bot, printed, and nothing remembered."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.settings import DatabaseSettings, Settings
from bot.terminal import BotTerminal
from handlers.ask.cli import command
from handlers.catalogue.cli import command as catalogue
from handlers.understanding import Options
from tests.clear_words import ClearWords
from tests.conftest import ROOT

Ask = Callable[..., Result]
REGION = ROOT / "tests" / "region_folder"


class PlainTerminal(BotTerminal):
    """Understands by plain rules."""

    @property
    def understanding(self) -> Options:
        return Options(make=ClearWords)


def terminal(database: Path, language: str = "de") -> BotTerminal:
    return PlainTerminal(
        Settings(
            _env_file=None,
            region=str(REGION),
            language=language,
            database=DatabaseSettings(url=f"sqlite:///{database}"),
        )
    )


@pytest.fixture(scope="module")
def filled(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the catalogue of the test county."""
    path = tmp_path_factory.mktemp("asking") / "filled.db"
    shutil.copy(empty_sqlite, path)
    result = CliRunner().invoke(catalogue, ["import", str(REGION)], obj=terminal(path))
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def ask(filled: Path, clean_environment: None) -> Ask:
    def asks(*arguments: str, language: str = "de") -> Result:
        return CliRunner().invoke(command, arguments, obj=terminal(filled, language))

    return asks


def test_the_card_is_printed_without_markup_and_with_its_buttons(ask: Ask) -> None:
    result = ask("Ich bin nach Köthen gezogen, was muss ich tun?")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Wohnsitz an- oder ummelden"
    assert "Zuständig: Einwohnermeldeamt Köthen (bitte vorab prüfen)" in lines
    assert "[Unterlagen] [Kosten und Fristen]" in lines
    assert not any(mark in result.output for mark in ("<b>", "&amp;", "&#"))


def test_the_town_may_be_given(ask: Ask) -> None:
    for town in ("Zerbst", "39261", "39261 Zerbst"):
        assert "Einwohnermeldeamt Zerbst" in ask("Hund anmelden", "--town", town).output


def test_without_a_town_the_answer_asks_back(ask: Ask) -> None:
    for arguments in (("Hund anmelden",), ("Hund anmelden", "--town", "06369")):
        output = ask(*arguments).output
        assert "In welcher Gemeinde?" in output
        assert "[Köthen (Anhalt)] [Zerbst/Anhalt]" in output


def test_a_town_the_county_does_not_have_is_a_mistake(ask: Ask) -> None:
    result = ask("Hund anmelden", "--town", "Berlin")
    assert result.exit_code == 1
    assert "„Berlin“ gehört nicht zu dieser Region" in result.output


def test_what_nobody_knows_is_said_with_the_hotline(ask: Ask) -> None:
    for question in ("Wie wird das Wetter", "<b>&", "🙂", "x" * 10_000):
        result = ask(question)
        assert result.exit_code == 0
        assert "115" in result.output


def test_an_empty_question_is_asked_what_it_wants(ask: Ask) -> None:
    assert "Was möchten Sie erledigen?" in ask("").output


def test_the_language_of_the_settings_is_spoken(ask: Ask) -> None:
    output = ask("register a dog", "--town", "Zerbst", language="en").output
    assert output.startswith("Register a dog\n")
    assert "Zuständig" not in output


def test_asking_leaves_no_trace(ask: Ask, filled: Path) -> None:
    ask("Hund anmelden", "--town", "Zerbst")
    with sqlite3.connect(filled) as database:
        names = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        counts = {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in names
        }
    database.close()
    written = {name for name, count in counts.items() if count}
    assert written <= {
        "alembic_version",
        "catalogue_revision",
        "catalogue_source",
        "office",
        "online_fact",
        "service",
    }
