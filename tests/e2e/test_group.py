"""A group in a real browser: it subscribes, hears of an alarm, takes it on, hears of its end."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.e2e.conftest import Demo
from tests.e2e.test_story import says, taps

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.enable_socket]
SABINE, JOERG, FIRE_BRIGADE = 2001, 2002, -4001
QUICK = """
seconds: 1
sensors:
- name: "Pegel Musterbach"
  type: gauge
  ars: "990010001001"
  place: "Mühlenbrücke"
  latitude: 51.5
  longitude: 12.0
  quantity: water.level
  lowest: 1.00
  highest: 3.00
  rhythm: wave
  minutes: 0.5
rules:
- id: musterbach
  name: {de: "Wasserstand", en: "Water level"}
  applies_to: {type: gauge}
  quantity: water.level
  levels:
  - {severity: start, at: 2.50, hysteresis: 0.10}
"""
"""A gauge that rises and falls in half a minute."""
PATIENCE = 40_000
"""Milliseconds; a busy machine is slow."""


@pytest.fixture(scope="module")
def demo(start_demo: Callable[..., Demo], tmp_path_factory: pytest.TempPathFactory) -> Demo:
    region = tmp_path_factory.mktemp("regions") / "schnellkreis"
    shutil.copytree(ROOT / "regions" / "beispielkreis", region)
    (Path(region) / "demo.yaml").write_text(QUICK, encoding="utf-8")
    (Path(region) / "alarms.yaml").write_text("rules: []", encoding="utf-8")  # no water rises so
    return start_demo(str(region))


def test_an_alarm_from_its_beginning_to_its_end(
    demo: Demo, page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    log = page.get_by_test_id("log")
    demo.open(page, SABINE, FIRE_BRIGADE)
    says(page, "/alarme")
    for choice in ("Hier abonnieren", "Ganzer Kreis", "alle Arten"):
        taps(page, choice)
    page.get_by_test_id("inline-button").nth(1).wait_for()
    taps(page, "Hinweis")
    taps(page, "sofort")
    expect(log).to_contain_text("Eingerichtet.")

    news = log.locator("[data-testid^=message-]").filter(has_text="noch nicht übernommen").last
    expect(news).to_contain_text("Pegel Musterbach", timeout=PATIENCE)
    expect(news).to_contain_text(re.compile(r"Richtwert 250 cm überschritten"))
    expect(news).to_contain_text("ungeprüfter Messwert")
    screenshot(page, "alarm")
    taps(page, "Übernehmen")
    expect(log).to_contain_text("übernommen von Serviceportal 1")

    says(page, "/lage")
    expect(log).to_contain_text("Lage, Stand")
    expect(log).to_contain_text("Pegel Musterbach: Entwarnung", timeout=PATIENCE)
    screenshot(page, "all-clear")

    demo.open(page, JOERG, FIRE_BRIGADE)
    expect(log).to_contain_text("Pegel Musterbach: Entwarnung")
