"""Reading the region folder again: YAML in another process, the import in one transaction."""

from collections.abc import Iterator
from itertools import islice

from markupsafe import Markup

from handlers.catalogue.chat import READ_AGAIN, require_reader
from handlers.catalogue.folder import read_all
from handlers.catalogue.report import ANNOUNCED, problem_lines, summary
from handlers.heavy import Finishing, HeavyWork
from handlers.messages import Reply, replace
from services.alarms.reading import RuleBook, check_rules
from services.alarms.taking_in import TakenRules
from services.catalogue.reading import Reading
from services.catalogue.service import ImportReport
from services.golive.model import Batch, State
from services.text import Text
from services.yaml_source import Problem

SHOWN = 10
"""Mistakes, and records, named in one message; the rest is counted."""


async def take_in(scene: Finishing, found: tuple[Reading, RuleBook]) -> Reply:
    """Import what was read, announce what went online, and report in the asker's message."""
    services, (reading, book) = scene.services, found
    require_reader(services.staff, scene.actor)
    report: ImportReport = await services.catalogue.take_in_reading(reading, whole=True)
    batch: Batch | None = await services.golive.announce_import(report)
    if report.new or report.changed:
        await services.audit.note(
            scene.actor.staff_id,
            "catalogue.read-again",
            report.source,
            after={"new": len(report.new), "changed": len(report.changed)},
        )
    taken: TakenRules = await services.alarms.take_in(book)
    if taken.new or taken.changed or taken.gone:
        counted = {"new": len(taken.new), "changed": len(taken.changed), "gone": len(taken.gone)}
        actor = scene.actor.staff_id
        await services.audit.note(actor, "alarms.read-again", report.source, after=counted)
    if scene.chat is None:
        return None
    problems = [*book.problems, *check_rules(book, services.staff.region)]
    words = scene.text.lines(
        [
            told(report, State(batch.state) if batch else None, scene.text),
            *_rules(taken, len(book.rules), problems, scene.text),
        ]
    )
    return replace(scene.chat.telegram_id, scene.arguments["message_id"], words)


def _rules(
    taken: TakenRules, number: int, problems: list[Problem], text: Text
) -> Iterator[Markup]:
    """Yield what became of the rules for alarms: what staff changed in the chat stays theirs.

    Of a folder without rules nothing is said.
    """
    if not (number or taken.gone or problems):
        return
    yield text(
        "alarms.read-again",
        new=len(taken.new),
        changed=len(taken.changed),
        kept=len(taken.conflicts),
        gone=len(taken.gone),
    )
    if taken.conflicts:
        yield text("alarms.read-kept", names=_named(taken.conflicts))
    if problems:
        yield text("alarms.read-problems", count=len(problems))
        yield from islice(problem_lines(problems, text), SHOWN)


def told(report: ImportReport, announced: State | None, text: Text) -> Markup:
    """Return the report: what changed by name, and the first mistakes with file and line."""
    refused = [problem for record in report.refused for problem in record.problems]
    problems = [*report.problems, *refused]
    lines = [summary(report, text)]
    for key, names in (
        ("catalogue.read-new", report.new),
        ("catalogue.read-changed", report.changed),
        ("catalogue.read-missing", report.missing),
    ):
        if names and not (report.baseline and key == "catalogue.read-new"):
            lines.append(text(key, names=_named(names)))
    if report.baseline:
        lines.append(text("catalogue.import-baseline"))
    if announced:
        lines.append(text(ANNOUNCED[announced], count=len(report.changes)))
    if problems:
        lines.append(text("catalogue.check-failed", count=len(problems)))
        lines += islice(problem_lines(problems, text), SHOWN)
    return text.lines(lines)


def _named(names: list[str]) -> str:
    """Return the first names; the summary has counted them all."""
    return ", ".join([*names[:SHOWN], "…"] if len(names) > SHOWN else names)


HEAVY = {READ_AGAIN: HeavyWork(work=read_all, finish=take_in)}
