"""Reads a region's case_types.yaml; a wrong type refuses itself with file, line and field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.assignment.domain.kinds import CaseType
from services.validation import validate
from services.yaml_source import Problem, SourceError, read_yaml

FILE = "case_types.yaml"
TYPES = "case_types"


@dataclass(frozen=True)
class CaseTypes:
    """The types of cases of a region by id, and what is to be mended in its file."""

    types: Mapping[str, CaseType] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_case_types(folder: Path) -> CaseTypes:
    """Read the file; without it the region has no types. What is wrong stands in `problems`."""
    path = folder / FILE
    if not path.exists():
        return CaseTypes()
    try:
        source = read_yaml(path)
    except SourceError as error:
        return CaseTypes(problems=(error.problem,))
    if not isinstance(source.data, dict):
        return CaseTypes(problems=(source.problem((), "catalogue.problem-not-a-mapping"),))
    problems = [
        source.problem((name,), "catalogue.problem-unknown-field")
        for name in sorted(source.data.keys() - {TYPES})
    ]
    rows = source.data.get(TYPES, [])
    if not isinstance(rows, list):
        problems.append(source.problem((TYPES,), "catalogue.problem-not-a-list"))
        rows = []
    types: dict[str, CaseType] = {}
    places: dict[str, int] = {}
    for index, row in enumerate(rows):
        record, found = validate(CaseType, row, source, (TYPES, index))
        problems += found
        if record is None:
            continue
        if record.id in types:
            first = f"{source.file}:{source.line((TYPES, places[record.id]))}"
            where = (TYPES, index, "id")
            problems.append(source.problem(where, "catalogue.problem-double-id", first=first))
            continue
        types[record.id], places[record.id] = record, index
    return CaseTypes(types, tuple(problems))
