"""The region folders as they are: complete, sourced, and fit for the bot and for Telegram."""

import ast
import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.settings import Settings
from bot.terminal import BotTerminal
from handlers.ask.cards import CardWriter
from handlers.buttons.citizens import AskTown, ChooseTown, Part, ShowMenu, ShowService, Subscribe
from handlers.catalogue.cli import command
from handlers.messages import MAX_TEXT, Row
from services.catalogue.records import Service
from services.catalogue.rules import nearest_link, nearest_maturity
from services.text import Texts
from tests.conftest import ROOT, SHARED
from tests.real_region import RealRegion, real_region

OURS = "anhalt-bitterfeld"
NAMES = ("anhalt-bitterfeld", "beispielkreis")
FIRST_CARD = 1_500
BUTTON_BYTES = 64
BUTTON_LABEL = 64
LEIKA = SHARED / "data" / "ozg_katalog_nrw_2019" / "leika_leistungen.csv"
PLACES = SHARED / "data" / "gemeinden" / "anhalt_bitterfeld.json"


@pytest.fixture(scope="module", params=NAMES)
def county(request: pytest.FixtureRequest) -> RealRegion:
    return real_region(ROOT / "regions" / request.param)


@pytest.fixture(scope="module")
def ours() -> RealRegion:
    return real_region(ROOT / "regions" / OURS)


# -- what is in it


@pytest.mark.parametrize("region_name", NAMES)
def test_catalogue_check_finds_nothing(region_name: str, clean_environment: None) -> None:
    terminal = BotTerminal(Settings(_env_file=None, region=region_name))
    result = CliRunner().invoke(command, ["check"], obj=terminal)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("In Ordnung: ")


def test_every_folder_below_regions_is_tested() -> None:
    assert {path.name for path in (ROOT / "regions").iterdir() if path.is_dir()} == set(NAMES)


def test_there_are_a_hundred_services_and_ten_municipalities(ours: RealRegion) -> None:
    assert len(ours.snapshot.services) >= 100
    assert len(ours.region.municipalities) == 10


def test_municipalities_carry_keys_of_their_county(county: RealRegion) -> None:
    ars = county.region.facts.ars
    for place in county.region.municipalities:
        assert place.ars.startswith(ars)
        assert place.ags.startswith(ars)
        assert place.ags == place.ars[:5] + place.ars[9:], place.name
    names = [place.name for place in county.region.municipalities]
    assert county.region.facts.seat in names


def test_every_municipality_is_found_by_each_of_its_names(county: RealRegion) -> None:
    gazetteer = county.region.gazetteer
    for place in county.region.municipalities:
        for name in (place.name, place.official, *place.aliases):
            assert gazetteer.find(name) == (place,), name
        for name in (*place.localities, *place.postcodes):
            assert place in gazetteer.find(name), name


def test_ids_are_unique_in_the_files_themselves(county: RealRegion) -> None:
    assert not county.reading.refused
    assert len(county.reading.services) == len(county.snapshot.services)
    assert len(county.reading.offices) == len(county.snapshot.offices)
    situations = [one.id for one in county.region.situations]
    assert len(set(situations)) == len(situations)


def test_no_two_services_have_one_name(county: RealRegion) -> None:
    for language in ("de", "en"):
        names = [one.name.of(language).casefold() for one in county.snapshot.services.values()]
        assert [name for name in names if names.count(name) > 1] == []


def test_every_fee_deadline_and_law_has_its_source(county: RealRegion) -> None:
    for service in county.snapshot.services.values():
        sources = [
            *(fee.source for fee in service.fees),
            *(deadline.source for deadline in service.deadlines),
            *service.legal_basis,
        ]
        for source in sources:
            assert source.law.strip(), service.id
            assert any(sign in source.paragraph for sign in ("§", "Art", "Nr", "Anlage")), (
                service.id
            )
            assert date(1990, 1, 1) <= source.as_of <= date(2026, 12, 31), service.id
        assert service.review_by > max(
            (one.as_of for one in sources), default=service.review_by.min
        )


def test_both_languages_bring_the_same_documents(county: RealRegion) -> None:
    for service in county.snapshot.services.values():
        assert len(service.documents.de) == len(service.documents.en), service.id


def test_every_situation_of_the_menu_leads_somewhere(county: RealRegion) -> None:
    used = county.snapshot.by_situation
    assert [one.id for one in county.region.situations if one.id not in used] == []


def test_one_office_for_each_task_and_area(county: RealRegion) -> None:
    for task, offices in county.snapshot.by_task.items():
        areas = [office.area for office in offices]
        assert len(set(areas)) == len(areas), task


# -- what the bot makes of it


def different_places(county: RealRegion, service: Service) -> list[str]:
    """Return the county and its towns, each card that looks the same only once."""
    places = [county.region.facts.ars, *(place.ars for place in county.region.municipalities)]
    looks = {
        (
            county.snapshot.responsible_office(service, ars),
            nearest_link(service, ars),
            nearest_maturity(service, ars),
        ): ars
        for ars in places
    }
    return list(looks.values())


def writers(county: RealRegion, texts: Texts) -> Iterator[CardWriter]:
    for service in county.snapshot.services.values():
        for ars in different_places(county, service):
            for language in ("de", "en"):
                yield CardWriter(
                    text=texts.of(language),
                    region=county.region,
                    snapshot=county.snapshot,
                    service=service,
                    ars=ars,
                    fact=None,
                    own_place=False,
                )


