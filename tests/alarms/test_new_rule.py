"""A new rule from the chat: which devices, what they measure, levels, patience, name, dry run."""

from datetime import timedelta

import pytest

from bot.application import Application
from handlers.buttons.alarms import BeginRule, DraftRule, Part
from handlers.buttons.sensors import ShowDevice
from services.staff.rules import Role
from tests.county import County, Person
from tests.readings.field import AIR, LEVEL, ZERBST, device, measured
from tests.rigging import label, rows_of, words


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application, "Pegel Wehr", tags="wehr")
    yesterday = county.clock() - timedelta(days=1)
    await measured(application, gauge, [1.5, 3.1, 3.2, 3.3, 3.2, 1.5, 1.4], until=yesterday)
    weather = await device(application, "Wetter Zerbst", type="weather", ars=ZERBST, water="")
    await measured(application, weather, [4.0, -2.0], until=yesterday, quantity=AIR)
    return gauge


@pytest.fixture
async def operator(county: County, gauge: int) -> Person:
    return await county.staff(2001, Role.OPERATOR)


async def tap(person: Person, key: str, **given: object) -> str:
    return await person.taps(label(person.county, key, **given))


async def test_step_by_step(county: County, application: Application, operator: Person) -> None:
    assert words(county, "alarms.ask-where") == await operator.says("/regeln neu")
    await tap(operator, "alarms.button-by-tag")
    assert await operator.taps("wehr") == words(county, "alarms.ask-quantity")
    assert [
        one for one in operator.buttons if one != label(county, "alarms.button-drop-draft")
    ] == ["Wasserstand"]
    assert await operator.taps("Wasserstand") == words(county, "alarms.ask-side")
    await tap(operator, "alarms.button-above")
    assert "Wie schwer" in await operator.says("3 m")
    said = await operator.taps("Schwere 1")
    assert "Schwere 1: ab 300 cm, Entwarnung unter 290 cm" in said
    await tap(operator, "alarms.button-more")
    await operator.says("350 cm")
    said = await operator.taps("Schwere 3")
    assert "Schwere 3: ab 350 cm, Entwarnung unter 340 cm" in said
    await tap(operator, "alarms.button-enough")
    said = await tap(operator, "alarms.button-sensible", span="15 Minuten", number=2)
    assert said == words(county, "alarms.ask-down-for")
    await operator.says("2 Std. 3 Werte")
    assert await rules(application) == []
    said = await operator.says("Wehr läuft über")
    assert "Pegel Wehr: hätte in den letzten 30 Tagen 1-mal ausgelöst (7 Werte)" in said
    assert await rules(application) == []
    said = await tap(operator, "alarms.button-save")
    assert "Wehr läuft über</b>, Fassung 1 (im Chat geändert)" in said
    [made] = await rules(application)
    assert (made["key"], made["version"], made["origin"]) == ("wehr-laeuft-ueber", 1, "staff")
    assert made["document"] == {
        "id": "wehr-laeuft-ueber",
        "name": {"de": "Wehr läuft über", "en": "Wehr läuft über"},
        "applies_to": {"tag": "wehr"},
        "quantity": LEVEL,
        "levels": [
            {"severity": "start", "at": 3.0, "clear": 2.9},
            {"severity": "guard", "at": 3.5, "clear": 3.4},
        ],
        "up_for": {"time": "15 min", "samples": 2},
        "down_for": {"time": "2 h", "samples": 3},
    }
    async with application.transaction() as services:
        assert (await services.alarms.rules()).by_key.keys() == {"wehr-laeuft-ueber"}


async def rules(application: Application) -> list[dict]:
    return [one for one in await rows_of(application, "alarm_rule") if one["origin"] == "staff"]


