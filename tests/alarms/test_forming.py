"""The form of a rule: tapped or written, tried on the last 30 days, saved as a version."""

from datetime import timedelta

import pytest

from bot.application import Application
from handlers.buttons.alarms import BeginRule, DraftRule, Part
from handlers.buttons.sensors import AskDevice
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County, Person
from tests.readings.field import ZERBST, device, draw, measured, pictures
from tests.rigging import label, rows_of, words

CHANGE = BeginRule(key="mulde", version=1)
WRONG_UNIT = {
    "unit": "°c",
    "quantity": "Wasserstand",
    "units": "cm, m, mm",
}
OUT_OF_RANGE = {
    "value": "9.900 cm",
    "quantity": "Wasserstand",
    "lowest": "-1.000 cm",
    "highest": "2.500 cm",
}


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application)
    up_and_down = [1.5, 2.2, 3.1, 3.2, 2.4, 1.5, 1.4, 2.1, 1.5]
    await measured(application, gauge, up_and_down, until=county.clock() - timedelta(days=2))
    await scene.rule(application, county.clock() - timedelta(days=10))
    return gauge


@pytest.fixture
async def operator(county: County, gauge: int) -> Person:
    return await county.staff(2001, Role.OPERATOR)


async def rules(application: Application) -> list[dict]:
    return await rows_of(application, "alarm_rule")


async def tap(person: Person, key: str, **given: object) -> str:
    return await person.taps(label(person.county, key, **given))


async def ask(person: Person, part: Part, level: int = -1) -> str:
    return await person.presses(DraftRule(part=part, level=level).pack())


@pytest.mark.parametrize("written", ["3,15", "3,15 m", "315 cm", "315", "3.15 Meter"])
async def test_a_threshold_is_written_tried_and_saved(
    application: Application, operator: Person, written: str
) -> None:
    await operator.says("/regeln")
    await operator.taps("Wasserstand der Mulde")
    await tap(operator, "alarms.button-change")
    await operator.taps("Schwere 2: 300 cm …")
    await tap(operator, "alarms.button-threshold")
    said = await operator.says(written)
    assert "Schwere 2: ab 315 cm, Entwarnung unter 305 cm" in said
    assert "Pegel Mulde: hätte in den letzten 30 Tagen 2-mal ausgelöst (9 Werte)" in said
    assert len(await rules(application)) == 1
    said = await tap(operator, "alarms.button-save")
    assert "Gespeichert als Fassung 2" in said
    before, after = await rules(application)
    assert before["document"]["levels"][1]["at"] == 3.0
    assert after["document"]["levels"][1] == {"severity": "watch", "at": 3.15, "clear": 3.05}
    [act] = [
        one for one in await rows_of(application, "audit_entry") if one["action"] == "alarms.rule"
    ]
    assert act["before"]["levels"][1]["at"] == 3.0
    assert act["after"]["levels"][1]["at"] == 3.15
    assert await rows_of(application, "alarm_rule") == [before, after]


async def test_a_tap_is_an_answer_too(operator: Person) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.AT, 1)
    assert "ab 315 cm, Entwarnung unter 305 cm" in await operator.taps("315 cm")


@pytest.mark.parametrize(
    ("part", "level", "written", "key", "given"),
    [
        (Part.AT, 1, "hoch", "alarms.no-number", {"words": "hoch", "example": "4,85 m"}),
        (Part.AT, 1, "3 °C", "alarms.wrong-unit", WRONG_UNIT),
        (Part.AT, 1, "99 m", "alarms.out-of-range", OUT_OF_RANGE),
        (Part.AT, 1, "3.150 cm", "alarms.ambiguous-number", {"words": "3.150 cm"}),
        (Part.AT, 1, "1,50 m", "alarms.bad-order", {}),
        (Part.AT, 1, "4 m", "alarms.bad-order", {}),
        (Part.CLEAR, 1, "3,10", "alarms.bad-clear-side", {}),
        (Part.CLEAR, 1, "1,80", "alarms.bad-order", {}),
        (Part.SEVERITY, 1, "Schwere 4", "alarms.bad-order", {}),
        (Part.SEVERITY, 1, "schlimm", "alarms.bad-severity", {}),
        (Part.MORE, -1, "2,50 m", None, None),
        (Part.MORE, -1, "3,20 m", "alarms.bad-no-severity", {}),
        (Part.UP_FOR, -1, "lange", "alarms.no-span", {"words": "lange"}),
        (Part.UP_FOR, -1, "40 Tage", "alarms.bad-span", {}),
        (Part.UP_FOR, -1, "0 Werte", "alarms.bad-span", {}),
        (Part.BOUNDS, -1, "12 m", "alarms.no-bounds", {"words": "12 m"}),
        (Part.BOUNDS, -1, "9 bis 8 m", "alarms.bad-bounds", {}),
        (Part.BOUNDS, -1, "0 bis 3 m", "alarms.bad-plausible", {}),
        (Part.STEP, -1, "0", "alarms.bad-step", {"words": "0"}),
        (Part.NAME, -1, "x" * 81, "alarms.bad-name", {"most": 80}),
        (Part.DEVICE, -1, "Zugspitze", "alarms.no-such-choice", {"words": "Zugspitze"}),
    ],
)
async def test_what_is_wrong_is_named_and_can_be_written_again(  # noqa: PLR0917
    county: County,
    operator: Person,
    part: Part,
    level: int,
    written: str,
    key: str | None,
    given: dict | None,
) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, part, level)
    said = await operator.says(written)
    if key is None:
        assert words(county, "alarms.rule-would-be") in said
        return
    assert said == words(county, key, **(given or {}))
    menu = await ask(operator, Part.MENU)  # the draft is as it was
    assert "Schwere 2: ab 300 cm, Entwarnung unter 290 cm" in menu


