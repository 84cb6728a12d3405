"""What a rule may say, where it is wrong, and how the region's file becomes versions."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.application import Application
from bot.settings import REGIONS
from services.alarms.model import AlarmRule, Origin
from services.alarms.packing import packed, unpacked
from services.alarms.reading import check_rules, read_rules
from services.alarms.records import RuleRecord, Severity
from services.alarms.rules.engine import observe, present
from services.alarms.rules.records import Sample, Track
from services.region.service import Region, load_region
from tests.alarms.field import RULE, at, record, take_in
from tests.rigging import rows_of

LEVELS = RULE["levels"]


def refused(**changes: Any) -> set[str]:
    """Return the kinds of errors of a rule; it must have some."""
    with pytest.raises(ValidationError) as caught:
        record(**changes)
    return {one["type"] for one in caught.value.errors()}


def test_hysteresis_is_absolute_or_a_share() -> None:
    rule = record(
        levels=[
            {"severity": "notice", "at": 2.0, "hysteresis": 0.1},
            {"severity": "start", "at": 4.0, "hysteresis": "5 %"},
            {"severity": "watch", "at": 5.0},
        ]
    ).rule(timedelta(minutes=10))
    assert [round(one.clear, 6) for one in rule.levels] == [1.9, 3.8, 5.0]
    assert [one.severity for one in rule.levels] == [Severity(0), Severity(1), Severity(2)]


def test_below_the_clearing_lies_above() -> None:
    frost = record(
        quantity="air.temperature",
        direction="below",
        levels=[{"severity": "notice", "at": 0.0, "hysteresis": 1}],
    ).rule(timedelta(minutes=10))
    assert frost.levels[0].clear == 1.0


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"quantity": "water.height"}, "alarm_quantity"),
        ({"quantity": None}, "alarm_quantity_missing"),
        ({"levels": []}, "alarm_no_levels"),
        ({"levels": [LEVELS[1], LEVELS[0]]}, "alarm_order"),
        ({"levels": [{**LEVELS[0], "hysteresis": 1}]}, "alarm_clear"),
        ({"levels": [{**LEVELS[0], "clear": 3.1}]}, "alarm_clear_side"),
        ({"levels": [{"severity": "notice", "at": 3, "hysteresis": "-1"}]}, "alarm_hysteresis"),
        ({"levels": [{"severity": "notice", "at": 3, "hysteresis": "x"}]}, "alarm_hysteresis"),
        ({"levels": [{"severity": "notice", "at": 3, "hysteresis": "nan"}]}, "alarm_hysteresis"),
        ({"levels": [{"severity": "notice", "at": 99.0}]}, "alarm_level_range"),
        ({"levels": [{"severity": "notice", "at": float("nan")}]}, "finite_number"),
        ({"levels": [{"severity": "worst", "at": 3.0}]}, "alarm_severity"),
        ({"up_for": {"time": "soon"}}, "alarm_span"),
        ({"up_for": {"time": 30}}, "alarm_span"),
        ({"up_for": {"time": "99 d"}}, "alarm_span"),
        ({"up_for": {"samples": 0}}, "greater_than_equal"),
        ({"upfor": {}}, "extra_forbidden"),
        ({"id": "Mulde!"}, "string_pattern_mismatch"),
        ({"applies_to": {"type": "bridge"}}, "enum"),
        (
            {"quantity": "link.battery", "levels": [{"severity": "watch", "at": 10.0}]},
            "alarm_figure_severity",
        ),
    ],
)
def test_what_is_wrong_is_refused(changes: dict[str, Any], kind: str) -> None:
    assert kind in refused(**changes)


def test_a_stored_rule_is_the_same_rule() -> None:
    full = record(
        applies_to={"type": "gauge", "water": "Mulde"},
        up_for={"time": "90 min", "samples": 2},
        down_for={"time": "2 h"},
        offline={"severity": "watch", "patience": "30 min"},
        plausible={"step_per_hour": 1.5},
        lateness="1 d",
    )
    assert RuleRecord.model_validate(full.document()) == full
    assert full.document()["up_for"] == {"time": "90 min", "samples": 2}


def test_a_track_comes_back_as_it_was() -> None:
    rule = record(up_for={"time": "15 min", "samples": 2}, plausible={"step_per_hour": 2.0}).rule(
        timedelta(minutes=15)
    )
    track = Track()
    for number, value in enumerate((2.0, 3.1, 3.1, 9.0, 2.0, 3.6, 4.6, 4.6)):
        track = observe(track, rule, [Sample(at(number), number, value)])
        again = unpacked(packed(track))
        assert present(again, rule) == track.present
        assert (again.settled, again.tail, again.log) == (track.settled, track.tail, track.log)
        assert (again.newest, again.edge, again.since) == (track.newest, track.edge, track.since)
        assert len(packed(track)) < 600


class TestFile:
    def test_errors_name_line_and_field(self, tmp_path: Path, region: Region) -> None:
        (tmp_path / "alarms.yaml").write_text(
            "rules:\n"
            "  - id: good\n"
            "    name: {de: Gut, en: Good}\n"
            "    quantity: water.level\n"
            "    applies_to: {water: Amazonas}\n"
            "    levels: [{severity: notice, at: 3.0}]\n"
            "  - id: bad\n"
            "    name: {de: Schlecht, en: Bad}\n"
            "    quantity: water.level\n"
            "    levels: [{severity: notice, at: 3.0}]\n"
            "    up_for: {time: soon}\n"
            "  - id: good\n"
            "    name: {de: Gut, en: Good}\n"
            "    quantity: water.level\n"
            "    levels: [{severity: notice, at: 3.0}]\n"
            "rule: 1\n",
            encoding="utf-8",
        )
        book = read_rules(tmp_path)
        assert list(book.rules) == ["good"]
        assert {(one.line, one.place, one.text_key) for one in book.problems} == {
            (16, "rule", "catalogue.problem-unknown-field"),
            (11, "rules.1.up_for.time", "alarms.problem-span"),
            (12, "rules.2.id", "catalogue.problem-double-id"),
        }
        [water] = check_rules(book, region)
        assert (water.line, water.text_key) == (5, "alarms.problem-water")

    def test_who_declares_stages_for_which_waters(self, tmp_path: Path, region: Region) -> None:
        (tmp_path / "alarms.yaml").write_text(
            "declarers:\n"
            "  - id: lhw\n"
            "    name: {de: der Zentrale, en: the centre}\n"
            "    waters: [Mulde, Amazonas]\n"
            "  - id: nobody\n"
            "    name: {de: niemandem, en: nobody}\n"
            "    waters: []\n"
            "  - id: lhw\n"
            "    name: {de: der Zentrale, en: the centre}\n"
            "    waters: [Elbe]\n"
            "  - id: county\n"
            "    waters: [Elbe]\n",
            encoding="utf-8",
        )
        book = read_rules(tmp_path)
        assert list(book.declarers) == ["lhw"]
        assert {(one.line, one.place, one.text_key) for one in book.problems} == {
            (7, "declarers.1.waters", "catalogue.problem-empty"),
            (8, "declarers.2.id", "catalogue.problem-double-id"),
            (11, "declarers.3.name", "catalogue.problem-missing"),
        }
        [water] = check_rules(book, region)
        assert (water.line, water.text_key) == (4, "alarms.problem-water")

    @pytest.mark.parametrize(
        "text", ["[]", "rules: 1", "declarers: 1", "rules: [", "\xff", "a: &a [*a]"]
    )
    def test_what_is_no_list_of_rules(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "alarms.yaml").write_text(text, encoding="latin-1")
        book = read_rules(tmp_path)
        assert book.problems
        assert not book.rules

    def test_no_file_is_no_rule(self, tmp_path: Path) -> None:
        assert read_rules(tmp_path).problems == ()

    @pytest.mark.parametrize("name", ["anhalt-bitterfeld", "beispielkreis"])
    def test_the_regions_rules_hold(self, name: str) -> None:
        book = read_rules(REGIONS / name)
        assert [*book.problems, *check_rules(book, load_region(REGIONS / name))] == []
        assert len(book.rules) >= 4

    def test_the_county_names_who_declares(self) -> None:
        declarers = read_rules(REGIONS / "anhalt-bitterfeld").declarers
        assert {water for one in declarers.values() for water in one.waters} >= {"Mulde", "Elbe"}


class TestVersions:
    async def test_the_same_again_changes_nothing(self, application: Application) -> None:
        assert (await take_in(application, record())).new == ["mulde"]
        assert (await take_in(application, record())).unchanged == ["mulde"]
        assert len(await rows_of(application, "alarm_rule")) == 1

    async def test_a_change_is_another_version(self, application: Application) -> None:
        await take_in(application, record())
        assert (await take_in(application, record(public=True))).changed == ["mulde"]
        assert [row["version"] for row in await rows_of(application, "alarm_rule")] == [1, 2]
        async with application.work.reading() as services:
            rules = await services.alarms.rules()
        assert rules.by_key["mulde"].version == 2
        assert rules.by_key["mulde"].record.public

    async def test_what_is_gone_comes_back(self, application: Application) -> None:
        await take_in(application, record())
        assert (await take_in(application)).gone == ["mulde"]
        assert (await take_in(application)).gone == []
        async with application.work.reading() as services:
            assert not (await services.alarms.rules()).by_key
        assert (await take_in(application, record())).changed == ["mulde"]
        async with application.work.reading() as services:
            assert (await services.alarms.rules()).by_key["mulde"].version == 3

    async def test_what_staff_changed_is_theirs(self, application: Application) -> None:
        await take_in(application, record())
        theirs = record(public=True)
        async with application.database.write.begin() as session:
            session.add(
                AlarmRule(
                    key="mulde",
                    version=2,
                    origin=Origin.STAFF,
                    document=theirs.document(),
                    active=True,
                    created_at=at(0),
                )
            )
        assert (await take_in(application, record())).unchanged == ["mulde"]
        newer = record(up_for={"samples": 3})
        assert (await take_in(application, newer)).conflicts == ["mulde"]
        assert (await take_in(application)).gone == []
        async with application.work.reading() as services:
            assert (await services.alarms.rules()).by_key["mulde"].record == theirs

    async def test_a_rule_nobody_can_read_is_left_out(self, application: Application) -> None:
        await take_in(application, record())
        async with application.database.write.begin() as session:
            session.add(
                AlarmRule(
                    key="odd",
                    version=1,
                    origin=Origin.STAFF,
                    document={"of": "another program"},
                    active=True,
                    created_at=at(0),
                )
            )
        async with application.work.reading() as services:
            assert set((await services.alarms.rules()).by_key) == {"mulde"}
