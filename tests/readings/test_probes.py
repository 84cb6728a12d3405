"""Several equal probes: a citizen says which by words or by a tap, to look and to be told."""

import pytest

from bot.application import Application
from handlers.buttons.alarms import OfferThresholds, WatchValue
from services.devices.rules import AnswerError, probes_of, read_tags
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import ZERBST, device, measured
from tests.rigging import label, rows_of, words

SOIL = "soil.temperature"
TAGS = "fuehler-1-10-cm fuehler-2-30-cm park"


@pytest.fixture
async def soil(application: Application, county: County) -> int:
    """Two depths in Zerbst: 9 and 6 degrees."""
    return await probed(application, county, "Boden Schlosspark", tags=TAGS)


async def probed(application: Application, county: County, name: str, **given: object) -> int:
    found = await device(application, name, type="soil", water="", ars=ZERBST, **given)
    for channel, value in enumerate((9.0, 6.0)):
        await measured(
            application, found, [value] * 4, until=county.clock(), quantity=SOIL, channel=channel
        )
    return found


async def test_the_probe_that_was_named(county: County, soil: int) -> None:
    said = await county.citizen().says("Wie warm ist der Boden in 30 cm Tiefe in Zerbst?")
    assert "<b>Bodentemperatur (30 cm): 6,0 °C</b>" in said
    assert "Bodentemperatur (10 cm): 9,0 °C" in said


async def test_all_are_there_when_none_was_named(county: County, soil: int) -> None:
    citizen = county.citizen()
    said = await citizen.says("Wie warm ist der Boden in Zerbst?")
    assert "<b>Bodentemperatur (10 cm): 9,0 °C</b>" in said
    assert "Bodentemperatur (30 cm): 6,0 °C" in said
    said = await citizen.taps("Bodentemperatur (30 cm)")
    assert "<b>Bodentemperatur (30 cm): 6,0 °C</b>" in said


async def test_one_that_is_not_there_is_a_choice(county: County, soil: int) -> None:
    citizen = county.citizen()
    said = await citizen.says("Wie warm ist der Boden in 60 cm Tiefe in Zerbst?")
    assert said == words(county, "readings.choose-probe", name="Boden Schlosspark")
    assert citizen.buttons == ["Bodentemperatur (10 cm)", "Bodentemperatur (30 cm)"]
    assert "<b>Bodentemperatur (30 cm): 6,0 °C</b>" in await citizen.taps(
        "Bodentemperatur (30 cm)"
    )


async def test_without_labels_they_have_numbers(county: County, application: Application) -> None:
    await probed(application, county, "Boden Schlosspark")
    said = await county.citizen().says("Bodentemperatur Zerbst, Fühler 2")
    assert "<b>Bodentemperatur (Fühler 2): 6,0 °C</b>" in said
    assert "Bodentemperatur (Fühler 1): 9,0 °C" in said


async def test_of_two_sensors_the_one_that_has_the_probe(
    county: County, application: Application, soil: int
) -> None:
    await probed(application, county, "Boden Friedhof", tags="fuehler-1-5-cm fuehler-2-60-cm")
    said = await county.citizen().says("Wie warm ist der Boden in 60 cm Tiefe in Zerbst?")
    assert "Boden Friedhof" in said
    assert "<b>Bodentemperatur (60 cm): 6,0 °C</b>" in said
    said = await county.citizen().says("Wie warm ist der Boden in Zerbst?")
    assert said == words(county, "readings.choose")


async def test_a_wish_for_the_probe_that_was_named(
    county: County, application: Application, soil: int
) -> None:
    citizen = county.citizen()
    said = await citizen.says("Sag Bescheid wenn der Boden in 30 cm Tiefe unter 5 Grad kalt ist")
    assert "Bodentemperatur (30 cm) bis höchstens 5,0 °C" in said
    said = await citizen.taps(label(county, "alarms.button-watch"))
    assert "Bodentemperatur (30 cm)" in said
    [row] = await rows_of(application, "own_threshold")
    assert row["document"]["applies_to"]["channel"] == 1
    assert "Bodentemperatur (30 cm) bis höchstens 5,0 °C" in await citizen.taps(
        label(county, "alarms.button-own")
    )


async def test_a_wish_for_no_probe_is_a_choice(
    county: County, application: Application, soil: int
) -> None:
    citizen = county.citizen()
    said = await citizen.says("Bodentemperatur unter 5 Grad")
    assert said == words(county, "alarms.which-probe")
    said = await citizen.taps("Boden Schlosspark: Bodentemperatur (30 cm)")
    assert "Bodentemperatur (30 cm) bis höchstens 5,0 °C" in said


async def test_the_button_below_a_value_is_about_that_probe(county: County, soil: int) -> None:
    citizen = county.citizen()
    await citizen.says("Wie warm ist der Boden in 30 cm Tiefe in Zerbst?")
    await citizen.taps(label(county, "readings.button-watch"))
    assert any("Bodentemperatur (30 cm)" in one for one in citizen.buttons)


async def test_only_that_probe_raises_it(
    county: County, application: Application, soil: int
) -> None:
    citizen = county.citizen()
    await citizen.says("Sag Bescheid wenn der Boden in 30 cm Tiefe unter 5 Grad kalt ist")
    await citizen.taps(label(county, "alarms.button-watch"))
    async with application.transaction() as services:
        rules = await services.alarms.rules()
        [own] = [one for one in rules.by_quantity[SOIL] if one.device_id == soil]
    assert own.record.applies_to.channel == 1


async def test_a_probe_that_never_was_cannot_be_watched(county: County, soil: int) -> None:
    data = WatchValue(device=soil, quantity=SOIL, above=True, at=5000, channel=7)
    assert await county.citizen().presses(data.pack()) == words(county, "alarms.no-threshold")


async def test_buttons_of_before_mean_the_first(county: County, soil: int) -> None:
    offer, watch = f"ot:{soil}:{SOIL}", f"wv:{soil}:{SOIL}:1:5000:0"
    assert OfferThresholds.unpack(offer).channel == 0
    assert WatchValue.unpack(watch).channel == 0
    assert "Bodentemperatur (10 cm)" in await county.citizen().presses(watch)


async def test_an_alarm_names_the_probe(
    county: County, application: Application, soil: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    rule = {"quantity": SOIL, "id": "boden", "name": {"de": "Bodenfrost", "en": "Ground frost"}}
    await scene.rule(application, county.clock(), **rule)
    await scene.alarm(application, soil, began=county.clock(), rule_key="boden")
    assert "Boden Schlosspark, Bodenfrost" in await operator.says("/lage")


def test_labels_for_probes_are_tags() -> None:
    assert probes_of(TAGS) == {0: "10 cm", 1: "30 cm"}
    assert probes_of("fuehler probe-1 fuehler-0-x sonde-1-x") == {}
    assert read_tags("Fuehler-2-Rücklauf, park") == "fuehler-2-rücklauf park"
    with pytest.raises(AnswerError):
        read_tags("rücklauf")