async def test_every_part_can_be_written(application: Application, operator: Person) -> None:
    await operator.presses(CHANGE.pack())
    for part, level, written, shown in (
        (Part.CLEAR, 0, "150 cm", "Hinweis: ab 200 cm, Entwarnung unter 150 cm"),
        (Part.SEVERITY, 1, "Schwere 1", "Schwere 1: ab 300 cm"),
        (Part.MORE, -1, "3,20 m", "Schwere 2: ab 320 cm, Entwarnung unter 310 cm"),
        (Part.UP_FOR, -1, "20 min 3 Werte", "Alarm: nach 20 Minuten und 3 Werten"),
        (Part.DOWN_FOR, -1, "1 Std. 30 min", "nach 1 Stunde 30 Minuten und 1 Wert."),
        (Part.SILENT, -1, "Schwere 1", "Meldet sich ein Gerät nicht: Schwere 1"),
        (Part.PATIENT, -1, "2 Std.", "Ein Gerät darf zusätzlich fehlen: 2 Stunden"),
        (Part.BOUNDS, -1, "-1 bis 1200 cm", "Möglich: -1 cm bis 1.200 cm"),
        (Part.STEP, -1, "50 cm pro Stunde", "Höchstens 50 cm Änderung je Stunde"),
        (Part.NAME, -1, "Mulde am Wehr", ""),
        (Part.WATER, -1, "mulde", "Gilt für: Mulde"),
    ):
        operator.county.clock.forward(minutes=1)
        await ask(operator, part, level)
        said = await operator.says(written)
        assert shown in said, said
    await tap(operator, "alarms.button-save")
    document = (await rules(application))[-1]["document"]
    assert [one["at"] for one in document["levels"]] == [2.0, 3.0, 3.2, 3.5]
    assert document["up_for"] == {"time": "20 min", "samples": 3}
    assert document["down_for"] == {"time": "90 min"}
    assert document["offline"] == {"severity": "start", "patience": "2 h"}
    assert document["plausible"] == {"lowest": -0.01, "highest": 12.0, "step_per_hour": 0.5}
    assert document["name"] == {"de": "Mulde am Wehr", "en": "Mulde am Wehr"}
    assert document["applies_to"] == {"water": "Mulde"}


async def test_parts_can_be_taken_away(application: Application, operator: Person) -> None:
    await operator.presses(CHANGE.pack())
    for part, written in ((Part.SILENT, "Schwere 1"), (Part.BOUNDS, "0 bis 9 m")):
        await ask(operator, part)
        await operator.says(written)
    for part in (Part.SILENT, Part.BOUNDS):
        await ask(operator, part)
        await operator.says("keine")
    for _ in range(2):
        await operator.presses(DraftRule(part=Part.LESS, level=0).pack())
    said = await operator.presses(DraftRule(part=Part.LESS, level=0).pack())
    assert said == words(operator.county, "alarms.bad-last-level")
    await ask(operator, Part.TRY)
    await tap(operator, "alarms.button-save")
    document = (await rules(application))[-1]["document"]
    assert [one["at"] for one in document["levels"]] == [3.5]
    assert "offline" not in document
    assert "plausible" not in document


async def test_nothing_is_saved_by_whoever_cancels(
    application: Application, operator: Person
) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.AT, 1)
    assert await operator.says("Abbrechen") == words(operator.county, "alarms.draft-dropped")
    assert len(await rows_of(application, "alarm_rule")) == 1
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.AT, 1)
    await operator.says("3,15 m")
    said = await tap(operator, "alarms.button-drop-draft")
    assert said == words(operator.county, "alarms.draft-dropped")
    said = await ask(operator, Part.SAVE)
    assert said == words(operator.county, "alarms.no-draft")
    assert len(await rows_of(application, "alarm_rule")) == 1


