"""The building blocks of every record: strict, and refused with the field that is wrong."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.catalogue.records import Fee
from services.records import Area, HttpsUrl, LocalisedLines, Phone, Postcode, Slug, covers
from services.validation import validate
from services.yaml_source import Source


def accepts(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            Slug,
            ["a", "hund-anmelden", "a1-2", "x" * 40],
            ["", "A", "ä", "a_b", "-a", "a-", "a--b", "a\n", "x" * 41, 5],
        ),
        (Postcode, ["06366", "00000"], ["6366", "063660", "0636a", "٠٦٣٦٦", 6366, "06366\n"]),
        (
            Phone,
            ["+49 3496 425 0", "+493496600"],
            ["03496 600", "+49", "+49 3496 x", "+49 3496 600 "],
        ),
        (
            Area,
            ["", "15", "150", "15082", "150820180", "150820180180"],
            ["1", "1508", "15082018", "1508201801800", "1a", 15],
        ),
    ],
)
def test_only_the_agreed_form_is_taken(kind: Any, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if not accepts(kind, value)] == []
    assert [value for value in bad if accepts(kind, value)] == []


@pytest.mark.parametrize("url", ["https://www.koethen-anhalt.de", "https://a.de:443/b?c=d#e"])
def test_an_https_address_is_taken(url: str) -> None:
    assert accepts(HttpsUrl, url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.de",
        "HTTPS://a.de",
        "https://",
        "https:///pfad",
        "https:a.de",
        "https://a.de/mit leer",
        "https://a.de/\n",
        "https://a.de/\x00",
        "https://koethen-anhalt.de@evil.example",
        "https://user:pw@a.de",
        "https://[x",
        "javascript:alert(1)",
        "ftp://a.de",
        "",
        "https://a.de/" + "x" * 300,
        None,
    ],
)
def test_any_other_address_is_refused(url: str | None) -> None:
    assert not accepts(HttpsUrl, url)


@pytest.mark.parametrize(
    ("area", "ars", "inside"),
    [
        ("", "150820180180", True),
        ("15", "150820180180", True),
        ("15082", "150820180180", True),
        ("150820180180", "150820180180", True),
        ("15083", "150820180180", False),
        ("150820180180", "15082", False),
        ("150820430430", "150820180180", False),
    ],
)
def test_an_area_contains_the_places_that_begin_like_it(area: str, ars: str, inside: bool) -> None:
    assert covers(area, ars) is inside


def test_a_source_is_missed_by_its_own_words() -> None:
    data = {"what": {"de": "a", "en": "b"}, "amount": "1.00"}
    source = Source(
        "f.yaml", {}, {("services",): 1, ("services", 0): 2, ("services", 0, "fees", 0): 9}
    )
    record, problems = validate(Fee, data, source, ("services", 0, "fees", 0))
    assert record is None
    [problem] = problems
    assert problem.text_key == "catalogue.problem-no-source"
    assert (problem.file, problem.line, problem.place) == ("f.yaml", 9, "services.0.fees.0.source")


def test_each_error_of_a_record_is_a_problem_of_its_own() -> None:
    source = Source("f.yaml", {}, {(): 1, ("de",): 2, ("de", 1): 4, ("zusatz",): 7})
    data = {"de": ["gut", ""], "zusatz": 1}
    record, problems = validate(LocalisedLines, data, source)
    assert record is None
    assert [(one.line, one.place, one.text_key) for one in problems] == [
        (4, "de.1", "catalogue.problem-empty"),
        (1, "en", "catalogue.problem-missing"),
        (7, "zusatz", "catalogue.problem-unknown-field"),
    ]


def test_a_text_too_long_says_how_long_it_may_be() -> None:
    source = Source("f.yaml", {}, {})
    _, [problem] = validate(LocalisedLines, {"de": ["x" * 401], "en": []}, source)
    assert problem.text_key == "catalogue.problem-too-long"
    assert problem.params["max_length"] == "400"
    assert validate(LocalisedLines, {"de": ["x" * 400], "en": []}, source)[1] == []
