"""What people see of sensors: answers, lists, charts, tables, the map; and what they do not."""

import csv
import io
import re
from datetime import timedelta

import pytest
from aiogram.methods import AnswerCallbackQuery, SendVenue
from sqlalchemy import text as sql

from bot.application import Application
from handlers.buttons.sensors import DrawReadings, Period, ShowSensor
from lorawan.measurement import Mark
from services.devices.model import State, Visibility
from tests.county import County
from tests.readings.field import (
    AIR,
    KOETHEN,
    ZERBST,
    device,
    draw,
    files,
    measured,
    pictures,
)
from tests.rigging import everything_stored, group_message, label, words

RISING = [2.00 + 0.01 * step for step in range(17)]
"""Metres every quarter of an hour: 4 cm an hour."""
HOME = {"latitude": 51.7512, "longitude": 11.9734}


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application, gauge_datum=69.0)
    until = county.clock() - timedelta(minutes=12)
    await measured(application, gauge, RISING, until=until)
    return gauge


async def test_the_level_of_a_river(county: County, gauge: int) -> None:
    said = await county.citizen().says("Wie hoch ist die Mulde in Köthen?")
    assert "<b>Pegel Mulde</b>" in said
    assert "<b>Wasserstand: 216 cm</b>" in said
    assert "steigend, etwa 4 cm je Stunde (beobachtet über 3 Stunden)" in said
    assert "71,16 m über dem Meeresspiegel" in said
    assert "20.11.26, 11:48 (vor 12 Minuten)" in said
    assert "Ungeprüfter Messwert" in said
    assert "Hochwasserzentrale Test" in said
    assert "Alarmstufe" not in said
    assert "Intern" not in said


@pytest.mark.parametrize(
    ("language", "question", "value", "ago"),
    [
        ("en", "how high is the Mulde", "Water level: 216 cm", "12 minutes ago"),
        ("uk", "рівень води Мульде", "Рівень води: 216 см", "12 хвилин тому"),
        ("ar", "مستوى المياه", "216 سم", "قبل 12 دقيقة"),
    ],
)
async def test_in_the_language_of_the_question(
    county: County, gauge: int, language: str, question: str, value: str, ago: str
) -> None:
    said = re.sub(
        "[\u200e\u200f\u2066-\u2069]", "", await county.citizen(language=language).says(question)
    )
    assert value in said
    assert ago in said


async def test_danger_comes_before_every_measurement(county: County, gauge: int) -> None:
    said = await county.citizen().says("Die Mulde tritt über die Ufer, der Keller läuft voll")
    assert "112" in said
    assert "Wasserstand" not in said


async def test_a_service_stays_a_service(county: County, gauge: int) -> None:
    said = await county.citizen().says("Hochwasserschutz beantragen")
    assert "Wasserstand:" not in said


async def test_what_does_not_report_any_more_is_said_to_be_silent(
    county: County, gauge: int
) -> None:
    county.clock.forward(hours=5)
    said = await county.citizen().says("pegel mulde")
    assert "Seit 20.11.26, 11:48 kein neuer Wert (vor 5 Stunden)" in said
    assert "steigend" not in said


async def test_what_reports_once_a_day_is_not_silent_after_some_hours(
    county: County, application: Application
) -> None:
    daily = await device(application, interval_seconds=None)
    until = county.clock() - timedelta(hours=26)
    await measured(application, daily, [2.0] * 7, until=until, step=timedelta(days=1))
    assert "Gemessen: 19.11.26, 10:00" in await county.citizen().says("pegel mulde")
    county.clock.forward(days=2)
    assert "Seit 19.11.26, 10:00 kein neuer Wert" in await county.citizen().says("pegel mulde")


async def test_many_fitting_sensors_lead_to_the_list(
    county: County, application: Application
) -> None:
    for number in range(9):
        one = await device(application, f"Pegel {number}", place="")
        await measured(application, one, [1.0], until=county.clock())
    citizen = county.citizen()
    await citizen.says("pegel mulde")
    assert len(citizen.buttons) == 7 + 1
    assert "<b>Pegel</b> (9)" in await citizen.taps("Alle Sensoren")


async def test_names_are_shown_as_they_are(county: County, application: Application) -> None:
    odd = await device(application, "<b>Pegel</b> & $x^2$ {name}", place="{place}")
    await measured(application, odd, [1.0, 1.1, 1.2], until=county.clock())
    citizen = county.citizen()
    said = await citizen.says("pegel mulde")
    assert "<b>&lt;b&gt;Pegel&lt;/b&gt; &amp; $x^2$ {name}</b>" in said
    await citizen.taps("Diagramm: Tag")
    await draw(county)
    [(_, caption)] = pictures(county)
    assert "&lt;b&gt;Pegel&lt;/b&gt; &amp; $x^2$ {name}: Wasserstand" in caption
    await citizen.says("/sensoren")
    assert "<b>Pegel</b> & $x^2$ {name}, Köthen (Anhalt)" in citizen.buttons


