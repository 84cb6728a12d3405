"""faq.yaml: what editors are told about mistakes, and what the regions' own files promise."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.catalogue.reading import read_catalogue
from services.catalogue.rules import Snapshot
from services.faq.reading import Book, check_book, read_book
from services.faq.records import Kind
from services.region.service import load_region
from tests.conftest import ROOT
from tests.nlu.test_examples import NEAR, SHARED, examples, read_lines, words

REGIONS = sorted((ROOT / "regions").iterdir())
PHRASES = [f"frage nummer {number}" for number in range(10)]
QUESTIONS = Path(__file__).parent / "questions.jsonl"
"""Questions about what is no service, and the entries of which one is right; to measure with."""
OTHERS = {"followups", "languages"}
"""Questions that measure something else than what is found."""
MANY = "anhalt-bitterfeld"


def faq(**changes: Any) -> dict[str, Any]:
    data = {
        "id": "parken",
        "name": {"de": "Parken", "en": "Parking"},
        "phrases": {"de": PHRASES},
        "answer": {"de": "Hinter dem Haus.", "en": "Behind the house."},
        "as_of": "2026-11-21",
        "review_by": "2027-11-21",
        **changes,
    }
    return {name: value for name, value in data.items() if value is not ...}


def book_of(folder: Path, content: Any) -> Book:
    (folder / "faq.yaml").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return read_book(folder)


def snapshot_of(folder: Path) -> Snapshot:
    reading = read_catalogue(folder)
    services = {found.record.id: found.record for found in reading.services}
    return Snapshot(0, services, {found.record.id: found.record for found in reading.offices})


def test_a_region_without_the_file_has_no_questions(tmp_path: Path) -> None:
    assert read_book(tmp_path) == Book()


def test_a_right_record_is_taken(tmp_path: Path) -> None:
    book = book_of(tmp_path, {"faq": [faq()]})
    assert book.problems == ()
    assert book.faqs["parken"].kind is Kind.TEXT


@pytest.mark.parametrize(
    ("changes", "key", "place"),
    [
        ({"name": ...}, "catalogue.problem-missing", "faq.0.name"),
        ({"colour": "red"}, "catalogue.problem-unknown-field", "faq.0.colour"),
        ({"id": "Parken"}, "catalogue.problem-pattern", "faq.0.id"),
        ({"id": "parken-" + "a" * 20}, "catalogue.problem-too-long", "faq.0.id"),
        ({"phrases": {"de": PHRASES[:9]}}, "faq.problem-phrases", "faq.0"),
        ({"phrases": {"de": PHRASES, "fr": ["où"]}}, "faq.problem-language", "faq.0"),
        ({"answer": ...}, "faq.problem-answer", "faq.0"),
        ({"kind": "magic"}, "catalogue.problem-other", "faq.0.kind"),
    ],
)
def test_a_wrong_record_refuses_itself_and_no_other(
    tmp_path: Path, changes: dict[str, Any], key: str, place: str
) -> None:
    book = book_of(tmp_path, {"faq": [faq(**changes), faq(id="anders")]})
    [problem] = book.problems
    assert (problem.file, problem.text_key, problem.place) == ("faq.yaml", key, place)
    assert problem.line >= 2
    assert list(book.faqs) == ["anders"]


def test_a_phrase_may_stand_for_one_about_each_office(tmp_path: Path) -> None:
    rows = [{"task": "kfz", "words": ["Zulassung", "Kfz"]}, {"task": "x", "words": ["Bauamt"]}]
    guide = {"county": "amt", "town_task": "x", "words": rows}
    record = faq(phrases={"de": [*PHRASES, "telefon {office}"]})
    book = book_of(tmp_path, {"offices": guide, "faq": [record]})
    assert book.faqs["parken"].all_phrases == (*PHRASES, "telefon Zulassung", "telefon Bauamt")


def test_an_id_stands_once(tmp_path: Path) -> None:
    book = book_of(tmp_path, {"faq": [faq(), faq()]})
    assert [one.text_key for one in book.problems] == ["catalogue.problem-double-id"]


@pytest.mark.parametrize("day", ["24.12.", "13-01", "02-30", "2026-02-29", "heute"])
def test_a_closing_day_that_is_no_day(tmp_path: Path, day: str) -> None:
    row = {"on": day, "name": {"de": "zu", "en": "closed"}}
    book = book_of(tmp_path, {"closing_days": [row]})
    assert [one.text_key for one in book.problems] == ["faq.problem-closing-day"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ([], "catalogue.problem-not-a-mapping"),
        ({"faqs": []}, "catalogue.problem-unknown-field"),
        ({"faq": {}}, "catalogue.problem-not-a-list"),
    ],
)
def test_a_file_of_another_shape(tmp_path: Path, content: Any, key: str) -> None:
    assert [one.text_key for one in book_of(tmp_path, content).problems] == [key]


def test_what_is_named_must_be_in_the_catalogue(tmp_path: Path) -> None:
    guide = {"county": "nirgends", "town_task": "x", "words": [{"task": "y", "words": ["amt"]}]}
    record = faq(office="nirgendwo", task="z", services=["nichts"])
    nameless = faq(id=...)
    book = book_of(tmp_path, {"offices": guide, "faq": [nameless, record]})
    assert [one.text_key for one in book.problems] == ["catalogue.problem-missing"]
    found = [(one.text_key, one.place) for one in check_book(book, Snapshot(0, {}, {}))]
    assert found == [
        ("catalogue.problem-unknown-office", "offices.county"),
        ("faq.problem-unknown-task", "offices.town_task"),
        ("faq.problem-unknown-task", "offices.words.0.task"),
        ("catalogue.problem-unknown-office", "faq.1.office"),
        ("faq.problem-unknown-task", "faq.1.task"),
        ("faq.problem-unknown-service", "faq.1.services.0"),
    ]


# -- the regions' own files


@pytest.mark.parametrize("folder", REGIONS, ids=lambda folder: folder.name)
def test_the_file_of_a_region_is_right(folder: Path) -> None:
    book = read_book(folder)
    assert list(book.problems) == []
    assert check_book(book, snapshot_of(folder)) == []
    assert {Kind.HOURS, Kind.TODAY, Kind.CONTACT} <= {one.kind for one in book.faqs.values()}
    assert len(book.faqs) >= (30 if folder.name == MANY else 4)


@pytest.mark.parametrize("folder", REGIONS, ids=lambda folder: folder.name)
def test_no_phrase_stands_for_two_questions_or_a_service(folder: Path) -> None:
    book = read_book(folder)
    phrases = [phrase.casefold() for one in book.faqs.values() for phrase in one.all_phrases]
    assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == []
    known = {
        text.casefold()
        for languages in examples("services").values()
        for texts in languages.values()
        for text in texts
    }
    assert known & set(phrases) == set()


def test_no_phrase_is_one_of_the_questions_we_measure_with() -> None:
    phrases = {
        phrase
        for folder in REGIONS
        for book in [read_book(folder)]
        for one in book.faqs.values()
        for phrase in one.all_phrases
    }
    assert near_pairs(phrases, measured()) == []


def test_every_place_word_of_an_answer_has_an_office_everywhere() -> None:
    for folder in REGIONS:
        guide, snapshot = read_book(folder).guide, snapshot_of(folder)
        assert guide is not None
        for place in load_region(folder).municipalities:
            assert snapshot.office_for(guide.town_task, place.ars), (folder.name, place.name)


def measured() -> list[str]:
    """Return the questions with which understanding is measured."""
    files = {file for file in (ROOT / "tests" / "nlu").glob("*.jsonl") if file.stem not in OTHERS}
    asked = [one["text"] for file in [*sorted(files), QUESTIONS] for one in read_lines(file)]
    if SHARED.is_dir():
        asked += [
            json.loads(line)["text"]
            for line in (SHARED / "dev_questions.jsonl").read_text().splitlines()
        ]
    return asked


def near_pairs(phrases: set[str], asked: list[str]) -> list[tuple[str, str]]:
    """Return pairs of a question and a phrase with nearly the same words."""
    known = [(phrase, words(phrase)) for phrase in sorted(phrases)]
    return [
        (question, phrase)
        for question, wanted in ((one, words(one)) for one in asked)
        for phrase, said in known
        if said and len(wanted & said) / len(wanted | said) >= NEAR
    ]
