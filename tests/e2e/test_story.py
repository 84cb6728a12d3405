"""The whole story in a real browser: ask, subscribe, staff announce it, be told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.enable_socket]
ERIKA, AMY, SABINE, CHANNEL = 1001, 1003, 2001, -1001000000001
LINK = "https://www.koethen-anhalt.de/ummelden"
READY_SECONDS = 10
MEMORY_MB = 380
"""With words alone; what the encoders hold is measured by benchmarks/nlu_start.py."""


@pytest.fixture(scope="module")
def demo(start_demo: Callable[..., Demo]) -> Demo:
    return start_demo()


def says(page: Page, words: str) -> None:
    page.get_by_test_id("composer").fill(words)
    page.get_by_test_id("send").click()


def taps(page: Page, label: str) -> None:
    page.get_by_test_id("inline-button").filter(has_text=label).last.click()


def test_from_a_question_to_the_news(
    demo: Demo, page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    log = page.get_by_test_id("log")
    demo.open(page, ERIKA)
    page.get_by_test_id("start").click()
    expect(log).to_contain_text("nicht Ende-zu-Ende-verschlüsselt")
    screenshot(page, "welcome")

    says(page, "Ich bin nach Köthen gezogen, was muss ich tun?")
    taps(page, "Wohnsitz an- oder ummelden")
    expect(log).to_contain_text("Stadt Köthen (Anhalt), Einwohnermeldeamt")
    taps(page, "Bescheid geben, wenn online")
    expect(log).to_contain_text("Wir sagen Ihnen hier Bescheid")
    screenshot(page, "card")

    demo.open(page, SABINE)
    page.get_by_test_id("start").click()
    says(page, f"/online 99115005104000 {LINK} Köthen")
    expect(log).to_contain_text("Empfängerinnen und Empfänger: 1")
    screenshot(page, "preview")
    taps(page, "Jetzt melden")
    expect(log).to_contain_text("Eingeplant: 1 Nachricht")

    demo.open(page, ERIKA)
    expect(log).to_contain_text("Neu online", timeout=15_000)
    expect(log).to_contain_text(LINK)
    taps(page, "Warum bekomme ich das?")
    expect(log).to_contain_text("auf „Bescheid geben“ getippt")
    screenshot(page, "news")

    demo.open(page, ERIKA, CHANNEL)
    expect(log).to_contain_text(LINK, timeout=15_000)
    screenshot(page, "channel")


def test_staff_can_stop_in_time(demo: Demo, page: Page) -> None:
    log = page.get_by_test_id("log")
    demo.open(page, SABINE)
    if page.get_by_test_id("start").is_visible():
        page.get_by_test_id("start").click()
    says(page, "/online sperrmuell https://www.anhalt-bitterfeld.de/sperrmuell")
    expect(log).to_contain_text("Vorschau")
    taps(page, "Jetzt melden")
    expect(log).to_contain_text("Eingeplant: 0 Nachrichten")  # nobody waits for it yet
    taps(page, "Stopp")
    expect(log).to_contain_text("Gestoppt.")


def test_a_gauge_lives(demo: Demo, page: Page, screenshot: Callable[[Page, str], None]) -> None:
    """Invented values come through the real hook, every ten seconds."""
    log = page.get_by_test_id("log")
    demo.open(page, ERIKA)
    says(page, "Wie hoch ist die Mulde?")
    expect(log).to_contain_text("Pegel Mulde Bitterfeld")
    expect(log).to_contain_text(re.compile(r"Wasserstand: \d+ cm"))
    expect(log).to_contain_text("Ungeprüfter Messwert")
    [first] = re.findall(r"Wasserstand: (\d+) cm", log.inner_text())
    taps(page, "Diagramm: Woche")
    expect(log).to_contain_text("höchster 330 cm", timeout=20_000)
    picture = page.get_by_test_id("photo").last
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") == 1200
    screenshot(page, "sensor")

    page.wait_for_timeout(40_000)
    taps(page, "Aktueller Wert")
    expect(log).to_contain_text(re.compile(r"Wasserstand: \d+ cm.*Wasserstand: \d+ cm", re.DOTALL))
    levels = re.findall(r"Wasserstand: (\d+) cm", log.inner_text())
    assert int(levels[-1]) > int(first), "the water rises"


def test_staff_see_the_device(
    demo: Demo, page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    log = page.get_by_test_id("log")
    demo.open(page, SABINE)
    if page.get_by_test_id("start").is_visible():
        page.get_by_test_id("start").click()
    says(page, "/sensor Aken")
    expect(log).to_contain_text("in Betrieb, öffentlich")
    expect(log).to_contain_text("Verlust in 7 Tagen: 0 %")
    screenshot(page, "device")


def test_english_and_honest(demo: Demo, page: Page) -> None:
    log = page.get_by_test_id("log")
    demo.open(page, AMY)
    page.get_by_test_id("start").click()
    expect(log).to_contain_text("not end-to-end encrypted")
    says(page, "xyzzy")
    expect(log).to_contain_text("I know nothing reliable about that")


def test_ready_in_time_and_small(demo: Demo) -> None:
    """By processor time, which a busy machine does not stretch (see benchmarks/startup.py)."""
    assert demo.processor_seconds < READY_SECONDS
    assert demo.resident_mb < MEMORY_MB


def test_another_county_with_the_same_code(
    start_demo: Callable[..., Demo], page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    demo = start_demo("beispielkreis")
    log = page.get_by_test_id("log")
    demo.open(page, ERIKA)
    page.get_by_test_id("start").click()
    expect(log).to_contain_text("Landkreis Beispielkreis")
    says(page, "Ich bin nach Musterstadt gezogen")
    taps(page, "Wohnsitz")
    expect(log).to_contain_text("Musterstadt")
    expect(log).to_contain_text("Bescheid geben, wenn online")
    screenshot(page, "second-region")
