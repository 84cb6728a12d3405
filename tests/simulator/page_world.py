"""The simulator as a subprocess, and a hand on its control API, for tests of the chat page."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

TOKEN = "42:PAGE"
START_SECONDS = 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_simulator(port: int) -> Iterator[str]:
    """Yields the address of a fresh simulator; it is gone afterwards."""
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--token", TOKEN]
    server = subprocess.Popen(command, cwd=Path(__file__).parents[2])  # noqa: S603 - our own
    address = f"http://127.0.0.1:{port}"
    try:
        await_server(address)
        yield address
    finally:
        server.kill()
        server.wait(timeout=10)


def await_server(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{address}/sim/world"):  # noqa: S310
            return
        time.sleep(0.1)
    raise TimeoutError(f"the simulator did not start within {START_SECONDS} s")


class World:
    """New people and their words, put in past the page."""

    def __init__(self, address: str) -> None:
        self.address = address

    def post(self, path: str, body: dict[str, Any]) -> Any:
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}{path}", data, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return json.load(answer)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=5) as answer:  # noqa: S310
            return json.load(answer)

    def newcomer(self, first_name: str = "Ada", *, started: bool = True) -> int:
        person = {"first_name": first_name, "language_code": "de"}
        known: int = self.post("/sim/people", person)["id"]
        if started:
            self.says(known, "/start")
        return known

    def says(self, person: int, text: str, chat: int | None = None) -> None:
        self.post(f"/sim/people/{person}/chats/{chat or person}/send", {"text": text})

    def bot(self, method: str, **parameters: Any) -> Any:
        """Call a method of the Bot API and return its result."""
        return self.post(f"/bot{TOKEN}/{method}", parameters)["result"]

    def upload(self, method: str, chat: int, field: str, content: bytes) -> str:
        """Let the bot send a file and return its id."""
        part = f'form-data; name="{field}"; filename="{field}.bin"'
        edge = "page-test-edge"
        head = f"--{edge}\r\nContent-Disposition: {part}\r\n\r\n"
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        path = f"{self.address}/bot{TOKEN}/{method}?chat_id={chat}"
        request = urllib.request.Request(path, body, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            sent = json.load(answer)["result"][field]
        return str((sent[-1] if isinstance(sent, list) else sent)["file_id"])
