"""What tests say to the chat page and look for on it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

Visit = Callable[..., Page]

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"viewport": {"width": 340, "height": 700}, "has_touch": True, "is_mobile": True}
DARK = {"color_scheme": "dark"}

in_browser = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
]


def bubble(page: Page, text: str) -> Locator:
    return page.get_by_test_id("log").get_by_role("article").filter(has_text=text)


def say(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")


def assert_accessible(page: Page, state: str) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], state