async def test_several_sensors_are_a_choice(
    county: County, application: Application, gauge: int
) -> None:
    other = await device(application, "Pegel Mulde Nord", ars=ZERBST, place="Wehr")
    await measured(application, other, [1.0, 1.0], until=county.clock())
    citizen = county.citizen()
    said = await citizen.says("pegel mulde")
    assert said == words(county, "readings.choose")
    said = await citizen.taps("Pegel Mulde Nord, Zerbst/Anhalt")
    assert "Wasserstand: 100 cm" in said
    assert "Wasserstand: 216 cm" in await citizen.says("Pegel Mulde in Köthen")
    assert "Wasserstand: 100 cm" in await citizen.says("pegel am wehr")


async def test_an_honest_no_names_what_there_is(county: County, gauge: int) -> None:
    citizen = county.citizen()
    said = await citizen.says("Wie hoch ist die Mulde in Zerbst?")
    assert words(county, "readings.none-there") in said
    assert "Pegel Mulde, Köthen (Anhalt)" in citizen.buttons
    assert "Hochwasserzentrale Test" in citizen.buttons
    said = await citizen.says("wie warm ist es in Zerbst")
    assert said == words(county, "readings.none-at-all")


async def test_a_river_elsewhere_is_not_ours(county: County, gauge: int) -> None:
    said = await county.citizen().says("Wie hoch ist die Elbe in Dresden")
    assert "cm" not in said


async def test_without_sensors_flood_services_are_still_named(county: County) -> None:
    citizen = county.citizen()
    said = await citizen.says("Wie hoch ist die Mulde?")
    assert words(county, "readings.none-at-all") in said
    assert "Hochwasserzentrale Test" in citizen.buttons
    assert words(county, "readings.none-at-all") not in await citizen.says("Feinstaub Köthen")


@pytest.mark.parametrize(
    "hidden",
    [
        {"visibility": Visibility.INTERNAL},
        {"state": State.TEST},
        {"state": State.MAINTENANCE},
        {"state": State.UNKNOWN},
        {"state": State.IGNORED},
        {"state": State.RETIRED},
    ],
)
async def test_what_is_not_public_is_not_there_for_citizens(
    county: County, application: Application, gauge: int, hidden: dict[str, str]
) -> None:
    secret = await device(application, "Geheimer Pegel", place="Keller", **hidden)
    await measured(application, secret, [3.0], until=county.clock())
    citizen = county.citizen()
    assert "216 cm" in await citizen.says("pegel mulde")
    assert "Geheim" not in await citizen.says("/sensoren")
    assert "Geheim" not in await citizen.says("pegel im Keller")
    shown = await citizen.presses(ShowSensor(device=secret).pack())
    assert shown == words(county, "readings.unknown-sensor")
    wanted = DrawReadings(device=secret, quantity="water.level", channel=0, period=Period.DAY)
    assert await citizen.presses(wanted.pack()) == words(county, "readings.unknown-sensor")
    [near] = await citizen.sends({"location": HOME})
    assert "Geheim" not in near.text


async def test_staff_see_what_is_being_tested_and_that_it_is_internal(
    county: County, application: Application, gauge: int
) -> None:
    secret = await device(application, "Pegel im Test", state=State.TEST, place="Wehr")
    await measured(application, secret, [3.0], until=county.clock())
    staff = await county.staff(2001)
    said = await staff.says("pegel am wehr")
    assert "Wasserstand: 300 cm" in said
    assert words(county, "readings.internal") in said


async def test_an_editor_of_another_town_sees_no_more_than_a_citizen(
    county: County, application: Application, gauge: int
) -> None:
    secret = await device(application, "Pegel im Test", state=State.TEST, ars=ZERBST)
    koethen = await county.staff(2002, area=KOETHEN)
    zerbst = await county.staff(2003, area=ZERBST)
    pressed = ShowSensor(device=secret).pack()
    assert await koethen.presses(pressed) == words(county, "readings.unknown-sensor")
    assert "Pegel im Test" in await zerbst.presses(pressed)


async def test_in_a_group_everybody_reads_along(
    county: County, application: Application, gauge: int
) -> None:
    await device(application, "Geheimer Pegel", visibility=Visibility.INTERNAL)
    await county.staff(2001)
    await county.receives({"update_id": 1, **group_message(county, -500, 2001, text="/sensoren")})
    await county.settle()
    [said] = county.told(-500)
    assert "Pegel Mulde" in said
    assert "Geheim" not in said
    assert not county.telegram.said[-1].buttons


async def test_doubtful_values_are_called_so(county: County, application: Application) -> None:
    gauge = await device(application)
    until = county.clock() - timedelta(hours=1)
    await measured(application, gauge, [2.0] * 20, until=until)
    await measured(application, gauge, [99.0], until=county.clock(), marks=Mark.OUT_OF_RANGE)
    said = await county.citizen().says("pegel mulde")
    assert words(county, "readings.implausible") in said
    assert "steigend" not in said


