"""/regeln: rules in plain words, changed by buttons, tried before they hold, one version each."""

from datetime import timedelta

import pytest

from bot.application import Application
from handlers.buttons.alarms import EditRule, RuleField
from services.alarms.records import RuleRecord
from services.alarms.rules.records import Severity
from services.alarms.ruling import BadRuleError, graver, lasting, with_level
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import device, draw, measured, pictures
from tests.rigging import label, rows_of, words

RECORD = RuleRecord.model_validate(scene.RULE)


@pytest.fixture
async def rule(application: Application, county: County) -> None:
    gauge = await device(application)
    up_and_down = [1.5, 2.2, 3.1, 3.2, 2.4, 1.5, 1.4, 2.1, 1.5]
    await measured(application, gauge, up_and_down, until=county.clock() - timedelta(days=2))
    await scene.rule(application, county.clock() - timedelta(days=10))


async def versions(application: Application) -> list[tuple[int, str, float]]:
    rows = await rows_of(application, "alarm_rule")
    return [(one["version"], one["origin"], one["document"]["levels"][1]["at"]) for one in rows]


async def test_in_plain_words(county: County, rule: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/regeln")
    said = await operator.taps("Wasserstand der Mulde")
    assert "Schwere 2: ab 300 cm, Entwarnung unter 290 cm" in said
    assert "Fassung 1 (aus dem Ordner des Landkreises)" in said


async def test_a_threshold_is_tried_then_saved(
    county: County, application: Application, rule: None
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/regeln")
    await operator.taps("Wasserstand der Mulde")
    await operator.taps(label(county, "alarms.button-level", number=2))
    await operator.taps(label(county, "alarms.button-threshold"))
    said = await operator.taps("315 cm")
    assert "Schwere 2: ab 315 cm, Entwarnung unter 305 cm" in said
    assert "Pegel Mulde: hätte in den letzten 30 Tagen 2-mal ausgelöst (9 Werte)" in said
    assert await versions(application) == [(1, "region", 3.0)]
    said = await operator.taps(label(county, "alarms.button-save"))
    assert "Gespeichert als Fassung 2" in said
    assert await versions(application) == [(1, "region", 3.0), (2, "staff", 3.15)]
    [act] = [
        one for one in await rows_of(application, "audit_entry") if one["action"] == "alarms.rule"
    ]
    assert act["before"]["levels"][1]["at"] == 3.0
    assert act["after"]["levels"][1]["at"] == 3.15


async def test_who_comes_second_changes_nothing(
    county: County, application: Application, rule: None
) -> None:
    first, second = [await county.staff(2000 + one, Role.OPERATOR) for one in (1, 2)]
    edit = EditRule(key="mulde", version=1, field=RuleField.AT, level=1, sure=True)
    await first.presses(edit.model_copy(update={"value": 3100}).pack())
    said = await second.presses(edit.model_copy(update={"value": 3200}).pack())
    assert said == words(county, "alarms.rule-changed")
    assert [version for version, _, _ in await versions(application)] == [1, 2]


async def test_patience_severity_and_off(
    county: County, application: Application, rule: None
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    changes = (
        (RuleField.UP_FOR, 30),
        (RuleField.DOWN_FOR, 120),
        (RuleField.ACTIVE, 0),
    )
    for version, (field, value) in enumerate(changes, start=1):
        edit = EditRule(key="mulde", version=version, field=field, value=value, sure=True)
        said = await operator.presses(edit.pack())
    assert "Wasserstand der Mulde (aus)" in said
    assert "Alarm: nach 30 Minuten" in said
    assert "Entwarnung: nach 2 Stunden" in said
    newest = (await rows_of(application, "alarm_rule"))[-1]
    assert newest["active"] is False


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
    edit = EditRule(key="mulde", version=1, field=RuleField.AT, level=1, value=3100, sure=True)
    editor, clerk = (
        await county.staff(2002, Role.EDITOR),
        await county.staff(2003, Role.OPERATOR, area="150820430430"),
    )
    for person in (county.citizen(), editor, clerk):
        for data in (edit, edit.model_copy(update={"field": RuleField.SHOW})):
            said = await person.presses(data.pack())
            assert said == words(county, "staff.not-allowed", area="Landkreis Testkreis")
    assert len(await versions(application)) == 1


@pytest.mark.parametrize(
    ("field", "level", "value"),
    [
        (RuleField.AT, 1, 1500),
        (RuleField.AT, 9, 3100),
        (RuleField.SEVERITY, 1, 9),
        (RuleField.SEVERITY, 1, 4),
        (RuleField.UP_FOR, 0, 7),
    ],
)
async def test_nonsense_is_refused(
    county: County, application: Application, rule: None, field: RuleField, level: int, value: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    edit = EditRule(key="mulde", version=1, field=field, level=level, value=value, sure=True)
    assert await operator.presses(edit.pack()) == words(county, "alarms.bad-rule")
    assert len(await versions(application)) == 1


def test_a_threshold_takes_its_clear_value_along() -> None:
    level = with_level(RECORD, 0, at=2.5).levels[0]
    assert (level.at, level.clear) == (2.5, 2.4)
    percent = RECORD.model_copy(
        update={
            "levels": (RECORD.levels[0].model_copy(update={"clear": None, "hysteresis": "5 %"}),)
        }
    )
    assert with_level(percent, 0, at=4.0).levels[0].level(RECORD.direction).clear == 3.8


def test_severities_rise() -> None:
    assert graver(RECORD, 1, Severity.START).levels[1].severity is Severity.START
    with pytest.raises(BadRuleError):
        graver(RECORD, 0, Severity.GUARD)
    assert lasting(RECORD, 30, up=True).up_for.time == timedelta(minutes=30)


async def test_a_rule_is_tried_on_the_devices_it_means(
    county: County, application: Application, rule: None
) -> None:
    tagged = await device(application, "Pegel Wehr", tags="wehr", ars="150820430430")
    await measured(application, tagged, [1.0, 3.2, 1.0], until=county.clock() - timedelta(days=1))
    await scene.rule(application, county.clock(), id="wehr", applies_to={"tag": "wehr"})
    operator = await county.staff(2001, Role.OPERATOR)
    edit = EditRule(key="wehr", version=1, field=RuleField.AT, level=1, value=3100)
    said = await operator.presses(edit.pack())
    assert "Pegel Wehr: hätte in den letzten 30 Tagen 1-mal ausgelöst (3 Werte)" in said
    assert "Pegel Mulde" not in said


async def test_a_dry_run_as_a_picture(county: County, rule: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    edit = EditRule(key="mulde", version=1, field=RuleField.AT, level=1, value=3150)
    await operator.presses(edit.pack())
    await operator.taps(label(county, "alarms.button-picture"))
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(b"\x89PNG")
    assert "2-mal ausgelöst" in caption
    assert "ab 315 cm" in caption
