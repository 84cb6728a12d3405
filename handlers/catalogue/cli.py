"""`abibot catalogue import FILE` and `abibot catalogue check [FOLDER]`."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from handlers.catalogue.report import ANNOUNCED, problem_lines, summary
from handlers.terminal import Terminal
from services.alarms.reading import check_rules, read_rules
from services.alarms.taking_in import TakenRules
from services.assignment.domain.reading import read_case_types
from services.catalogue.checking import check_references
from services.catalogue.reading import Entry, Found, Reading, read_catalogue
from services.catalogue.records import Service
from services.catalogue.rules import Snapshot
from services.catalogue.service import ImportReport
from services.clock import utc_now
from services.faq.reading import check_book, read_book
from services.faq.records import Faq
from services.golive.model import Batch, State
from services.region.service import RegionError, load_region
from services.text import Text
from services.yaml_source import Problem


@click.group("catalogue")
def command() -> None:
    """Import and check the catalogue of public services."""


@command.command()
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def check(terminal: Terminal, folder: Path | None) -> None:
    """Check a region folder: file, line and field of what to mend, and what is overdue."""
    folder = folder or terminal.region_folder
    text = terminal.text
    try:
        region = load_region(folder)
    except RegionError as error:
        _show(error.problems, text)
        raise _failure(len(error.problems), text) from None
    reading = read_catalogue(folder)
    check_references(reading, region)
    book = read_book(folder)
    snapshot = Snapshot(0, _by_id(reading.services), _by_id(reading.offices))
    rules = read_rules(folder)
    problems = [
        *_all_problems(reading),
        *book.problems,
        *check_book(book, snapshot),
        *rules.problems,
        *check_rules(rules, region),
        *read_case_types(folder).problems,
    ]
    _show(problems, text)
    if problems:
        raise _failure(len(problems), text)
    click.echo(
        text(
            "catalogue.check-ok",
            services=len(reading.services),
            offices=len(reading.offices),
            municipalities=len(region.municipalities),
        )
    )
    records = [found.record for found in reading.services]
    _show_overdue([*records, *book.faqs.values()], text)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def import_(terminal: Terminal, file: Path) -> None:
    """Import a YAML file or a region folder in one transaction."""
    report, announced, rules = asyncio.run(_import(terminal, file))
    show_report(report, terminal.text)
    for rule in rules.conflicts if rules else ():
        click.echo(terminal.text("alarms.conflict", rule=rule).unescape())
    if announced:
        click.echo(terminal.text(ANNOUNCED[announced], count=len(report.changes)))
    if report.problems or report.refused:
        raise SystemExit(1)


async def _import(
    terminal: Terminal, file: Path
) -> tuple[ImportReport, State | None, TakenRules | None]:
    """Take a file in; a whole folder brings its rules for alarms, too."""
    rules = read_rules(file) if file.is_dir() else None  # noqa: ASYNC240 - nobody else waits
    async with terminal.transaction() as services:
        report: ImportReport = await services.catalogue.take_in(file)
        batch: Batch | None = await services.golive.announce_import(report)
        taken: TakenRules | None = await services.alarms.take_in(rules) if rules else None
        return report, State(batch.state) if batch else None, taken


def show_report(report: ImportReport, text: Text) -> None:
    """Print what an import did, each refused record with its reasons."""
    _show(report.problems, text)
    for refused in report.refused:
        click.echo(text("catalogue.import-refused", id=refused.id).unescape())
        _show(refused.problems, text)
    click.echo(summary(report, text).unescape())
    if report.baseline:
        click.echo(text("catalogue.import-baseline"))


def _by_id(found: Sequence[Found[Entry]]) -> dict[str, Entry]:
    return {one.record.id: one.record for one in found}


def _show_overdue(records: Iterable[Service | Faq], text: Text) -> None:
    """Remind of records an editor should have looked at again; they stay valid."""
    today = utc_now().date()
    for record in records:
        if record.review_by < today:
            due = text.date(record.review_by)
            click.echo(text("catalogue.check-overdue", id=record.id, date=due).unescape())


def _all_problems(reading: Reading) -> list[Problem]:
    refused = [problem for record in reading.refused for problem in record.problems]
    return [*reading.problems, *refused]


def _show(problems: Sequence[Problem], text: Text) -> None:
    for line in problem_lines(problems, text):
        click.echo(line.unescape())


def _failure(count: int, text: Text) -> SystemExit:
    click.echo(text("catalogue.check-failed", count=count))
    return SystemExit(1)
