"""A terminal of its own: no setting of this machine, a database in a folder that goes away."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot import settings as module
from bot.cli import abibot
from tests.conftest import POSTGRESQL

REGION = str(Path(__file__).resolve().parent.parent / "region_folder")
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable and no .env file of the developer's own machine."""
    for name in list(os.environ):  # noqa: TID251 - tests have no settings
        if name.upper().startswith("ABIBOT_") and name != POSTGRESQL:
            monkeypatch.delenv(name)
    for one in (module.Settings, module._Language):  # noqa: SLF001 - reads the same file
        monkeypatch.setitem(one.model_config, "env_file", None)


@pytest.fixture
def quiet_afterwards() -> Iterator[None]:
    """Commands set up logging for the whole process; put it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quiet_afterwards: None) -> Run:
    """Return `run("doctor", ABIBOT_LANGUAGE="en")`: output and exit code of a command."""

    def run(*arguments: str, **variables: str) -> Result:
        given = {
            "ABIBOT_REGION": REGION,
            "ABIBOT_NLU_ENCODERS": "none",
            "ABIBOT_DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
            **variables,
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(abibot, arguments)

    return run
