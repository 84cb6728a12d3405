"""A person's own thresholds: wished for in words or by a button, listed, removed, forgotten."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.application import Application
from handlers.buttons.alarms import OfferThresholds, ShowThresholds, WatchValue
from services.alarms.records import RuleRecord
from services.alarms.rules.records import Direction
from services.alarms.thresholds import MOST, watch_of
from services.devices.model import State, Visibility
from services.readings.records import NewReading
from tests.county import County
from tests.readings.field import AIR, ZERBST, device, measured
from tests.rigging import label, rows_of, words

LEVELS = [2.0, 2.1, 2.16]


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application)
    await measured(application, gauge, LEVELS, until=county.clock() - timedelta(minutes=5))
    return gauge


async def stored(application: Application) -> list[RuleRecord]:
    rows = await rows_of(application, "own_threshold")
    return [RuleRecord.model_validate(row["document"]) for row in rows]


async def test_in_words_then_yes(county: County, application: Application, gauge: int) -> None:
    citizen = county.citizen()
    said = await citizen.says("Sag mir Bescheid, wenn die Mulde über 4 m steigt")
    assert "<b>Pegel Mulde</b>" in said
    assert "Wasserstand ab 400 cm" in said
    assert "390 cm" in said
    assert "ungeprüfte Messwerte" in said
    assert await stored(application) == []
    said = await citizen.taps(label(county, "alarms.button-watch"))
    assert "Ich sage Ihnen Bescheid" in said
    [record] = await stored(application)
    [level] = record.levels
    assert (record.quantity, level.at, level.clear) == ("water.level", 4.0, 3.9)
    assert record.direction is Direction.ABOVE
    await citizen.says("Mulde über 4 m")
    said = await citizen.taps(label(county, "alarms.button-watch"))
    assert "warten Sie schon" in said
    assert len(await stored(application)) == 1


async def test_frost_is_the_air_s(county: County, application: Application, gauge: int) -> None:
    weather = await device(application, "Wetter Zerbst", type="weather", water="", ars=ZERBST)
    await measured(application, weather, [4.0], until=county.clock(), quantity=AIR)
    await measured(
        application, gauge, [6.0], until=county.clock(), quantity="water.temperature.current"
    )
    citizen = county.citizen()
    said = await citizen.says("Frost in Zerbst")
    assert "<b>Wetter Zerbst</b>" in said
    assert "bis höchstens 0,0" in said
    await citizen.taps(label(county, "alarms.button-watch"))
    [record] = await stored(application)
    assert record.direction is Direction.BELOW
    assert record.levels[0].clear == 1.0


@pytest.mark.parametrize(
    ("language", "wished", "answer"),
    [
        ("en", "warn me when Mulde above 4 m", "Shall I tell you"),
        ("uk", "повідоми мене коли рівень води вище 4 м", "Повідомити вас"),
        ("ru", "уровень воды выше 4 м", "Сообщить вам"),
        ("ar", "مستوى الماء فوق 4 متر", "هل أُبلغكم"),
        ("tr", "su seviyesi 4 metre üzerinde", "size haber vereyim"),
        ("pl", "poziom wody powyżej 4 m", "Czy mam powiadomić"),
    ],
)
async def test_in_every_language(
    county: County, gauge: int, language: str, wished: str, answer: str
) -> None:
    said = await county.citizen(language=language).says(wished)
    assert answer in said
    assert re.search(r"[4٤]", said)


async def test_a_question_stays_a_question(county: County, gauge: int) -> None:
    citizen = county.citizen()
    assert "216 cm" in await citizen.says("Wie hoch ist die Mulde?")
    assert "Bescheid" not in await citizen.says("Hund anmelden")


async def test_the_button_under_a_card(
    county: County, application: Application, gauge: int
) -> None:
    citizen = county.citizen()
    await citizen.says("Wie hoch ist die Mulde?")
    said = await citizen.taps(label(county, "readings.button-watch"))
    assert "<b>Pegel Mulde</b>" in said
    assert "Wasserstand bis höchstens 200 cm" in citizen.buttons
    await citizen.taps("Wasserstand ab 300 cm")
    await citizen.taps(label(county, "alarms.button-watch"))
    assert [one.levels[0].at for one in await stored(application)] == [3.0]


async def test_what_is_not_public_cannot_be_watched(
    county: County, application: Application, gauge: int
) -> None:
    for name, hidden in (("a", {"state": State.TEST}), ("b", {"visibility": Visibility.INTERNAL})):
        secret = await device(application, name, **hidden)
        await measured(application, secret, [1.0], until=county.clock())
        data = WatchValue(device=secret, quantity="water.level", above=True, at=4000, sure=True)
        admin = await county.staff(3000 + secret)
        for person in (county.citizen(), admin):
            assert await person.presses(data.pack()) == words(county, "readings.unknown-sensor")
            offer = OfferThresholds(device=secret, quantity="water.level")
            assert await person.presses(offer.pack()) == words(county, "readings.unknown-sensor")
    assert await stored(application) == []


async def test_no_value_that_cannot_be(county: County, application: Application) -> None:
    weather = await device(application, "Wetter")
    await measured(application, weather, [4.0], until=county.clock(), quantity=AIR)
    citizen = county.citizen()
    for quantity, at in ((AIR, -300_000), ("water.level", 1000), ("ship", 1)):
        data = WatchValue(device=weather, quantity=quantity, above=True, at=at, sure=True)
        assert await citizen.presses(data.pack()) == words(county, "alarms.no-threshold")


async def test_ten_and_no_more(county: County, application: Application, gauge: int) -> None:
    citizen = county.citizen()
    for at in range(MOST + 1):
        data = WatchValue(
            device=gauge, quantity="water.level", above=True, at=1000 + at, sure=True
        )
        said = await citizen.presses(data.pack())
    assert said == words(county, "alarms.too-many-thresholds", most=MOST)
    assert len(await stored(application)) == MOST


async def test_listed_and_removed_by_their_owner(
    county: County, application: Application, gauge: int
) -> None:
    erika, otto = county.citizen(), county.citizen(1002)
    data = WatchValue(device=gauge, quantity="water.level", above=True, at=4000, sure=True)
    await erika.presses(data.pack())
    [row] = await rows_of(application, "own_threshold")
    said = await otto.presses(ShowThresholds(remove=row["id"]).pack())
    assert said == words(county, "alarms.own-none")
    assert len(await stored(application)) == 1
    await erika.says("/abos")
    said = await erika.taps(label(county, "subscriptions.button-thresholds"))
    assert "Pegel Mulde: Wasserstand ab 400 cm" in said
    said = await erika.taps("Beenden: Pegel Mulde, Wasserstand ab 400 cm")
    assert said == words(county, "alarms.own-none")
    assert await stored(application) == []


async def test_shown_and_forgotten(county: County, application: Application, gauge: int) -> None:
    citizen = county.citizen()
    data = WatchValue(device=gauge, quantity="water.level", above=True, at=4000, sure=True)
    await citizen.presses(data.pack())
    await citizen.says("/loeschen")
    await citizen.taps(label(county, "privacy.button-erase"))
    assert await stored(application) == []


def test_a_band_lies_on_the_safe_side() -> None:
    assert watch_of(1, "water.level", Direction.ABOVE, 4.0).clear == 3.9
    assert watch_of(1, "air.temperature", Direction.BELOW, 0.0).clear == 1.0
    assert watch_of(1, "air.relativeHumidity", Direction.ABOVE, 80.0).clear == 77.0
    assert watch_of(1, "rain.amount", Direction.ABOVE, 20.0).clear == 19.0
    assert watch_of(1, "rain.amount", Direction.BELOW, 0.0).clear == 1.0


async def test_from_the_wish_to_the_news(
    county: County, application: Application, gauge: int
) -> None:
    citizen = county.citizen()
    await citizen.says("Mulde über 4 m")
    await citizen.taps(label(county, "alarms.button-watch"))
    reading = NewReading(gauge, "water.level", 0, county.clock(), 99, 4.2, 0)
    async with application.transaction() as services:
        await services.readings.put([reading])
        await services.alarms.evaluate([reading])
    county.clock.forward(minutes=1)
    async with application.transaction() as services:
        await services.heralds.look()
    await county.delivery.drain()
    assert "420 cm" in citizen.heard[-1]
    assert "Pegel Mulde" in citizen.heard[-1]
    operator = await county.staff(2001)
    assert words(county, "alarms.board-nothing") in await operator.says("/lage")


async def test_at_night_too(county: County, application: Application, gauge: int) -> None:
    """Quiet hours are for those who did not choose what they hear."""
    county.clock.now = datetime(2026, 11, 20, 23, tzinfo=UTC)
    citizen = county.citizen()
    await citizen.says("Mulde über 4 m")
    await citizen.taps(label(county, "alarms.button-watch"))
    reading = NewReading(gauge, "water.level", 0, county.clock(), 99, 4.2, 0)
    async with application.transaction() as services:
        await services.readings.put([reading])
        await services.alarms.evaluate([reading])
    county.clock.forward(minutes=1)
    async with application.transaction() as services:
        await services.heralds.look()
    await county.delivery.drain()
    assert "420 cm" in citizen.heard[-1]
