"""/regeln: rules in plain words; switched off and on, given back to the folder, sent as a file."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from bot.application import Application
from handlers.buttons.alarms import EditRule, RuleField, ShowRules
from services.alarms.reading import FILE, RuleBook, read_rules
from services.alarms.records import RuleRecord
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import device, measured
from tests.rigging import label, rows_of, words

RECORD = RuleRecord.model_validate(scene.RULE)


@pytest.fixture
async def rule(application: Application, county: County) -> None:
    gauge = await device(application)
    up_and_down = [1.5, 2.2, 3.1, 3.2, 2.4, 1.5, 1.4, 2.1, 1.5]
    await measured(application, gauge, up_and_down, until=county.clock() - timedelta(days=2))
    await scene.rule(application, county.clock() - timedelta(days=10))


async def versions(application: Application) -> list[tuple[int, str]]:
    rows = await rows_of(application, "alarm_rule")
    return [(one["version"], one["origin"]) for one in rows]


async def test_in_plain_words(county: County, rule: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/regeln")
    said = await operator.taps("Wasserstand der Mulde")
    assert "Schwere 2: ab 300 cm, Entwarnung unter 290 cm" in said
    assert "Fassung 1 (aus dem Ordner des Landkreises)" in said


async def test_switched_off_and_on_after_a_look(
    county: County, application: Application, rule: None
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/regeln")
    await operator.taps("Wasserstand der Mulde")
    said = await operator.taps(label(county, "alarms.button-off"))
    assert words(county, "alarms.rule-would-rest") in said
    assert await versions(application) == [(1, "region")]
    said = await operator.taps(label(county, "alarms.button-save"))
    assert "Wasserstand der Mulde (aus)" in said
    newest = (await rows_of(application, "alarm_rule"))[-1]
    assert (newest["version"], newest["active"]) == (2, False)
    await operator.taps(label(county, "alarms.button-on"))
    await operator.taps(label(county, "alarms.button-save"))
    newest = (await rows_of(application, "alarm_rule"))[-1]
    assert (newest["version"], newest["active"]) == (3, True)


async def test_back_to_the_folder_s_text(
    county: County, application: Application, rule: None
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    edit = EditRule(key="mulde", version=1, field=RuleField.ACTIVE, value=0, sure=True)
    assert "(aus)" in await operator.presses(edit.pack())
    said = await operator.taps(label(county, "alarms.button-region"))
    assert "(aus)" not in said
    assert await versions(application) == [(1, "region"), (2, "staff")]
    said = await operator.taps(label(county, "alarms.button-save"))
    assert "Fassung 3 (aus dem Ordner des Landkreises)" in said
    assert label(county, "alarms.button-region") not in operator.buttons
    newest = (await rows_of(application, "alarm_rule"))[-1]
    assert (newest["origin"], newest["document"]) == ("region", RECORD.document())
    async with application.transaction() as services:  # the folder is heard again
        changed = RECORD.model_copy(update={"public": True})
        taken = await services.alarms.take_in(RuleBook({"mulde": changed}))
    assert taken.changed == ["mulde"]


async def test_a_rule_the_folder_never_had_cannot_be_given_back(
    county: County, application: Application
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    async with application.transaction() as services:
        actor = await services.staff.actor((await rows_of(application, "chat"))[0]["id"])
        made = await services.ruling.create(actor, RECORD)
    said = await operator.presses(EditRule(key=made.key, version=1).pack())
    assert "Fassung 1 (im Chat geändert)" in said
    assert label(county, "alarms.button-region") not in operator.buttons
    edit = EditRule(key=made.key, version=1, field=RuleField.REGION, sure=True)
    assert await operator.presses(edit.pack()) == words(county, "alarms.no-such-rule")


async def test_who_comes_second_changes_nothing(
    county: County, application: Application, rule: None
) -> None:
    first, second = [await county.staff(2000 + one, Role.OPERATOR) for one in (1, 2)]
    edit = EditRule(key="mulde", version=1, field=RuleField.ACTIVE, sure=True)
    await first.presses(edit.pack())
    said = await second.presses(edit.pack())
    assert said == words(county, "alarms.rule-changed")
    assert await versions(application) == [(1, "region"), (2, "staff")]


async def test_a_rule_for_exercises_becomes_a_real_one(
    county: County, application: Application
) -> None:
    await scene.rule(application, county.clock(), exercise=True)
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/regeln")
    assert "ÜBUNG" in await operator.taps("Wasserstand der Mulde")
    await operator.taps(label(county, "alarms.button-no-exercise"))
    assert "ÜBUNG" not in await operator.taps(label(county, "alarms.button-save"))
    newest = (await rows_of(application, "alarm_rule"))[-1]
    assert "exercise" not in newest["document"]


async def test_an_exercise_with_a_rule_is_for_some_hours(county: County, rule: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/regeln")
    await operator.taps("Wasserstand der Mulde")
    said = await operator.taps(label(county, "alarms.button-exercise"))
    assert "Übung: Wasserstand der Mulde" in said
    assert "Bis wann?" in said


async def test_only_those_who_handle_alarms(
    county: County, application: Application, rule: None
) -> None:
    edit = EditRule(key="mulde", version=1, field=RuleField.ACTIVE, sure=True)
    editor, clerk = (
        await county.staff(2002, Role.EDITOR),
        await county.staff(2003, Role.OPERATOR, area="150820430430"),
    )
    for person in (county.citizen(), editor, clerk):
        for data in (
            edit,
            edit.model_copy(update={"field": RuleField.SHOW}),
            ShowRules(file=True),
        ):
            said = await person.presses(data.pack())
            assert said == words(county, "staff.not-allowed", area="Landkreis Testkreis")
    assert len(await versions(application)) == 1


async def test_all_rules_as_the_region_s_file(
    county: County, application: Application, rule: None, tmp_path: Path
) -> None:
    await scene.rule(application, county.clock(), id="aus", levels=scene.RULE["levels"][:1])
    operator = await county.staff(2001, Role.OPERATOR)
    edit = EditRule(key="aus", version=1, field=RuleField.ACTIVE, sure=True)
    await operator.presses(edit.pack())
    await operator.says("/regeln")
    await operator.taps(label(county, "alarms.button-file"))
    [sent] = [one for one in county.telegram.log if isinstance(one, SendDocument)]
    assert isinstance(sent.document, BufferedInputFile)
    assert sent.document.filename == FILE
    (tmp_path / FILE).write_bytes(sent.document.data)
    book = read_rules(tmp_path)
    assert book.problems == ()
    assert book.rules == {"mulde": RECORD}
    assert "Ausgeschaltet und darum nicht in dieser Datei: aus" in sent.document.data.decode()
