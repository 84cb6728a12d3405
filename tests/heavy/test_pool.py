"""The process for heavy work never outlives the bot."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.heavy_pool import Pool
from tests.heavy.children import variable

ROOT = Path(__file__).resolve().parent.parent.parent
BOT = """
import asyncio, sys
from bot.heavy_pool import Pool
from tests.heavy.children import hang
if __name__ == "__main__":
    asyncio.run(Pool().run(hang, {"mark": sys.argv[1]}))
"""


def alive(process: int) -> bool:
    """Whether it runs; one that is dead and merely not yet buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_killed_bot_takes_its_process_along(tmp_path: Path) -> None:
    script, mark = tmp_path / "small_bot.py", tmp_path / "mark"
    script.write_text(BOT)
    bot = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(script), str(mark)], env={"PYTHONPATH": str(ROOT)}
    )
    until = time.monotonic() + 20
    while not (mark.exists() and mark.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    process = int(mark.read_text())
    assert alive(process)
    bot.kill()
    bot.wait()
    until = time.monotonic() + 5
    while alive(process) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(process)


async def test_libraries_are_told_what_they_need_unless_the_operator_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOME_LIBRARY_SET", "by the operator")
    given = {"SOME_LIBRARY_FOLDER": "ours", "SOME_LIBRARY_SET": "ours"}
    pool = Pool(environment=given)
    try:
        found = [await pool.run(variable, {"name": name}) for name in given]
        assert found == ["ours", "by the operator"]
    finally:
        pool.close()
