"""Reads a region's alarms.yaml; a wrong rule refuses itself with file, line and field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.alarms.records import RuleRecord
from services.records import covers
from services.region.service import Region
from services.validation import validate
from services.yaml_source import Problem, Source, SourceError, read_yaml

FILE = "alarms.yaml"
RULES = "rules"


@dataclass(frozen=True)
class RuleBook:
    """The rules of a region by their id, and what is to be mended in its file."""

    rules: Mapping[str, RuleRecord] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    source: Source | None = None
    places: Mapping[str, int] = field(default_factory=dict)
    """Where each rule stands in the list."""


def read_rules(folder: Path) -> RuleBook:
    """Read the file; without it the region has no rules. What is wrong stands in `problems`."""
    path = folder / FILE
    if not path.exists():
        return RuleBook()
    try:
        source = read_yaml(path)
    except SourceError as error:
        return RuleBook(problems=(error.problem,))
    if not isinstance(source.data, dict):
        return RuleBook(problems=(source.problem((), "catalogue.problem-not-a-mapping"),))
    problems = [
        source.problem((name,), "catalogue.problem-unknown-field")
        for name in sorted(source.data.keys() - {RULES})
    ]
    rows = source.data.get(RULES, [])
    if not isinstance(rows, list):
        problems.append(source.problem((RULES,), "catalogue.problem-not-a-list"))
        rows = []
    rules: dict[str, RuleRecord] = {}
    places: dict[str, int] = {}
    for index, row in enumerate(rows):
        record, found = validate(RuleRecord, row, source, (RULES, index))
        problems += found
        if record is None:
            continue
        if record.id in rules:
            first = f"{source.file}:{source.line((RULES, places[record.id]))}"
            where = (RULES, index, "id")
            problems.append(source.problem(where, "catalogue.problem-double-id", first=first))
            continue
        rules[record.id], places[record.id] = record, index
    return RuleBook(rules, tuple(problems), source, places)


def check_rules(book: RuleBook, region: Region) -> list[Problem]:
    """Return what the file names and the region does not have: places, waters."""
    problems: list[Problem] = []
    if book.source is None:
        return problems
    waters = {one.name for one in region.facts.sensors.waters}
    for key, record in book.rules.items():
        wanted, where = record.applies_to, (RULES, book.places[key], "applies_to")
        area = wanted.ars
        if not (region.knows_area(area) or covers(area, region.facts.ars)):
            problems.append(
                book.source.problem((*where, "ars"), "catalogue.problem-unknown-area", area=area)
            )
        if wanted.water is not None and wanted.water not in waters:
            problems.append(
                book.source.problem((*where, "water"), "alarms.problem-water", water=wanted.water)
            )
    return problems
