"""One process on SQLite: nobody is forgotten when it is told to stop, and it keeps silent."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.running.processes import PEOPLE, TOKEN, House, LocalTelegram, ask, eventually, house

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
SECRETS = ("73100990", "Planted", "planted", "PLANTED", TOKEN)


@pytest.fixture
def sqlite_house(tmp_path: Path, empty_sqlite: Path) -> Iterator[House]:
    shutil.copy(empty_sqlite, tmp_path / "bot.db")
    with house(tmp_path, f"sqlite:///{tmp_path / 'bot.db'}") as opened:
        yield opened


def test_who_wrote_right_before_the_stop_is_answered_once_after_the_start(
    sqlite_house: House,
) -> None:
    telegram = sqlite_house.telegram
    process = sqlite_house.start()
    eventually(process.is_ready, "ready")
    refused = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=sqlite_house.environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    assert refused.returncode == 1
    assert "PostgreSQL" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1

    telegram.says(PEOPLE[0], "/hilfe Planted-Words")
    eventually(lambda: telegram.answers(PEOPLE[0]), "the first answer")
    for person in PEOPLE[1:]:
        telegram.says(person, "/hilfe planted words")
    assert process.stop() == 0
    again = sqlite_house.start()
    eventually(again.is_ready, "ready again")
    eventually(lambda: all(telegram.answers(person) for person in PEOPLE), "all answers")
    assert {len(telegram.answers(person)) for person in PEOPLE} == {1}

    status, metrics = again.page("/metrics")
    assert status == 200
    assert 'abibot_leader{role="delivery"} 1.0' in metrics
    assert "abibot_inbox_oldest_seconds 0.0" in metrics
    assert again.stop(signal.SIGINT) == 0
    written = sqlite_house.logs()
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert events.count("stopping") == 2
    assert not [secret for secret in SECRETS if secret in written + metrics]


def test_told_twice_it_ends_at_once(sqlite_house: House) -> None:
    process = sqlite_house.start()
    eventually(process.is_ready, "ready")
    slow = {"latency": {"share": 1, "seconds": 9, "methods": ["sendMessage"]}}
    status, answer = ask(f"{sqlite_house.telegram.url}/sim/faults", {"seed": 1, "faults": slow})
    assert status == 200, answer
    sqlite_house.telegram.says(PEOPLE[0], "/hilfe")
    eventually(lambda: "sending" in statuses(sqlite_house), "a call in flight")
    process.popen.send_signal(signal.SIGTERM)
    eventually(lambda: "stopping" in process.log(), "it has heard")
    began = time.monotonic()
    assert process.stop() == 1
    assert time.monotonic() - began < 6  # the call in flight takes longer


def test_ctrl_c_in_the_terminal_ends_the_demo_and_its_telegram(sqlite_house: House) -> None:
    """It goes to the whole process group; the bot may still have something to send."""
    log = sqlite_house.folder / "demo.log"
    with log.open("wb") as written:
        demo = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--port", "0"],
            cwd=ROOT,
            env=sqlite_house.environment(PYTHONUNBUFFERED="1"),
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        found = eventually(
            lambda: re.search(r"http://127\.0\.0\.1:[0-9]+", log.read_text()), "the demo is ready"
        )
        telegram = LocalTelegram(found[0])
        telegram.says(1001, "/hilfe")
        eventually(lambda: telegram.answers(1001), "an answer")
        slow = {"latency": {"share": 1, "seconds": 1, "methods": ["sendMessage"]}}
        ask(f"{telegram.url}/sim/faults", {"seed": 1, "faults": slow})
        telegram.says(1001, "/hilfe")
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(timeout=30) == 0
        assert ask(f"{telegram.url}/sim/world")[0] == 0, "it ended, too"
        assert "error" not in log.read_text()
    finally:
        demo.kill()
        demo.wait()


def statuses(house: House) -> set[str]:
    connection = sqlite3.connect(house.folder / "bot.db")
    try:
        return {row[0] for row in connection.execute("SELECT status FROM outbox")}
    finally:
        connection.close()
