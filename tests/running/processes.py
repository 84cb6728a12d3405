"""Real processes: the local Telegram, and `abibot run` as an operator starts it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.conftest import ROOT

TOKEN = "42:PLANTED-TOKEN"
REGION = ROOT / "tests" / "region_folder"
WAIT_SECONDS = 40.0
PEOPLE = range(7310099001, 7310099011)


def eventually(look: Callable[[], Any], what: str, seconds: float = WAIT_SECONDS) -> Any:
    """Look again and again until it is there."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(url: str, body: Any = None) -> tuple[int, str]:
    """Return status and text; status 0 when nobody answers."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - our own
    try:
        with urlopen(request, timeout=10) as response:  # noqa: S310
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (URLError, OSError):
        return 0, ""


@dataclass
class LocalTelegram:
    """The simulator, and the people who write to the bot."""

    url: str

    def says(self, person: int, words: str) -> None:
        status, answer = ask(
            f"{self.url}/sim/people/{person}/chats/{person}/send", {"text": words}
        )
        assert status == 200, answer

    def answers(self, person: int) -> list[str]:
        """Return everything the bot ever said to somebody."""
        _, found = ask(f"{self.url}/sim/people/{person}/chats/{person}/messages?limit=100")
        messages = json.loads(found)
        return [one["text"] for one in messages if one["from"]["is_bot"]]


@dataclass
class Process:
    """A running `abibot run`."""

    popen: subprocess.Popen[bytes]
    port: int
    log_file: Path

    def page(self, path: str) -> tuple[int, str]:
        return ask(f"http://127.0.0.1:{self.port}{path}")

    def is_ready(self) -> bool:
        assert self.popen.poll() is None, self.log()
        return self.page("/readyz")[0] == 200

    def roles(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.page("/readyz")[1] or '{"roles": {}}')["roles"]
        return found

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; return the exit code."""
        self.popen.send_signal(number)
        return self.popen.wait(timeout=30)


@dataclass
class House:
    """A folder, a database, a Telegram, and the processes started so far."""

    folder: Path
    database_url: str
    telegram: LocalTelegram
    processes: list[Process] = field(default_factory=list)

    def start(self, *arguments: str, **variables: str) -> Process:
        """Start `abibot run`."""
        port, log = free_port(), self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as written:
            popen = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "bot", "run", *arguments],
                cwd=ROOT,
                env=self.environment(ABIBOT_WEB_PORT=str(port), **variables),
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(Process(popen, port, log))
        return self.processes[-1]

    def environment(self, **more: str) -> dict[str, str]:
        clean = {
            name: value
            for name, value in os.environ.items()  # noqa: TID251 - for the child
            if not name.startswith("ABIBOT_")
        }
        return {
            **clean,
            "ABIBOT_REGION": str(REGION),
            "ABIBOT_NLU_ENCODERS": "none",
            "ABIBOT_DATABASE_URL": self.database_url,
            "ABIBOT_TELEGRAM_TOKEN": TOKEN,
            "ABIBOT_TELEGRAM_API_URL": self.telegram.url,
            "ABIBOT_LOG_LEVEL": "debug",
            "ABIBOT_LOG_FORMAT": "json",
            "ABIBOT_GOLIVE_QUIET_HOURS": "false",
            **more,
        }

    def logs(self) -> str:
        return "".join(process.log() for process in self.processes)


@contextmanager
def local_telegram(folder: Path) -> Iterator[LocalTelegram]:
    world = folder / "world.json"
    people = [
        {"id": person, "first_name": "Planted-Name", "language_code": "de", "note": ""}
        for person in PEOPLE
    ]
    world.write_text(json.dumps({"people": people, "chats": []}), encoding="utf-8")
    options = ["--port", "0", "--token", TOKEN, "--world", str(world)]
    popen = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "simulator", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert popen.stdout is not None
        found = re.search(r"http://[0-9.:]+", popen.stdout.readline())
        assert found, "the local Telegram does not start"
        yield LocalTelegram(found[0])
    finally:
        popen.terminate()
        popen.communicate(timeout=20)


@contextmanager
def house(folder: Path, database_url: str) -> Iterator[House]:
    """Yield a house; whatever still runs afterwards is killed."""
    with local_telegram(folder) as telegram:
        opened = House(folder, database_url, telegram)
        try:
            yield opened
        finally:
            for process in opened.processes:
                with suppress(ProcessLookupError):
                    process.popen.kill()
                process.popen.wait()
