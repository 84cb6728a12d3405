"""The command line is there at once: what takes seconds is imported by those who need it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = {"aiogram", "sqlalchemy", "alembic", "apscheduler", "aiohttp"}
SECONDS = 0.6
LOOK = """
import json, sys, time
before = time.process_time()
import {module}
seconds = time.process_time() - before
print(json.dumps([seconds, sorted(name for name in sys.modules if "." not in name)]))
"""


def importing(module: str) -> tuple[float, set[str]]:
    """Return the processor's seconds an import takes by itself, and what came along."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", LOOK.format(module=module)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    seconds, names = json.loads(done.stdout)
    return seconds, set(names)


def test_the_command_line_is_there_at_once() -> None:
    attempts = []
    for _ in range(3):  # the machine may be busy with something else
        seconds, names = importing("bot.cli")
        assert not HEAVY & names
        attempts.append(seconds)
        if seconds < SECONDS:
            return
    raise AssertionError(f"importing bot.cli took {attempts} s")


def test_the_features_know_neither_the_bot_nor_each_other_s_frameworks() -> None:
    _, names = importing("services.tables")
    assert not {"aiogram", "aiohttp", "apscheduler", "alembic", "handlers", "bot", "nlu"} & names
    _, names = importing("nlu.understanding")
    assert not {"aiogram", "sqlalchemy", "handlers", "bot", "services"} & names
