"""A simulator, a browser and a way to open the chat page, for its tests (a pytest plugin)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.simulator.page_bot import EchoBot
from tests.simulator.page_browser import CHROMIUM, Visit
from tests.simulator.page_world import TOKEN, World, free_port, running_simulator

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_simulator(free_port()) as address, EchoBot(f"{address}/bot{TOKEN}"):
        yield World(address)


@pytest.fixture(scope="module")  # it keeps a loop running: asynchronous tests come after it
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(world: World, browser: Browser) -> Iterator[Visit]:
    """Opens the page as a person in a chat; errors in the browser's console fail the test."""
    complaints: list[str] = []
    contexts = []

    def open_page(
        person: int, chat: int | None = None, *, extra: str = "", **options: Any
    ) -> Page:
        defaults = {"locale": "de-DE", "reduced_motion": "reduce"}
        context = browser.new_context(**(defaults | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.goto(f"{world.address}/#person={person}&chat={chat or person}{extra}")
        expect(page.get_by_test_id(f"person-{person}")).to_have_attribute("aria-checked", "true")
        expect(page.get_by_test_id("log")).to_have_attribute("aria-busy", "false")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
