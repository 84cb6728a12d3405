"""The demo as a new user starts it, and a real browser in front of it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT

CHROMIUM = Path("/usr/bin/chromium")
READY = re.compile(r"http://127\.0\.0\.1:[0-9]+/")
WAIT_SECONDS = 60
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Demo:
    """A running `abibot demo`: its address, its process, and what it took to be ready."""

    url: str
    process: subprocess.Popen[str]
    processor_seconds: float

    @property
    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    def open(self, page: Page, person: int, chat: int | None = None) -> Page:
        """Show the page as a person, in a chat (the one with the bot by default)."""
        page.goto("about:blank")  # a new hash alone would not load the page anew
        page.goto(f"{self.url}#person={person}&chat={chat or person}")
        page.get_by_test_id("log").wait_for()
        return page


@pytest.fixture(scope="module")
def start_demo() -> Iterator[Callable[[str], Demo]]:
    started: list[subprocess.Popen[str]] = []

    def start(region: str = "anhalt-bitterfeld") -> Demo:
        environment = {
            name: value
            for name, value in os.environ.items()  # noqa: TID251 - for the child
            if not name.startswith("ABIBOT_")
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--port", "0"],
            cwd=ROOT,
            env={
                **environment,
                "ABIBOT_REGION": region,
                "ABIBOT_NLU_ENCODERS": "none",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return _ready(process)

    yield start
    for process in started:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def _ready(process: subprocess.Popen[str]) -> Demo:
    printed, deadline = "", time.monotonic() + WAIT_SECONDS
    while not (found := READY.search(printed)):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the demo ended: {printed}"
        assert time.monotonic() < deadline
        printed += line
    return Demo(found[0], process, _processor_seconds(process.pid))


def _processor_seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")  # it keeps a loop running: asynchronous tests come after it
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1200, "height": 860}, locale="de-DE")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert not complaints, complaints


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Keep a picture for the docs when `make screenshots` asks for it."""
    folder = os.environ.get("ABIBOT_TEST_SCREENSHOTS")  # noqa: TID251 - tests have no settings

    def take(page: Page, name: str) -> None:
        if folder:
            page.wait_for_timeout(300)  # let the last bubble finish its entrance
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take
