"""Reads a region's alarms.yaml; a wrong rule refuses itself with file, line and field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.alarms.records import DeclarerRecord, RuleRecord
from services.records import covers
from services.region.service import Region
from services.validation import RecordType, validate
from services.yaml_source import Problem, Source, SourceError, read_yaml

FILE = "alarms.yaml"
RULES, DECLARERS = "rules", "declarers"


@dataclass(frozen=True)
class RuleBook:
    """The rules of a region and who declares stages, by id; and what is to be mended in its file.

    `places` and `declarer_places`: where each stands in its list.
    """

    rules: Mapping[str, RuleRecord] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    source: Source | None = None
    places: Mapping[str, int] = field(default_factory=dict)
    declarers: Mapping[str, DeclarerRecord] = field(default_factory=dict)
    declarer_places: Mapping[str, int] = field(default_factory=dict)


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
        for name in sorted(source.data.keys() - {RULES, DECLARERS})
    ]
    rules, places = _listed(source, RULES, RuleRecord, problems)
    declarers, declarer_places = _listed(source, DECLARERS, DeclarerRecord, problems)
    return RuleBook(rules, tuple(problems), source, places, declarers, declarer_places)


def _listed(
    source: Source, section: str, model: type[RecordType], problems: list[Problem]
) -> tuple[dict[str, RecordType], dict[str, int]]:
    """Return the records of a list by their id, and where each stands in it."""
    rows = source.data.get(section, [])
    if not isinstance(rows, list):
        problems.append(source.problem((section,), "catalogue.problem-not-a-list"))
        rows = []
    records: dict[str, RecordType] = {}
    places: dict[str, int] = {}
    for index, row in enumerate(rows):
        record, found = validate(model, row, source, (section, index))
        problems += found
        if record is None:
            continue
        key: str = row["id"]
        if key in records:
            first = f"{source.file}:{source.line((section, places[key]))}"
            where = (section, index, "id")
            problems.append(source.problem(where, "catalogue.problem-double-id", first=first))
            continue
        records[key], places[key] = record, index
    return records, places


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
    for key, declarer in book.declarers.items():
        for number, water in enumerate(declarer.waters):
            if water not in waters:
                spot = (DECLARERS, book.declarer_places[key], "waters", number)
                problems.append(book.source.problem(spot, "alarms.problem-water", water=water))
    return problems
