"""What the demonstration shows is invented, plausible, and comes through the front door."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.application import Application
from bot.demo_sensors import (
    HISTORY,
    HISTORY_STEP,
    DemoSensor,
    Rhythm,
    enrol,
    past,
    present,
    read_demo,
)
from lorawan.measurement import Mark
from lorawan.vocabulary import mark
from services.devices.model import State, Visibility
from services.staff.rules import Role
from tests.conftest import ROOT

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
REGIONS = sorted(path.name for path in (ROOT / "regions").iterdir() if path.is_dir())


def sensors(region: str) -> tuple[DemoSensor, ...]:
    found, problems = read_demo(ROOT / "regions" / region)
    assert not problems
    return found.sensors


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_sensors_to_show(region: str) -> None:
    shown = sensors(region)
    assert shown
    assert len({one.dev_eui for one in shown}) == len(shown)
    for one in shown:
        assert mark(one.quantity, one.lowest) is Mark.FINE
        assert mark(one.quantity, one.highest) is Mark.FINE
        assert len(one.dev_eui) == 16


@pytest.mark.parametrize("region", REGIONS)
def test_the_past_leads_into_the_present(region: str) -> None:
    for one in sensors(region):
        before = list(past(one, NOON))
        assert len(before) == HISTORY // HISTORY_STEP
        assert all(b.time - a.time == HISTORY_STEP for a, b in pairwise(before))
        assert before[-1].time == NOON - HISTORY_STEP
        if one.rhythm is Rhythm.WAVE:
            now = present(one, NOON, NOON).values[one.quantity]
            span = one.highest - one.lowest
            assert abs(before[-1].values[one.quantity] - now) < 0.05 * span


def test_a_wave_rises_and_falls_in_its_time() -> None:
    [gauge, *_] = [one for one in sensors("anhalt-bitterfeld") if one.rhythm is Rhythm.WAVE]
    half = NOON + timedelta(minutes=gauge.minutes) / 2
    assert present(gauge, NOON, NOON).values == {"water.level": gauge.lowest}
    assert present(gauge, NOON, half).values == {"water.level": gauge.highest}


def test_a_region_without_sensors_shows_none(tmp_path: Path) -> None:
    found, problems = read_demo(tmp_path)
    assert (found.sensors, problems) == ((), [])


def test_a_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "demo.yaml").write_text(
        "sensors:\n- name: Pegel\n  type: gauge\n", encoding="utf-8"
    )
    found, problems = read_demo(tmp_path)
    assert not found.sensors
    assert {problem.line for problem in problems} <= {2, 3}
    assert {"sensors.0.quantity", "sensors.0.place"} <= {problem.place for problem in problems}


async def test_they_are_registered_and_released(application: Application) -> None:
    shown = sensors("beispielkreis")
    own = [
        one.model_copy(update={"ars": application.region.municipalities[0].ars}) for one in shown
    ]
    async with application.transaction() as services:
        chat = await services.chats.meet(2001, "private", "de")
        area = application.region.facts.ars
        code = await services.staff.invite(None, role=Role.ADMIN, area=area, label="Platz 1")
        await services.staff.enrol(chat.id, code)
        actor = await services.staff.actor(chat.id)
        await enrol(services, actor, own, "Vorführung")
    async with application.work.reading() as services:
        [device] = await services.devices.find(actor, shown[0].dev_eui)
    assert (device.state, device.visibility) == (State.RELEASED, Visibility.PUBLIC)
    assert device.profile == "vocabulary"
