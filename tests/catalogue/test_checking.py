"""What a record names must exist in the county."""

from pathlib import Path
from typing import Any

import pytest

from services.catalogue.checking import check_references, refuse_foreign
from services.catalogue.reading import Reading, read_catalogue
from services.region.service import Region
from services.text import Texts
from tests.catalogue.kit import (
    COUNTY,
    KOETHEN,
    STATE,
    SUED,
    ZERBST,
    link,
    maturity,
    office,
    office_data,
    service_data,
    write,
)


@pytest.fixture
def checked(tmp_path: Path, region: Region) -> Any:
    def check(*services: Any, offices: Any = None, known: Any = ()) -> Reading:
        offices = offices or [office_data()]
        reading = read_catalogue(write(tmp_path / "all.yaml", *services, offices=offices))
        assert not reading.problems
        check_references(reading, region, known)
        return reading

    return check


def reasons(reading: Reading) -> list[str]:
    return [problem.text_key for one in reading.refused for problem in one.problems]


def test_a_service_with_an_office_everywhere_is_taken(checked: Any) -> None:
    reading = checked(service_data())
    assert [found.record.id for found in reading.services] == ["hund-anmelden"]
    assert not reading.refused


@pytest.mark.parametrize(
    ("hours", "key"),
    [
        ("nach Vereinbarung", "catalogue.problem-hours"),
        ("Di 12-9", "catalogue.problem-hours-order"),
        ("Mo 11-13", "catalogue.problem-hours-overlap"),
    ],
)
def test_an_office_with_hours_that_cannot_be_read_is_refused(
    checked: Any, texts: Texts, hours: str, key: str
) -> None:
    offices = [office_data(), office_data("zwei", tasks=["x"], hours=["Mo 9-12 Uhr", hours])]
    reading = checked(service_data(), offices=offices)
    [refused] = reading.refused
    [problem] = refused.problems
    assert (refused.id, problem.text_key, problem.place) == ("zwei", key, "offices.1.hours.1")
    assert hours in texts.of("de")(problem.text_key, **problem.params)


def test_one_town_without_an_office_refuses_the_service_and_is_named(
    checked: Any, texts: Texts
) -> None:
    offices = [office_data("a", area=KOETHEN), office_data("b", area=ZERBST)]
    reading = checked(service_data(), offices=offices)
    [refused] = reading.refused
    [problem] = refused.problems
    assert problem.text_key == "catalogue.problem-nobody-responsible"
    assert problem.place == "services.0.task"
    assert problem.params["places"] == "Südliches Anhalt"
    assert "hundesteuer" in texts.of("de")(problem.text_key, **problem.params)
    full = checked(service_data(), offices=[*offices, office_data("c", area=SUED)])
    assert not full.refused


@pytest.mark.parametrize("area", ["", STATE, COUNTY])
def test_an_office_of_a_larger_area_answers_for_every_town(checked: Any, area: str) -> None:
    assert not checked(service_data(), offices=[office_data(area=area)]).refused


@pytest.mark.parametrize("area", ["14", "15083", "150829999999", "150820180"])
def test_an_office_of_another_area_is_refused_and_answers_for_nobody(
    checked: Any, area: str
) -> None:
    reading = checked(service_data(), offices=[office_data(area=area)])
    assert {one.id for one in reading.refused} == {"amt", "hund-anmelden"}
    assert reasons(reading)[0] == "catalogue.problem-unknown-area"


def test_an_office_imported_before_counts(checked: Any) -> None:
    other = [office_data("anderes", tasks=["kfz"])]
    assert checked(service_data(), offices=other).refused
    assert not checked(service_data(), offices=other, known=[office()]).refused


def test_what_a_file_says_of_an_office_beats_what_was_known(checked: Any) -> None:
    lost_its_task = [office_data("amt", tasks=["kfz"])]
    assert checked(service_data(), offices=lost_its_task, known=[office()]).refused


@pytest.mark.parametrize(
    ("changed", "place", "key"),
    [
        (
            {"situations": ["tiere", "umzugg"]},
            "situations.1",
            "catalogue.problem-unknown-situation",
        ),
        (
            {"maturity": [maturity(1), maturity(1, "15083")]},
            "maturity.1.area",
            "catalogue.problem-unknown-area",
        ),
        ({"online": [link(area="14")]}, "online.0.area", "catalogue.problem-unknown-area"),
        (
            {"online": [link(), link(url="https://evil.example/sachsen-anhalt.de")]},
            "online.1.url",
            "catalogue.problem-link-domain",
        ),
        (
            {"online": [link(url="https://sachsen-anhalt.de.evil.example")]},
            "online.0.url",
            "catalogue.problem-link-domain",
        ),
        (
            {
                "task": ...,
                "responsibility": [
                    {"area": COUNTY, "office": "amt"},
                    {"area": KOETHEN, "office": "gibt-es-nicht"},
                ],
            },
            "responsibility.1.office",
            "catalogue.problem-unknown-office",
        ),
        (
            {"task": ..., "responsibility": [{"area": KOETHEN, "office": "amt"}]},
            "responsibility",
            "catalogue.problem-nobody-responsible",
        ),
    ],
)
def test_a_name_that_does_not_exist_is_found_where_it_stands(
    checked: Any, changed: dict[str, Any], place: str, key: str
) -> None:
    reading = checked(service_data("gut"), service_data("falsch", **changed))
    assert [found.record.id for found in reading.services] == ["gut"]
    [refused] = reading.refused
    assert refused.id == "falsch"
    assert [(one.place, one.text_key) for one in refused.problems] == [
        (f"services.1.{place}", key)
    ]


def test_all_that_is_wrong_is_told_at_once(checked: Any) -> None:
    wrong = service_data(situations=["x", "y"], task="niemand", online=[link(area="14")])
    assert len(reasons(checked(wrong))) == 4


def test_double_ids_are_refused_among_offices_too(checked: Any) -> None:
    reading = checked(service_data(), offices=[office_data(), office_data(area=KOETHEN)])
    assert [found.record.area for found in reading.offices] == [COUNTY]
    assert reasons(reading) == ["catalogue.problem-double-id"]


def test_a_service_of_another_source_is_refused(checked: Any, texts: Texts) -> None:
    reading = checked(service_data("meins"), service_data("deins"), service_data("neu"))
    refuse_foreign(reading, {"meins": "testkreis/starter", "deins": "land/feed"})
    assert [found.record.id for found in reading.services] == ["meins", "neu"]
    [refused] = reading.refused
    [problem] = refused.problems
    assert (refused.id, problem.text_key) == ("deins", "catalogue.problem-other-source")
    assert "land/feed" in texts.of("de")(problem.text_key, **problem.params)
