"""The regions' types of cases: complete, and checked with line and field."""

from pathlib import Path

import pytest

from services.assignment.domain.kinds import DeadlineKind
from services.assignment.domain.reading import read_case_types

REGIONS = Path(__file__).resolve().parent.parent.parent / "regions"
GOOD = """case_types:
- id: bericht
  name: {de: "Bericht", en: "Report"}
  effort: {least: 1, default: 2, most: 3}
  deadline: {kind: court}
"""


@pytest.mark.parametrize("region", ["anhalt-bitterfeld", "beispielkreis"])
def test_the_types_of_a_region_are_valid(region: str) -> None:
    book = read_case_types(REGIONS / region)
    assert book.problems == ()
    assert book.types


def test_the_county_s_types_rest_on_the_law() -> None:
    types = read_case_types(REGIONS / "anhalt-bitterfeld").types
    assert len(types) == 11
    registration = types["registrierung-berufsbetreuer"]
    assert registration.deadline.kind is DeadlineKind.STATUTORY
    assert registration.deadline.months == 3
    assert types["beglaubigung"].signature
    for kind in types.values():
        assert kind.legal_basis or kind.id == "buergermeldung"
        assert kind.qualification or kind.signature or kind.id in {"buergermeldung", "mitteilung"}


def test_a_region_may_have_none(tmp_path: Path) -> None:
    assert read_case_types(tmp_path).types == {}
    assert read_case_types(tmp_path).problems == ()


@pytest.mark.parametrize(
    ("before", "after", "line", "place", "key"),
    [
        ("kind: court", "kind: soon", 5, "case_types.0.deadline.kind", "catalogue.problem-other"),
        (
            "kind: court",
            "kind: service",
            5,
            "case_types.0.deadline",
            "assignment.problem-deadline",
        ),
        ("least: 1", "least: 9", 4, "case_types.0.effort", "assignment.problem-effort"),
        ("least: 1, ", "", 4, "case_types.0.effort.least", "catalogue.problem-missing"),
        (
            "  effort",
            "  speed: 3\n  effort",
            4,
            "case_types.0.speed",
            "catalogue.problem-unknown-field",
        ),
        ("case_types:", "types: 1\ncase_types:", 1, "types", "catalogue.problem-unknown-field"),
        ("case_types:\n", "case_types: 3\nx:\n", 1, "case_types", "catalogue.problem-not-a-list"),
        (GOOD, "- 1", 1, "", "catalogue.problem-not-a-mapping"),
        ("most: 3}", "most: 3", 5, "", "catalogue.not-yaml"),
        (
            GOOD,
            GOOD + GOOD.partition("\n")[2],
            6,
            "case_types.1.id",
            "catalogue.problem-double-id",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(
    before: str, after: str, line: int, place: str, key: str, tmp_path: Path
) -> None:
    (tmp_path / "case_types.yaml").write_text(GOOD.replace(before, after))
    found = read_case_types(tmp_path).problems
    assert (line, place, key) in [(one.line, one.place, one.text_key) for one in found]


def test_a_wrong_type_refuses_itself_alone(tmp_path: Path) -> None:
    wrong = GOOD.partition("\n")[2].replace("bericht", "anderer").replace("least: 1", "least: 9")
    (tmp_path / "case_types.yaml").write_text(GOOD + wrong)
    assert set(read_case_types(tmp_path).types) == {"bericht"}
