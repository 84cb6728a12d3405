"""`abibot nlu export-taught`: what was released, ready for the files of examples."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from sqlalchemy import insert

from bot.cli import abibot
from bot.settings import DatabaseSettings
from services.db import open_database
from services.learning.model import AskedQuestion, State
from tests.conftest import ROOT
from tests.learning.classroom import DOG

Run = Callable[[], Result]
ROWS = (
    (DOG, "de", "wo melde ich … an: „vierbeiner“", State.RELEASED),
    (DOG, "de", "- hund # steuer", State.RELEASED),
    (DOG, "uk", "де зареєструвати собаку", State.RELEASED),
    ("faq:opening-hours", "de", "yes", State.RELEASED),
    (DOG, "de", "noch offen", State.OPEN),
    (DOG, "de", "verworfen", State.REJECTED),
)


@pytest.fixture
def run(
    tmp_path: Path,
    empty_sqlite: Path,
    monkeypatch: pytest.MonkeyPatch,
    clean_environment: None,
) -> Run:
    path = tmp_path / "cli.db"
    shutil.copy(empty_sqlite, path)
    url = f"sqlite:///{path}"
    monkeypatch.setenv("ABIBOT_DATABASE_URL", url)
    monkeypatch.setenv("ABIBOT_REGION", str(ROOT / "tests" / "region_folder"))
    asyncio.run(_fill(url))
    return lambda: CliRunner().invoke(abibot, ["nlu", "export-taught"])


async def _fill(url: str) -> None:
    database = open_database(DatabaseSettings(url=url).url)
    rows = [
        {
            "entry_id": entry,
            "language": language,
            "text": text,
            "state": state,
            "decision": "refuse",
            "signal": "unanswered",
            "count": 1,
            "created_at": date(2026, 11, 20),
        }
        for entry, language, text, state in ROWS
    ]
    async with database.write.begin() as session:
        await session.execute(insert(AskedQuestion), rows)
    await database.close()


def test_released_examples_are_written_as_the_files_of_examples_are(run: Run) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert result.output.startswith("# ")
    assert yaml.safe_load(result.output) == {
        DOG: {
            "de": ["wo melde ich … an: „vierbeiner“", "- hund # steuer"],
            "uk": ["де зареєструвати собаку"],
        },
        "faq:opening-hours": {"de": ["yes"]},
    }
    assert "  uk: [де зареєструвати собаку]" in result.output