def shown(words: str) -> int:
    """Return how long a text is as Telegram counts it: in UTF-16 units."""
    return len(words.encode("utf-16-le")) // 2


def wrong_buttons(rows: list[Row]) -> list[str]:
    return [
        one.callback_data or one.url or one.text
        for row in rows
        for one in row
        if not 1 <= len(one.text) <= BUTTON_LABEL
        or (one.callback_data and len(one.callback_data.encode()) > BUTTON_BYTES)
        or not (one.callback_data or one.url)
    ]


def test_every_card_is_short_and_every_part_fits_a_message(
    county: RealRegion, texts: Texts
) -> None:
    for writer in writers(county, texts):
        for part in (Part.CARD, Part.DOCUMENTS, Part.FEES, Part.OFFICE):
            words, rows = writer.part(part)
            limit = FIRST_CARD if part is Part.CARD else MAX_TEXT
            which = f"{writer.service.id} {writer.language} {writer.ars} {part.name}"
            assert 0 < shown(words) < limit, which
            assert "{" not in words, which
            assert wrong_buttons(list(rows)) == [], which


def test_every_service_has_somebody_responsible_in_every_municipality(
    county: RealRegion,
) -> None:
    for service in county.snapshot.services.values():
        for place in county.region.municipalities:
            assert county.snapshot.responsible_office(service, place.ars), (service.id, place.name)


def test_every_button_a_service_may_have_fits_into_64_bytes(county: RealRegion) -> None:
    ars = max((place.ars for place in county.region.municipalities), key=len)
    for one in county.snapshot.services:
        for payload in (
            ShowService(service_id=one, part=Part.DOCUMENTS, ars=ars),
            ChooseTown(ars=ars, service_id=one),
            AskTown(service_id=one),
            Subscribe(service_id=one),
        ):
            assert len(payload.pack().encode()) <= BUTTON_BYTES, one
    for situation in county.region.situations:
        assert len(ShowMenu(situation=situation.id, page=999).pack().encode()) <= BUTTON_BYTES


def test_labels_of_the_menu_are_short(county: RealRegion) -> None:
    for language in ("de", "en"):
        for situation in county.region.situations:
            assert len(situation.name.of(language)) <= 40, situation.id
        for service in county.snapshot.services.values():
            assert len(service.name.of(language)) <= 60, service.id


# -- what the sources say


@pytest.fixture(scope="module")
def catalogue_2019() -> dict[str, tuple[str, set[str]]]:
    """LeiKa key -> name and OZG ids."""
    if not LEIKA.exists():
        pytest.skip(f"no {LEIKA}: the LeiKa catalogue of 2019 is not part of the project")
    found: dict[str, tuple[str, set[str]]] = {}
    with LEIKA.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["leika"]:
                _, ids = found.setdefault(row["leika"], (row["name"].strip(), set()))
                ids.add(row["ozg_id"])
    return found


def first_known(service: Service, known: dict[str, tuple[str, set[str]]]) -> str | None:
    return service.leika[0] if service.leika and service.leika[0] in known else None


def test_official_names_are_those_of_the_leika_catalogue(
    county: RealRegion, catalogue_2019: dict[str, tuple[str, set[str]]]
) -> None:
    wrong = {
        service.id: (service.official, catalogue_2019[key][0])
        for service in county.snapshot.services.values()
        if (key := first_known(service, catalogue_2019))
        and service.official != catalogue_2019[key][0]
    }
    assert wrong == {}


def test_ozg_ids_are_those_of_the_leika_catalogue(
    county: RealRegion, catalogue_2019: dict[str, tuple[str, set[str]]]
) -> None:
    wrong = {
        service.id: (service.ozg, catalogue_2019[key][1])
        for service in county.snapshot.services.values()
        if (key := first_known(service, catalogue_2019))
        and (service.ozg or "") not in catalogue_2019[key][1]
    }
    assert wrong == {}


def test_most_services_are_known_to_the_leika_catalogue(
    ours: RealRegion, catalogue_2019: dict[str, tuple[str, set[str]]]
) -> None:
    known = [one for one in ours.snapshot.services.values() if first_known(one, catalogue_2019)]
    assert len(known) >= 100


def test_municipalities_are_those_of_the_official_register(ours: RealRegion) -> None:
    if not PLACES.exists():
        pytest.skip(f"no {PLACES}: the register of municipalities is not part of the project")
    register = json.loads(PLACES.read_text(encoding="utf-8"))["gemeinden"]
    official = {
        row["ars"]: (row["ags"], row["name"], row["kurzname"], set(row["plz"])) for row in register
    }
    assert {
        place.ars: (place.ags, place.official, place.name, set(place.postcodes))
        for place in ours.region.municipalities
    } == official


# -- nothing of it in the software

PLACE_WORDS = ("Köthen", "Koethen", "Anhalt", "Zerbst", "Bitterfeld", "Wolfen")
SETTINGS = {"anhalt-bitterfeld"}
"""The name of the default region folder, a setting like any other."""


def constants(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in words
        ):
            yield node.lineno, node.value


@pytest.mark.parametrize("package", ["bot", "handlers", "services", "nlu"])
def test_no_name_of_the_county_stands_in_the_code(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {value}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for line, value in constants(path)
        if value not in SETTINGS
        and any(word.casefold() in value.casefold() for word in PLACE_WORDS)
    ]
    assert found == []
