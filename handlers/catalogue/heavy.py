"""Reading the region folder again: YAML in another process, the import in one transaction."""

from itertools import islice

from markupsafe import Markup

from handlers.catalogue.chat import READ_AGAIN, require_reader
from handlers.catalogue.report import ANNOUNCED, problem_lines, summary
from handlers.heavy import Finishing, HeavyWork
from handlers.messages import Reply, replace
from services.catalogue.reading import Reading, read_folder
from services.catalogue.service import ImportReport
from services.golive.model import Batch, State
from services.text import Text

SHOWN = 10
"""Mistakes, and records, named in one message; the rest is counted."""


async def take_in(scene: Finishing, reading: Reading) -> Reply:
    """Import what was read, announce what went online, and report in the asker's message."""
    services = scene.services
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
    if scene.chat is None:
        return None
    words = told(report, State(batch.state) if batch else None, scene.text)
    return replace(scene.chat.telegram_id, scene.arguments["message_id"], words)


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


HEAVY = {READ_AGAIN: HeavyWork(work=read_folder, finish=take_in)}
