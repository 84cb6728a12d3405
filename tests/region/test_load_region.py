"""The folder of a county is taken whole, or refused with everything to mend."""

import shutil
from pathlib import Path

import pytest

from services.region.service import Region, RegionError, load_region
from services.yaml_source import Problem
from tests.catalogue.kit import COUNTY, KOETHEN, SUED, ZERBST
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests" / "region_folder", tmp_path / "region"))


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text()
    assert old in content
    file.write_text(content.replace(old, new, 1))


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(RegionError) as raised:
        load_region(folder)
    return list(raised.value.problems)


def test_a_region_knows_its_places(region: Region) -> None:
    assert [place.ars for place in region.municipalities] == [KOETHEN, ZERBST, SUED]
    assert region.area_name(KOETHEN) == "Köthen (Anhalt)"
    assert region.area_name(COUNTY) == "Landkreis Testkreis"
    assert region.area_name("") == "Landkreis Testkreis"
    assert region.municipality("000000000000") is None


@pytest.mark.parametrize(
    ("area", "known"),
    [
        (COUNTY, True),
        (ZERBST, True),
        ("", False),
        ("15", False),
        ("15083", False),
        ("150820180", False),
    ],
)
def test_a_region_knows_the_county_and_its_towns_as_areas(
    region: Region, area: str, known: bool
) -> None:
    assert region.knows_area(area) is known


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("koethen-anhalt.de", True),
        ("www.koethen-anhalt.de", True),
        ("WWW.KOETHEN-ANHALT.DE.", True),
        ("evilkoethen-anhalt.de", False),
        ("koethen-anhalt.de.evil.example", False),
        ("", False),
    ],
)
def test_links_lead_to_allowed_domains_or_below_them(
    region: Region, host: str, allowed: bool
) -> None:
    assert region.allows_link(host) is allowed


@pytest.mark.parametrize("name", ["region.toml", "municipalities.yaml", "situations.yaml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    [problem] = problems(folder)
    assert (problem.file, problem.text_key) == (name, "catalogue.unreadable")


def test_problems_of_all_files_are_told_at_once(folder: Path) -> None:
    change(folder / "region.toml", 'ars = "15082"', 'ars = "1508"')
    change(folder / "municipalities.yaml", 'ags: "15082180"', "ags: 15082180")
    change(folder / "situations.yaml", "- id: tiere", "- id: Tiere")
    assert [(one.file, one.line, one.place) for one in problems(folder)] == [
        ("region.toml", 4, "ars"),
        ("municipalities.yaml", 3, "municipalities.0.ags"),
        ("situations.yaml", 4, "situations.1.id"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "key"),
    [
        ("region.toml", 'phone = "115"', 'fon = "115"', 9, "catalogue.problem-missing"),
        (
            "region.toml",
            "seat = ",
            'timezone = "Mars/Olympus"\nseat = ',
            5,
            "catalogue.problem-timezone",
        ),
        (
            "region.toml",
            "second_person_above = 3",
            "second_person_above = -1",
            17,
            "catalogue.problem-other",
        ),
        (
            "municipalities.yaml",
            '"150820430430"',
            '"150820180180"',
            9,
            "catalogue.problem-double-id",
        ),
        ("municipalities.yaml", '"15082430"', '"15082180"', 10, "catalogue.problem-double-id"),
        (
            "municipalities.yaml",
            'name: "Zerbst/Anhalt"',
            'name: "Köthen (Anhalt)"',
            11,
            "catalogue.problem-double-id",
        ),
        (
            "municipalities.yaml",
            '"150820430430"',
            '"150830430430"',
            9,
            "catalogue.problem-unknown-area",
        ),
        ("municipalities.yaml", '["39261"]', "[]", 13, "catalogue.problem-empty"),
        ("municipalities.yaml", '["39261"]', "[39261]", 13, "catalogue.problem-not-text"),
        ("situations.yaml", "- id: tiere", "- id: umzug", 4, "catalogue.problem-double-id"),
        (
            "situations.yaml",
            'en: "Animals"',
            'fr: "Animaux"',
            5,
            "catalogue.problem-unknown-field",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(
    folder: Path, file: str, old: str, new: str, line: int, key: str
) -> None:
    change(folder / file, old, new)
    named = [(one.file, one.line, one.text_key) for one in problems(folder)]
    assert (file, line, key) in named