async def test_the_list_by_type_and_town(
    county: County, application: Application, gauge: int
) -> None:
    for number in range(9):
        await device(
            application, f"Wetter {number}", type="weather", water="", ars=ZERBST, place=""
        )
    citizen = county.citizen()
    said = await citizen.says("/sensoren")
    assert "<b>Pegel</b> (1)" in said
    assert "Köthen (Anhalt): Pegel Mulde" in said
    assert "<b>Wetter</b> (9)" in said
    await citizen.taps("Wetter")
    assert len(citizen.buttons) == 7 + 2
    await citizen.taps(label(county, "ask.button-next"))
    assert "Wetter 8, Zerbst/Anhalt" in citizen.buttons
    assert "Wetter 8" in await citizen.taps("Wetter 8, Zerbst/Anhalt")


async def test_a_location_finds_the_nearest_and_is_not_kept(
    county: County, application: Application, gauge: int
) -> None:
    await device(application, "Pegel fern", latitude=51.95, longitude=12.09)
    await device(application, "Ohne Ort", latitude=None, longitude=None)
    [said] = await county.citizen().sends({"location": HOME})
    lines = said.text.splitlines()
    assert lines[2:] == ["Pegel Mulde: 270 m", "Pegel fern: 24 km"]
    assert "nicht gespeichert" in said.text
    stored = await everything_stored(application)
    assert "51.7512" not in stored
    assert "11.9734" not in stored


async def test_a_chart_is_announced_at_once_and_comes_as_a_picture(
    county: County, gauge: int
) -> None:
    citizen = county.citizen()
    await citizen.says("pegel mulde")
    await citizen.taps("Diagramm: Tag")
    toasts = [one.text for one in county.telegram.log if isinstance(one, AnswerCallbackQuery)]
    assert toasts == [words(county, "readings.drawing")]
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000
    assert "Niedrigster Wert 200 cm, höchster 216 cm, zuletzt 216 cm." in caption
    assert "19.11.26, 12:00 bis 20.11.26, 12:00" in caption
    assert "Wasserstand: 216 cm" in await citizen.taps("Aktueller Wert")


@pytest.mark.parametrize("period", ["Woche", "Monat", "Jahr"])
async def test_longer_charts_are_made_of_sums(county: County, gauge: int, period: str) -> None:
    citizen = county.citizen()
    await citizen.says("pegel mulde")
    await citizen.taps(f"Diagramm: {period}")
    await draw(county)
    [(_, caption)] = pictures(county)
    assert "Niedrigster Wert 200 cm, höchster 216 cm" in caption


async def test_a_sensor_withdrawn_meanwhile_is_not_drawn(
    county: County, application: Application, gauge: int
) -> None:
    citizen = county.citizen()
    await citizen.says("pegel mulde")
    await citizen.taps("Diagramm: Tag")
    async with application.database.write.begin() as session:
        await session.execute(sql("UPDATE device SET visibility = 'internal'"))
    await draw(county)
    assert pictures(county) == []
    assert citizen.heard[-1] == words(county, "readings.unknown-sensor")


async def test_a_table_opens_in_a_german_spreadsheet(county: County, gauge: int) -> None:
    citizen = county.citizen()
    await citizen.says("pegel mulde")
    await citizen.taps("Tabelle (CSV)")
    [(name, content)] = files(county)
    assert name == "pegel-mulde-water-level-2026-11-20.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [
        "Ortszeit",
        "UTC",
        "Mittel",
        "Niedrigster",
        "Höchster",
        "Einheit",
        "Hinweis",
    ]
    assert rows[1][:5] == [
        "2026-11-20T07:00:00+01:00",
        "2026-11-20T06:00:00Z",
        "200,00",
        "200,00",
        "200,00",
    ]


async def test_the_map(county: County, gauge: int) -> None:
    citizen = county.citizen()
    await citizen.says("pegel mulde")
    await citizen.taps("Karte")
    [venue] = [one for one in county.telegram.log if isinstance(one, SendVenue)]
    assert (venue.latitude, venue.longitude) == (51.75, 11.97)
    assert venue.address == "Brücke am Markt, Köthen (Anhalt)"


async def test_other_quantities_have_buttons(
    county: County, application: Application, gauge: int
) -> None:
    await measured(application, gauge, [7.26], until=county.clock(), quantity=AIR)
    citizen = county.citizen()
    said = await citizen.says("pegel mulde")
    assert "Lufttemperatur: 7,3 °C" in said
    said = await citizen.taps("Lufttemperatur")
    assert "<b>Lufttemperatur: 7,3 °C</b>" in said
    assert "Lufttemperatur: 7,3 °C" in await citizen.says("wie warm ist es in Köthen")
