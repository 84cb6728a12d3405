"""/stumm and /wartung: chosen by buttons, listed, ended; by those who handle alarms."""

from datetime import timedelta

import pytest

from bot.application import Application
from handlers.buttons.alarms import ChooseWindow, EndQuiet, QuietTarget
from services.alarms.rules.matching import Matcher
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import device, measured
from tests.rigging import label, rows_of, words


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application)
    await measured(application, gauge, [3.2], until=county.clock() - timedelta(minutes=5))
    await scene.rule(application, county.clock() - timedelta(days=10))
    return gauge


async def test_what_fires_is_silenced_with_end_and_reason(
    county: County, application: Application, gauge: int
) -> None:
    await scene.alarm(application, gauge, began=county.clock() - timedelta(minutes=35))
    operator = await county.staff(2001, Role.OPERATOR)
    said = await operator.says("/stumm")
    assert words(county, "alarms.silences-none") in said
    await operator.taps("Stumm: Pegel Mulde, Wasserstand der Mulde")
    await operator.taps("4 Stunden")
    said = await operator.taps(label(county, "alarms.reason-work"))
    assert "• Pegel Mulde: bis 20.11.26, 16:00 (Bauarbeiten oder Wartung)" in said
    [row] = await rows_of(application, "alarm_silence")
    assert Matcher.of(row["matcher"]) == Matcher(device=gauge)
    assert "stummgeschaltet" in await operator.says("/lage")
    said = await operator.presses(EndQuiet(number=row["id"]).pack())
    assert words(county, "alarms.silences-none") in said
    assert "stummgeschaltet" not in await operator.says("/lage")


async def test_a_sensor_by_its_name(county: County, gauge: int) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/stumm mulde")
    assert await operator.taps("Pegel Mulde") == words(county, "alarms.ask-hours")
    said = await operator.says("/stumm Zugspitze")
    assert said == words(county, "devices.not-found", words="Zugspitze")


async def test_a_recurring_window(county: County, application: Application, gauge: int) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/wartung mulde")
    await operator.taps("Pegel Mulde")
    await operator.taps("Sa. – So.")
    said = await operator.taps("22:00-06:00")
    assert "• Pegel Mulde: Sa. – So., 22:00 bis 06:00 Uhr" in said
    [row] = await rows_of(application, "alarm_maintenance")
    assert (row["weekdays"], row["start"], row["end"]) == ("56", "22:00", "06:00")
    said = await operator.presses(EndQuiet(number=row["id"], window=True).pack())
    assert words(county, "alarms.windows-none") in said


async def test_others_change_nothing(county: County, application: Application, gauge: int) -> None:
    editor = await county.staff(2002, Role.EDITOR)
    for person in (county.citizen(), editor):
        for data in (
            QuietTarget(about=f"d{gauge}", hours=4, reason="work"),
            ChooseWindow(about=f"d{gauge}", days="56", hours="22:00-06:00"),
        ):
            said = await person.presses(data.pack())
            assert said == words(county, "staff.not-allowed", area="Landkreis Testkreis")
    assert await rows_of(application, "alarm_silence") == []
    assert await rows_of(application, "alarm_maintenance") == []
    assert "Stumm" not in await county.citizen().says("/stumm")


@pytest.mark.parametrize("about", ["dx", "tship", "r", "?", "d"])
async def test_nonsense_is_refused(county: County, application: Application, about: str) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    data = QuietTarget(about=about, hours=4, reason="work")
    assert await operator.presses(data.pack()) == words(county, "alarms.no-peace")
    assert await rows_of(application, "alarm_silence") == []
