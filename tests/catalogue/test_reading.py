"""A record that is wrong refuses itself, with file, line and reason; never its file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue.reading import Reading, digest, read_catalogue, refuse_doubles
from services.catalogue.records import Service
from services.text import Texts
from tests.catalogue.kit import (
    LAW,
    both,
    link,
    maturity,
    office_data,
    service,
    service_data,
    write,
)

FEE = {"what": both("Gebühr"), "amount": "37.00", "source": LAW}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "services.yaml"


def reasons(reading: Reading) -> list[str]:
    return [problem.text_key for one in reading.refused for problem in one.problems]


def test_a_file_of_services_is_read(file: Path) -> None:
    reading = read_catalogue(write(file, service_data("a"), service_data("b")))
    assert [found.record.id for found in reading.services] == ["a", "b"]
    assert reading.source == "testkreis/starter"
    assert not reading.refused
    assert not reading.problems


def test_a_file_of_offices_needs_no_source(file: Path) -> None:
    reading = read_catalogue(write(file, offices=[office_data()]))
    assert [found.record.id for found in reading.offices] == ["amt"]
    assert not reading.problems


def test_a_folder_delivers_offices_and_all_files_of_services(tmp_path: Path) -> None:
    write(tmp_path / "offices.yaml", offices=[office_data()])
    write(tmp_path / "services" / "b.yaml", service_data("b"))
    write(tmp_path / "services" / "a.yaml", service_data("a"))
    write(tmp_path / "services" / "notizen.txt", service_data("x"))
    reading = read_catalogue(tmp_path)
    assert [found.record.id for found in reading.offices] == ["amt"]
    assert [found.record.id for found in reading.services] == ["a", "b"]
    assert [found.source.file for found in reading.services] == [
        "services/a.yaml",
        "services/b.yaml",
    ]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a field is missing": ({"official": ...}, "catalogue.problem-missing"),
    "the date of the next look is missing": ({"review_by": ...}, "catalogue.problem-missing"),
    "an unknown field": ({"zusatz": 1}, "catalogue.problem-unknown-field"),
    "only one language": ({"name": {"de": "a"}}, "catalogue.problem-missing"),
    "an empty text": ({"name": {"de": " ", "en": "b"}}, "catalogue.problem-empty"),
    "a text too long": ({"official": "x" * 401}, "catalogue.problem-too-long"),
    "a number for a key": ({"leika": [99102007104000]}, "catalogue.problem-not-text"),
    "a key too short": ({"leika": ["991020071040"]}, "catalogue.problem-pattern"),
    "an OZG id of six digits": ({"ozg": "101240"}, "catalogue.problem-pattern"),
    "an id with umlaut": ({"id": "hündin"}, "catalogue.problem-pattern"),
    "too few synonyms": ({"synonyms": ["a", "b"]}, "catalogue.problem-empty"),
    "no situation": ({"situations": []}, "catalogue.problem-empty"),
    "nobody responsible": ({"task": ...}, "catalogue.problem-responsibility"),
    "task and office": (
        {"responsibility": [{"area": "15082", "office": "amt"}]},
        "catalogue.problem-responsibility",
    ),
    "a fee without source": ({"fees": [{**FEE, "source": ...}]}, "catalogue.problem-no-source"),
    "a deadline without source": (
        {"deadlines": [{"what": both("Frist"), "value": 2, "unit": "week"}]},
        "catalogue.problem-no-source",
    ),
    "a law without date": (
        {"legal_basis": [{"law": "BMG", "paragraph": "§ 17"}]},
        "catalogue.problem-missing",
    ),
    "a law without paragraph": (
        {"legal_basis": [{**LAW, "paragraph": ""}]},
        "catalogue.problem-empty",
    ),
    "an impossible date": (
        {"legal_basis": [{**LAW, "as_of": "2026-02-30"}]},
        "catalogue.problem-other",
    ),
    "no amount": ({"fees": [{"what": both("a"), "source": LAW}]}, "catalogue.problem-fee-amount"),
    "amount and range": ({"fees": [{**FEE, "from": "1.00"}]}, "catalogue.problem-fee-amount"),
    "a range upside down": (
        {"fees": [{"what": both("a"), "from": "3.00", "to": "2.99", "source": LAW}]},
        "catalogue.problem-fee-amount",
    ),
    "a negative fee": ({"fees": [{**FEE, "amount": "-0.01"}]}, "catalogue.problem-other"),
    "half a cent": ({"fees": [{**FEE, "amount": "1.005"}]}, "catalogue.problem-other"),
    "a fee in words": ({"fees": [{**FEE, "amount": "viel"}]}, "catalogue.problem-other"),
    "no such fee": ({"fees": [{**FEE, "amount": float("nan")}]}, "catalogue.problem-other"),
    "a deadline of no days": (
        {"deadlines": [{"what": both("a"), "value": 0, "unit": "day", "source": LAW}]},
        "catalogue.problem-other",
    ),
    "an unknown unit": (
        {"deadlines": [{"what": both("a"), "value": 1, "unit": "hour", "source": LAW}]},
        "catalogue.problem-other",
    ),
    "level 5 of model 1.1": ({"maturity": [maturity(5)]}, "catalogue.problem-maturity-level"),
    "level 8 of model 2.0": (
        {"maturity": [maturity(8, model="2.0")]},
        "catalogue.problem-maturity-level",
    ),
    "a yes for a level": ({"maturity": [maturity(True)]}, "catalogue.problem-other"),
    "a negative level": ({"maturity": [maturity(-1)]}, "catalogue.problem-other"),
    "an unknown model": ({"maturity": [maturity(1, model="1.2")]}, "catalogue.problem-other"),
    "a link without https": ({"online": [link(url="http://a.de")]}, "catalogue.problem-not-https"),
    "a link that is none": ({"online": [link(url="https://[x")]}, "catalogue.problem-not-https"),
    "an unknown status": ({"online": [link("gut")]}, "catalogue.problem-other"),
    "documents in one language": (
        {"documents": {"de": ["Ausweis"]}},
        "catalogue.problem-missing",
    ),
    "documents without language": ({"documents": ["Ausweis"]}, "catalogue.problem-other"),
}


def without_gaps(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_gaps(one) for name, one in value.items() if one is not ...}
    return [without_gaps(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_record_refuses_itself_and_not_its_neighbours(
    file: Path, texts: Texts, mistake: str
) -> None:
    changed, reason = WRONG[mistake]
    wrong = without_gaps(service_data(**{"id": "falsch", **changed}))
    reading = read_catalogue(write(file, service_data("a"), wrong, service_data("b")))
    assert [found.record.id for found in reading.services] == ["a", "b"]
    assert [one.id for one in reading.refused] == [wrong["id"]]
    assert reasons(reading) == [reason]
    for problem in reading.refused[0].problems:
        for language in ("de", "en"):
            assert texts.of(language)(problem.text_key, **problem.params) != problem.text_key


@pytest.mark.parametrize("row", ["nur Text", 5, None, ["a"]])
def test_a_row_that_is_no_record_is_refused_by_its_place(file: Path, row: Any) -> None:
    reading = read_catalogue(write(file, service_data("a"), row))
    assert [found.record.id for found in reading.services] == ["a"]
    assert [one.id for one in reading.refused] == ["services[1]"]


@pytest.mark.parametrize(
    ("good", "count"),
    [
        ({"leika": []}, 1),
        ({"fees": [{"what": both("a"), "from": "2.00", "to": "2.00", "source": LAW}]}, 1),
        ({"fees": [{"what": both("a"), "from": "2.00", "source": LAW}]}, 1),
        ({"fees": [{**FEE, "amount": "0.00"}]}, 1),
        ({"maturity": [maturity(4), maturity(7, model="2.0"), maturity(None)]}, 1),
        ({"documents": []}, 1),
    ],
)
def test_what_stands_at_the_edge_of_the_rules_is_taken(
    file: Path, good: dict[str, Any], count: int
) -> None:
    reading = read_catalogue(write(file, service_data(**good)))
    assert len(reading.services) == count, reading.refused


def test_unknown_documents_are_none_in_any_language() -> None:
    assert service(documents=[]).documents_in("de") == ()
    assert service().documents_in("en") == ()


HEAD = """\
source: testkreis/starter
services:
- id: gut
  leika: []
  official: "Gut"
  ozg: null
  name: {de: "Gut", en: "Good"}
  summary: {de: "Gut.", en: "Good."}
  synonyms: [a, b, c]
  situations: [tiere]
  task: hundesteuer
  review_by: 2027-05-31