async def test_whoever_comes_second_is_told_and_overwrites_nothing(
    county: County, application: Application, gauge: int
) -> None:
    first, second = [await county.staff(2000 + one, Role.OPERATOR) for one in (1, 2)]
    for person, at in ((first, "3,10 m"), (second, "3,20 m")):
        await person.presses(CHANGE.pack())
        await ask(person, Part.AT, 1)
        await person.says(at)
    await tap(first, "alarms.button-save")
    said = await tap(second, "alarms.button-save")
    assert said == words(county, "alarms.draft-stale", version=1, newest=2)
    assert [one["version"] for one in await rules(application)] == [1, 2]
    said = await tap(second, "alarms.button-newer")
    assert "ab 310 cm" in said
    await tap(second, "alarms.button-change")
    said = await tap(second, "alarms.button-anew")
    assert "ab 310 cm" in said


async def test_a_draft_outlives_days_of_pause(
    county: County, application: Application, operator: Person
) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.AT, 1)
    await operator.says("3,15 m")
    await ask(operator, Part.AT, 2)
    county.clock.forward(days=5)
    said = await operator.says("3,80 m")  # after so long it may be a question
    assert "ab 380 cm" not in said
    await operator.says("/regeln")
    said = await tap(operator, "alarms.button-go-on")
    assert "ab 315 cm" in said
    await ask(operator, Part.AT, 2)
    assert "ab 380 cm" in await operator.says("3,80 m")
    county.clock.forward(days=31)
    await county.runs("forget drafts of rules")
    assert len(await rows_of(application, "alarm_rule")) == 1
    assert label(county, "alarms.button-go-on") not in await buttons_of(operator, "/regeln")


async def buttons_of(person: Person, words: str) -> list[str]:
    await person.says(words)
    return list(person.buttons)


async def test_a_draft_is_no_rule(application: Application, operator: Person) -> None:
    await operator.presses(CHANGE.pack())
    async with application.transaction() as services:
        known = await services.alarms.rules()
        assert known.by_key.keys() == {"mulde"}
        assert [one.key for one in await services.ruling.everything()] == ["mulde"]


async def test_danger_and_commands_come_before_the_form(operator: Person) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.NAME)
    assert "112" in await operator.says("Hilfe, mein Haus brennt!")
    assert "Stummschaltungen" in await operator.says("/stumm")
    assert "So wäre die Regel" in await operator.says("Mulde am Wehr")


async def test_only_those_who_make_rules(
    county: County, application: Application, gauge: int
) -> None:
    editor, clerk = (
        await county.staff(2002, Role.EDITOR),
        await county.staff(2003, Role.OPERATOR, area=ZERBST),
    )
    for person in (county.citizen(), editor, clerk):
        for data in (CHANGE, BeginRule(), DraftRule(part=Part.SAVE)):
            said = await person.presses(data.pack())
            assert said == words(county, "staff.not-allowed", area="Landkreis Testkreis")
    assert len(await rows_of(application, "alarm_rule")) == 1


async def test_the_dry_run_as_a_picture(county: County, operator: Person) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.AT, 1)
    await operator.says("3,15 m")
    await tap(operator, "alarms.button-picture")
    [job] = await rows_of(county.application, "heavy_job")
    assert [name for _, name in job["arguments"]["chart"]["marks"]] == ["▲ 18.11.", ""]
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(b"\x89PNG")
    assert "2-mal ausgelöst" in caption
    assert "ab 315 cm" in caption


async def test_a_dry_run_looks_at_the_devices_that_are_meant(
    county: County, application: Application, operator: Person
) -> None:
    tagged = await device(application, "Pegel Wehr", tags="wehr", ars=ZERBST)
    await measured(application, tagged, [1.0, 3.2, 1.0], until=county.clock() - timedelta(days=1))
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.TAG)
    said = await operator.taps("wehr")
    assert "Pegel Wehr: hätte in den letzten 30 Tagen 1-mal ausgelöst (3 Werte)" in said
    assert "Pegel Mulde: hätte" not in said


async def test_words_answer_what_was_asked_last(
    county: County, application: Application, operator: Person, gauge: int
) -> None:
    await operator.presses(CHANGE.pack())
    await ask(operator, Part.NAME)
    county.clock.forward(minutes=1)
    await operator.presses(AskDevice(device=gauge, field="name").pack())
    await operator.says("Pegel Neu")
    [renamed] = await rows_of(application, "device")
    assert renamed["name"] == "Pegel Neu"
    await operator.presses(AskDevice(device=gauge, field="name").pack())
    county.clock.forward(minutes=1)
    await ask(operator, Part.NAME)
    assert words(county, "alarms.rule-would-be") in await operator.says("Mulde am Wehr")
    [same] = await rows_of(application, "device")
    assert same["name"] == "Pegel Neu"
