"""Reads a catalogue as editors keep it: YAML files of offices and services.

A record that is wrong refuses itself with every reason, file and line; it never refuses its file.
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from services.catalogue.records import Office, Service
from services.validation import validate
from services.yaml_source import Problem, Source, SourceError, Steps, read_yaml

SOURCE_FIELD = "source"
SOURCE_NAME = re.compile(r"[\w./ -]{1,80}")
Entry = TypeVar("Entry", Office, Service)


@dataclass(frozen=True)
class Found(Generic[Entry]):
    """A valid record and where it stands."""

    record: Entry
    source: Source
    steps: Steps

    def problem(self, steps: Steps, text_key: str, **params: object) -> Problem:
        return self.source.problem((*self.steps, *steps), text_key, **params)


@dataclass(frozen=True)
class Refused:
    """A record that cannot be taken, and why."""

    id: str
    problems: tuple[Problem, ...]


@dataclass
class Reading:
    """What a file or folder delivers: valid records, refused ones, and problems of whole files."""

    source: str = ""
    offices: list[Found[Office]] = field(default_factory=list)
    services: list[Found[Service]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_catalogue(path: Path) -> Reading:
    """Read one YAML file, or a region folder (offices.yaml and services/*.yaml)."""
    reading = Reading()
    for file, shown in _files(path):
        try:
            source = read_yaml(file, shown)
        except SourceError as error:
            reading.problems.append(error.problem)
            continue
        _read_file(source, reading)
    if not (reading.offices or reading.services or reading.refused or reading.problems):
        reading.problems.append(Problem(path.name, 1, "", "catalogue.nothing-found"))
    return reading


def _files(path: Path) -> list[tuple[Path, str]]:
    if path.is_dir():
        files = [path / "offices.yaml", *sorted(path.glob("services/*.yaml"))]
        return [(file, str(file.relative_to(path))) for file in files if file.exists()]
    return [(path, path.name)]


def _read_file(source: Source, reading: Reading) -> None:
    if not isinstance(source.data, dict):
        reading.problems.append(source.problem((), "catalogue.problem-not-a-mapping"))
        return
    unknown = source.data.keys() - {SOURCE_FIELD, "offices", "services"}
    reading.problems += [
        source.problem((name,), "catalogue.problem-unknown-field") for name in sorted(unknown)
    ]
    _read_source_name(source, reading)
    _read_records(Office, "offices", source, reading.offices, reading)
    _read_records(Service, "services", source, reading.services, reading)


def _read_source_name(source: Source, reading: Reading) -> None:
    name = source.data.get(SOURCE_FIELD)
    if name is None and "services" not in source.data:
        return
    if not isinstance(name, str) or not SOURCE_NAME.fullmatch(name):
        reading.problems.append(source.problem((SOURCE_FIELD,), "catalogue.problem-source-name"))
    elif reading.source and name != reading.source:
        reading.problems.append(
            source.problem((SOURCE_FIELD,), "catalogue.problem-two-sources", first=reading.source)
        )
    else:
        reading.source = name


def _read_records(
    model: type[Entry],
    key: str,
    source: Source,
    into: list[Found[Entry]],
    reading: Reading,
) -> None:
    rows = source.data.get(key, [])
    if not isinstance(rows, list):
        reading.problems.append(source.problem((key,), "catalogue.problem-not-a-list"))
        return
    for index, row in enumerate(rows):
        record, problems = validate(model, row, source, (key, index))
        if record is None:
            shown = row.get("id") if isinstance(row, dict) else None
            reading.refused.append(Refused(str(shown or f"{key}[{index}]"), tuple(problems)))
        else:
            into.append(Found(record, source, (key, index)))


def refuse_doubles(found: list[Found[Entry]]) -> tuple[list[Found[Entry]], list[Refused]]:
    """Keep the first record of each id; refuse the others."""
    seen: dict[str, Found[Entry]] = {}
    refused = []
    for item in found:
        if item.record.id in seen:
            first = seen[item.record.id]
            where = f"{first.source.file}:{first.source.line(first.steps)}"
            problem = item.problem(("id",), "catalogue.problem-double-id", first=where)
            refused.append(Refused(item.record.id, (problem,)))
        else:
            seen[item.record.id] = item
    return list(seen.values()), refused


def digest(record: Office | Service) -> str:
    """Return a fingerprint of a record's content; equal content has an equal one."""
    return hashlib.sha256(record.model_dump_json(by_alias=True).encode()).hexdigest()