async def test_from_the_device_s_card(county: County, operator: Person, gauge: int) -> None:
    await operator.presses(ShowDevice(device=gauge).pack())
    said = await tap(operator, "devices.button-alarm-rule")
    assert said == words(county, "alarms.ask-quantity")
    await operator.taps("Wasserstand")
    await tap(operator, "alarms.button-below")
    await operator.says("50 cm")
    said = await operator.taps("Hinweis")
    assert "Gilt für: Pegel Wehr" in said
    assert "Hinweis: bis 50 cm, Entwarnung über 60 cm" in said


async def test_who_makes_no_rules_has_no_button(county: County, gauge: int) -> None:
    clerk = await county.staff(2003, Role.OPERATOR, area="150820180180")
    await clerk.presses(ShowDevice(device=gauge).pack())
    assert label(county, "devices.button-change") in clerk.buttons
    assert label(county, "devices.button-alarm-rule") not in clerk.buttons


async def test_only_what_the_devices_report(county: County, operator: Person) -> None:
    await operator.presses(BeginRule().pack())
    await tap(operator, "alarms.button-by-place")
    await operator.says("Zerbst")
    assert "Lufttemperatur" in operator.buttons
    assert "Wasserstand" not in operator.buttons
    said = await operator.says("Wasserstand")
    assert said == words(county, "alarms.no-such-choice", words="Wasserstand")


async def test_a_pause_in_the_middle_forgets_nothing(county: County, operator: Person) -> None:
    await operator.presses(BeginRule().pack())
    await tap(operator, "alarms.button-by-type")
    await operator.taps("Pegel")
    county.clock.forward(days=3)
    await operator.says("/regeln")
    assert await tap(operator, "alarms.button-go-on") == words(county, "alarms.ask-quantity")
    await operator.says("wasserstand")
    await tap(operator, "alarms.button-above")
    await operator.says("3,2")
    await operator.says("Schwere 2")
    county.clock.forward(days=3)
    await operator.says("/regeln neu")
    said = await tap(operator, "alarms.button-go-on")
    assert said.endswith(words(county, "alarms.ask-more"))
    assert "Schwere 2: ab 320 cm" in said


async def test_two_rules_of_one_name_have_two_keys(
    application: Application, operator: Person, gauge: int
) -> None:
    for _ in range(2):
        await operator.presses(BeginRule(device=gauge).pack())
        await operator.says("Wasserstand")
        await tap(operator, "alarms.button-above")
        await operator.says("3 m")
        await operator.presses(DraftRule(part=Part.TRY).pack())
        await tap(operator, "alarms.button-save")
    keys = [one["key"] for one in await rules(application)]
    assert keys == ["wasserstand-pegel-wehr", "wasserstand-pegel-wehr-2"]


async def test_yes_or_no_needs_no_threshold(
    county: County, application: Application, operator: Person
) -> None:
    leak = await device(application, "Keller", type="leak", water="")
    await measured(application, leak, [0.0, 1.0], until=county.clock(), quantity="water.leak")
    await operator.presses(BeginRule(device=leak).pack())
    await operator.presses(DraftRule(part=Part.QUANTITY, value="water.leak").pack())
    await operator.taps("Schwere 2")
    await operator.presses(DraftRule(part=Part.TRY).pack())
    await tap(operator, "alarms.button-save")
    [made] = await rules(application)
    assert made["document"]["levels"] == [{"severity": "watch", "at": 1.0, "clear": 0.5}]


@pytest.mark.parametrize(
    ("part", "value"),
    [(Part.SIDE, "sideways"), (Part.QUANTITY, "moon.phase"), (Part.AT, "3 m"), (Part.WHERE, "x")],
)
async def test_answers_out_of_turn_make_no_rule(
    application: Application, operator: Person, part: Part, value: str
) -> None:
    await operator.presses(BeginRule().pack())
    await operator.presses(DraftRule(part=part, value=value).pack())
    said = await operator.presses(DraftRule(part=Part.SAVE).pack())
    assert said == words(operator.county, "alarms.bad-rule")
    assert await rules(application) == []
