"""`abibot nlu evaluate FILE`: how often the right service is found, and how often wrongly."""

import json
from pathlib import Path
from typing import Any, TextIO

import click

from handlers.nlu.catalogues import Catalogue, CatalogueError, open_understander, read_entries
from handlers.terminal import Terminal
from nlu.evaluation import Outcome, ask, figures
from nlu.questions import Fault, Question, QuestionsError, read_questions
from services.text import Text

FAULTS = {
    Fault.NO_TEXT_FILE: "nlu.fault-encoding",
    Fault.NO_JSON: "nlu.fault-json",
    Fault.NO_OBJECT: "nlu.fault-object",
    Fault.NO_TEXT: "nlu.fault-text",
    Fault.NO_SERVICES: "nlu.fault-services",
    Fault.NO_TRUTH: "nlu.fault-truth",
    Fault.NO_NAME: "nlu.fault-name",
}
RECALLS = ("recall_at_1", "recall_at_3", "recall_at_5", "mrr")


class WrongFile(click.ClickException):
    """A file cannot be used; as for a wrong argument the exit code is 2."""

    exit_code = 2


@click.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--catalogue",
    type=click.Path(exists=True, path_type=Path),
    help="A region folder, or a JSONL file of OZG services; else the region that is set.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--out", type=click.File("w", encoding="utf-8"), help="Write a line a question.")
@click.pass_obj
def command(
    terminal: Terminal, file: Path, catalogue: Path | None, as_json: bool, out: TextIO | None
) -> None:
    """Ask the questions of FILE and print how well they are understood.

    A line is {"text": …, "services": [ids], "oos": true|false, "lang": …, "style": …}. Any id of
    an entry counts: its own, a LeiKa key, an OZG id.
    """
    questions, known = _read(terminal, file, catalogue or terminal.region_folder)
    understander = open_understander(known.entries, terminal.understanding)
    outcomes = ask(
        questions,
        lambda text: understander.explain(known.read(text)).candidates,
        lambda text: understander.understand(known.read(text)),
        known.carried,
    )
    if out is not None:
        for outcome in outcomes:
            out.write(json.dumps(_line(outcome), ensure_ascii=False) + "\n")
    found = figures(outcomes)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _show(found, terminal.text)


def questions_in(file: Path, text: Text) -> list[Question]:
    """Read questions; the first wrong line ends the command, named by file and number."""
    try:
        return read_questions(file)
    except QuestionsError as error:
        what = text(FAULTS[error.fault])
        where = text("nlu.fault", file=file, line=error.line, what=what)
        raise WrongFile(where.unescape()) from None


def _read(terminal: Terminal, file: Path, catalogue: Path) -> tuple[list[Question], Catalogue]:
    text = terminal.text
    questions = questions_in(file, text)
    try:
        known = read_entries(catalogue)
    except CatalogueError:
        raise WrongFile(text("nlu.no-services", path=catalogue).unescape()) from None
    there = frozenset().union(*known.carried.values())
    missing = sum(bool(one.services) and one.services.isdisjoint(there) for one in questions)
    if missing:
        click.echo(text("nlu.not-in-catalogue", count=missing).unescape(), err=True)
    return questions, known


def _line(outcome: Outcome) -> dict[str, Any]:
    question = outcome.question
    return {
        "text": question.text,
        "services": sorted(question.services),
        "oos": not question.services,
        "lang": question.language,
        "style": question.style,
        "ranked": [one.id for one in outcome.ranked],
        "scores": [round(one.score, 4) for one in outcome.ranked],
        "decision": outcome.decision,
    }


def _show(found: dict[str, Any], text: Text) -> None:
    click.echo(text("nlu.found", **_recalls(found, text)).unescape())
    for group, name in (("by_lang", "nlu.language"), ("by_style", "nlu.style")):
        for key, recalls in found[group].items():
            of = text(name, name=key)
            line = text("nlu.found-of", of=of, **_recalls(recalls, text))
            click.echo(f"  {line.unescape()}")
    shares = ("coverage", "precision_alone", "oos_false_rate")
    shown = {name: _number(found[name], text) for name in shares}
    click.echo(text("nlu.decided", **shown, beyond=found["oos_n"]).unescape())
    latency = {name: _number(value, text) for name, value in found["latency_ms"].items()}
    click.echo(text("nlu.spent", **latency, memory=text.number(found["rss_mb"])).unescape())


def _recalls(found: dict[str, Any], text: Text) -> dict[str, object]:
    return {"n": found["n"], **{name: _number(found[name], text) for name in RECALLS}}


def _number(value: float | None, text: Text) -> str:
    return "–" if value is None else text.number(value)
