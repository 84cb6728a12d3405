"""Reads a region's faq.yaml; a wrong record refuses itself with file, line and field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.catalogue.rules import Snapshot
from services.faq.records import ClosingDay, Faq, Guide
from services.validation import RecordType, validate
from services.yaml_source import Problem, Source, SourceError, Steps, read_yaml

FILE = "faq.yaml"
FIELDS = ("offices", "closing_days", "faq")


@dataclass(frozen=True)
class Book:
    """All questions of a region that are no services, and what their answers need."""

    faqs: Mapping[str, Faq] = field(default_factory=dict)
    guide: Guide | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    problems: tuple[Problem, ...] = ()
    source: Source | None = None


def read_book(folder: Path) -> Book:
    """Read the file; without it there is nothing to answer. What is wrong stands in `problems`."""
    path = folder / FILE
    if not path.exists():
        return Book()
    try:
        source = read_yaml(path)
    except SourceError as error:
        return Book(problems=(error.problem,))
    if not isinstance(source.data, dict):
        return Book(problems=(source.problem((), "catalogue.problem-not-a-mapping"),))
    problems = [
        source.problem((name,), "catalogue.problem-unknown-field")
        for name in sorted(source.data.keys() - set(FIELDS))
    ]
    guide = None
    if "offices" in source.data:
        guide, found = validate(Guide, source.data["offices"], source, ("offices",))
        problems += found
    closing_days = _rows(ClosingDay, "closing_days", source, problems)
    faqs = _faqs(source, guide, problems)
    return Book(faqs, guide, tuple(closing_days.values()), tuple(problems), source)


def check_book(book: Book, snapshot: Snapshot) -> list[Problem]:
    """Return what the file names and the catalogue does not have: services, offices, tasks."""
    if book.source is None:
        return []
    return [*_guide_problems(book.source, book.guide, snapshot), *_faq_problems(book, snapshot)]


def _rows(
    model: type[RecordType], key: str, source: Source, problems: list[Problem]
) -> dict[int, RecordType]:
    """Return the valid records of a list by their place in it."""
    rows = source.data.get(key, [])
    if not isinstance(rows, list):
        problems.append(source.problem((key,), "catalogue.problem-not-a-list"))
        return {}
    valid = {}
    for index, row in enumerate(rows):
        record, found = validate(model, row, source, (key, index))
        problems += found
        if record is not None:
            valid[index] = record
    return valid


def _faqs(source: Source, guide: Guide | None, problems: list[Problem]) -> dict[str, Faq]:
    """Return the valid questions by id, each asked also by the name of every office."""
    names = [row.words[0] for row in (guide.words if guide else ())]
    faqs: dict[str, Faq] = {}
    for index, faq in _rows(Faq, "faq", source, problems).items():
        if faq.id in faqs:
            first = f"{source.file}:{source.line(('faq', _index(source, faq.id)))}"
            where = ("faq", index, "id")
            problems.append(source.problem(where, "catalogue.problem-double-id", first=first))
        else:
            faqs[faq.id] = faq.about(names)
    return faqs


def _index(source: Source, faq_id: str) -> int:
    """Return where a record stands in the file: the first of this id."""
    rows = source.data["faq"]
    return next(
        index
        for index, row in enumerate(rows)
        if isinstance(row, dict) and row.get("id") == faq_id
    )


def _guide_problems(source: Source, guide: Guide | None, snapshot: Snapshot) -> Iterable[Problem]:
    if guide is None:
        return
    if guide.county not in snapshot.offices:
        where = ("offices", "county")
        yield source.problem(where, "catalogue.problem-unknown-office", office=guide.county)
    tasks: dict[Steps, str] = {("offices", "town_task"): guide.town_task}
    tasks |= {
        ("offices", "words", index, "task"): row.task for index, row in enumerate(guide.words)
    }
    for steps, task in tasks.items():
        if task not in snapshot.by_task:
            yield source.problem(steps, "faq.problem-unknown-task", task=task)


def _faq_problems(book: Book, snapshot: Snapshot) -> Iterable[Problem]:
    source = book.source
    if source is None:
        return
    for faq in book.faqs.values():
        index = _index(source, faq.id)
        if faq.office and faq.office not in snapshot.offices:
            where = ("faq", index, "office")
            yield source.problem(where, "catalogue.problem-unknown-office", office=faq.office)
        if faq.task and faq.task not in snapshot.by_task:
            yield source.problem(("faq", index, "task"), "faq.problem-unknown-task", task=faq.task)
        for number, service in enumerate(faq.services):
            if service not in snapshot.services:
                at = ("faq", index, "services", number)
                yield source.problem(at, "faq.problem-unknown-service", service=service)
