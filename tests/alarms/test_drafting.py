"""A rule in the making: every change yields a whole rule, or says what is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms.drafting import (
    BadRuleError,
    begun,
    graver,
    key_for,
    lasting,
    silent,
    with_level,
    with_more,
    without_level,
)
from services.alarms.reading import FILE, read_rules
from services.alarms.records import AppliesTo, RuleRecord
from services.alarms.rules.records import Direction, Severity
from services.alarms.writing import alarms_yaml
from tests.alarms import scene
from tests.conftest import ROOT

RECORD = RuleRecord.model_validate(scene.RULE)
FROST = RuleRecord.model_validate(
    {
        "id": "frost",
        "name": {"de": "Frost", "en": "Frost"},
        "quantity": "air.temperature",
        "direction": "below",
        "levels": [{"severity": "notice", "at": 0.0, "clear": 1.0}],
    }
)


def test_a_threshold_takes_its_clear_value_along() -> None:
    level = with_level(RECORD, 0, at=2.5).levels[0]
    assert (level.at, level.clear) == (2.5, 2.4)
    percent = RECORD.model_copy(
        update={
            "levels": (RECORD.levels[0].model_copy(update={"clear": None, "hysteresis": "5 %"}),)
        }
    )
    assert with_level(percent, 0, at=4.0).levels[0].level(RECORD.direction).clear == 3.8
    cleared = with_level(percent, 0, clear=1.0).levels[0]
    assert (cleared.clear, cleared.hysteresis) == (1.0, None)


def test_severities_rise() -> None:
    assert graver(RECORD, 1, Severity.START).levels[1].severity is Severity.START
    for level, severity in ((0, Severity.GUARD), (1, 9)):
        with pytest.raises(BadRuleError):
            graver(RECORD, level, severity)


def test_one_more_level_finds_its_place() -> None:
    low, high = with_more(RECORD, 2.5), with_more(RECORD, 4.0)
    assert [(one.severity.name, one.at) for one in low.levels[1:2]] == [("START", 2.5)]
    assert (low.levels[1].clear, high.levels[3].clear) == (2.4, 3.9)
    assert high.levels[3].severity is Severity.DEFENCE
    with pytest.raises(BadRuleError) as error:
        with_more(high, 5.0)
    assert error.value.text_key == "alarms.bad-no-severity"
    colder = with_more(FROST, -10.0).levels[1]
    assert (colder.at, colder.clear, colder.severity) == (-10.0, -9.0, Severity.START)


def test_the_last_level_stays() -> None:
    assert [one.at for one in without_level(RECORD, 1).levels] == [2.0, 3.5]
    with pytest.raises(BadRuleError) as error:
        without_level(FROST, 0)
    assert error.value.text_key == "alarms.bad-last-level"


@pytest.mark.parametrize("level", [-1, 3])
def test_a_level_that_is_not_there(level: int) -> None:
    for change in (without_level, lambda record, number: with_level(record, number, at=3.0)):
        with pytest.raises(BadRuleError):
            change(RECORD, level)


def test_patience_changes_by_halves() -> None:
    half = lasting(RECORD, timedelta(minutes=30), None, up=True)
    assert (half.up_for.time, half.up_for.samples) == (timedelta(minutes=30), 1)
    assert lasting(half, None, 4, up=True).up_for.time == timedelta(minutes=30)
    for time, samples in ((timedelta(days=32), None), (None, 1001), (None, 0)):
        with pytest.raises(BadRuleError) as error:
            lasting(RECORD, time, samples, up=False)
        assert error.value.text_key == "alarms.bad-span"


def test_silence_is_worth_something_or_nothing() -> None:
    grave = silent(RECORD, Severity.START, timedelta(hours=1))
    assert grave.offline is not None
    assert silent(grave, Severity.WATCH, None).offline == grave.offline.model_copy(
        update={"severity": Severity.WATCH}
    )
    assert silent(grave, None, None).offline is None


@given(
    st.sampled_from(Direction),
    st.floats(-5, 20).map(lambda one: round(one, 2)),
    st.one_of(st.none(), st.integers(10, 7 * 24 * 3600).map(lambda one: timedelta(seconds=one))),
)
def test_a_new_rule_is_whole(direction: Direction, at: float, interval: timedelta | None) -> None:
    rule = begun(
        AppliesTo(type="gauge"), "water.level", direction, at, name="Pegel", interval=interval
    )
    [level] = rule.levels
    assert RuleRecord.model_validate(rule.document()) == rule
    assert (level.clear or 0) < at if direction is Direction.ABOVE else (level.clear or 0) > at
    assert rule.up_for.time == (interval or timedelta(minutes=15))


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Straße am Wehr", (), "strasse-am-wehr"),
        ("Mulde", ("mulde", "mulde-2"), "mulde-3"),
        ("!!!", (), "rule"),
        ("Мульде", (), "rule"),
        ("New", (), "new-2"),
        ("x" * 60, (), "x" * 30),
    ],
)
def test_a_key_is_made_of_the_name(name: str, taken: tuple[str, ...], key: str) -> None:
    assert key_for(name, taken) == key


@pytest.mark.parametrize("region", ["anhalt-bitterfeld", "beispielkreis"])
def test_a_region_s_rules_are_read_again_as_written(region: str, tmp_path: Path) -> None:
    rules = read_rules(ROOT / "regions" / region).rules
    assert rules
    content = alarms_yaml(rules.values(), ["Kopf", "id: kein Feld"])
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    book = read_rules(tmp_path)
    assert book.problems == ()
    assert book.rules == rules
    assert content.startswith("# Kopf\n# id: kein Feld\n")