"""


def test_lines_are_named_exactly(file: Path) -> None:
    file.write_text(
        HEAD
        + """\
# 13: ein Kommentar

- id: schlecht
  leika:
  - "99102007104000"
  - 99102007104000
  official: "Schlecht"
  ozg: null
  name:
    de: "Schlecht"
    en: ""
  summary: {de: "a", en: "b"}
  synonyms: [a, b, c]
  situations: [tiere]
  task: hundesteuer
  fees:
  - what: {de: "a", en: "b"}
    amount: "1.00"
    source: {law: "A B", paragraph: "§ 1", as_of: 2026-11-01}
  - what: {de: "a", en: "b"}
    amount: "2.00"
  deadlines:
  - what: {de: "a", en: "b"}
    value: 1
    unit: week
    source: {law: "A B", paragraph: "§ 1", as_of: 2026-11-31}
  review_by: bald
"""
    )
    reading = read_catalogue(file)
    assert [found.record.id for found in reading.services] == ["gut"]
    [refused] = reading.refused
    assert [(one.line, one.place.removeprefix("services.1.")) for one in refused.problems] == [
        (18, "leika.1"),
        (23, "name.en"),
        (32, "fees.1.source"),
        (38, "deadlines.0.source.as_of"),
        (39, "review_by"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        ("- a\n- b\n", 1, "catalogue.problem-not-a-mapping"),
        ("nur Text\n", 1, "catalogue.problem-not-a-mapping"),
        ("", 1, "catalogue.problem-not-a-mapping"),
        (HEAD + "dienste: []\n", 13, "catalogue.problem-unknown-field"),
        (HEAD.replace("source: testkreis/starter\n", ""), 1, "catalogue.problem-source-name"),
        (HEAD.replace("testkreis/starter", "5"), 1, "catalogue.problem-source-name"),
        (HEAD.replace("testkreis/starter", '""'), 1, "catalogue.problem-source-name"),
        (HEAD.replace("testkreis/starter", "x" * 81), 1, "catalogue.problem-source-name"),
        (HEAD.replace("testkreis/starter", '"a\\0b"'), 1, "catalogue.problem-source-name"),
        ("source: a/b\nservices: {id: x}\n", 2, "catalogue.problem-not-a-list"),
        ("source: a/b\noffices: x\n", 2, "catalogue.problem-not-a-list"),
        ("source: a/b\nservices: []\n", 1, "catalogue.nothing-found"),
        (HEAD + "  task: doppelt\n", 13, "catalogue.double-key"),
        (HEAD + "- *gut\n", 13, "catalogue.aliases"),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_named(
    file: Path, content: str, line: int, key: str
) -> None:
    file.write_text(content)
    [problem] = read_catalogue(file).problems
    assert (problem.line, problem.text_key) == (line, key)


def test_two_sources_in_one_folder_are_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "services" / "a.yaml", service_data("a"))
    write(tmp_path / "services" / "b.yaml", service_data("b"), source="andere/quelle")
    [problem] = read_catalogue(tmp_path).problems
    assert (problem.file, problem.line) == ("services/b.yaml", 1)
    assert problem.text_key == "catalogue.problem-two-sources"
    assert problem.params == {"first": "testkreis/starter"}


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    [problem] = read_catalogue(tmp_path).problems
    assert problem.text_key == "catalogue.nothing-found"


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path / "services" / "a.yaml", service_data("a"))
    (tmp_path / "services" / "b.yaml").write_bytes("source: Köthen".encode("latin-1"))
    reading = read_catalogue(tmp_path)
    assert [found.record.id for found in reading.services] == ["a"]
    assert [(one.file, one.text_key) for one in reading.problems] == [
        ("services/b.yaml", "catalogue.not-utf8")
    ]


def test_the_first_of_equal_ids_is_kept_and_the_others_are_told_where_it_is(
    tmp_path: Path,
) -> None:
    write(tmp_path / "services" / "a.yaml", service_data("hund", ozg="10000"))
    write(
        tmp_path / "services" / "b.yaml",
        service_data("katze"),
        service_data("hund", ozg="20000"),
        service_data("hund", ozg="30000"),
    )
    kept, refused = refuse_doubles(read_catalogue(tmp_path).services)
    assert [(one.record.id, one.record.ozg) for one in kept] == [
        ("hund", "10000"),
        ("katze", None),
    ]
    assert [one.id for one in refused] == ["hund", "hund"]
    for one in refused:
        [problem] = one.problems
        assert problem.file == "services/b.yaml"
        assert problem.params["first"].startswith("services/a.yaml:")


def test_equal_content_has_an_equal_fingerprint_however_it_is_written(
    tmp_path: Path, file: Path
) -> None:
    file.write_text(HEAD)
    [one] = read_catalogue(file).services
    file.write_text(
        HEAD.replace("[a, b, c]", "\n  - 'a'\n  - \"b\"\n  - c").replace("gut", '"gut"')
    )
    [other] = read_catalogue(file).services
    assert digest(one.record) == digest(other.record)


@pytest.mark.parametrize(
    "changed",
    [
        {"synonyms": ["a", "b", "d"]},
        {"ozg": "10160"},
        {"online": [link()]},
        {"online": [link("broken")]},
        {"fees": [FEE]},
        {"fees": [{**FEE, "amount": "37.01"}]},
    ],
)
def test_any_change_has_another_fingerprint(changed: dict[str, Any]) -> None:
    assert digest(service(**changed)) != digest(service())


LINES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30).filter(str.strip)


@settings(max_examples=50)
@given(name=LINES, synonyms=st.lists(LINES, min_size=3, max_size=6))
def test_a_record_survives_the_database(name: str, synonyms: list[str]) -> None:
    record = service(name=both(name), synonyms=synonyms, fees=[FEE], maturity=[maturity(None)])
    stored: Callable[..., dict[str, Any]] = record.model_dump
    again = Service.model_validate(stored(mode="json", by_alias=True))
    assert again == record
    assert digest(again) == digest(record)
