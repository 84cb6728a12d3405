"""`abibot nlu explain "…"`: each stage a question goes through, and why the bot decides so."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from handlers.nlu.catalogues import CatalogueError, open_understander, read_entries
from handlers.terminal import Terminal
from nlu.builtin import Builtin
from nlu.entities import Entities, EntityKind
from nlu.understanding import Candidate, Decision, Understanding
from nlu.words import stem, words
from services.clock import utc_now
from services.region.service import Region
from services.text import Text

DECISIONS = {
    Decision.ANSWER: "nlu.decision-answer",
    Decision.CHOOSE: "nlu.decision-choose",
    Decision.CLARIFY: "nlu.decision-clarify",
    Decision.REFUSE: "nlu.decision-refuse",
    Decision.EMERGENCY: "nlu.decision-emergency",
}
NOTHING = "–"


@click.command("explain")
@click.argument("question")
@click.option(
    "--catalogue",
    type=click.Path(exists=True, path_type=Path),
    help="A region folder, or a JSONL file of OZG services; else the region that is set.",
)
@click.pass_obj
def command(terminal: Terminal, question: str, catalogue: Path | None) -> None:
    """Show how QUESTION is understood, stage by stage."""
    path, text = catalogue or terminal.region_folder, terminal.text
    try:
        known = read_entries(path)
    except CatalogueError:
        raise click.UsageError(text("nlu.no-services", path=path).unescape()) from None
    understander = open_understander(known.entries, terminal.understanding)
    asked = known.read(question)
    found = understander.explain(asked)
    names = {entry.id: entry.names[0] for entry in known.entries}
    lines = [
        *_read(understander, asked, found, text),
        *_recognised(question, found, terminal.region, text),
        *(_candidate(at, one, names[one.id], text) for at, one in enumerate(found.candidates, 1)),
        *_decided(understander, found, text),
    ]
    for line in lines:
        click.echo(line)


def _read(understander: Builtin, asked: str, found: Understanding, text: Text) -> Iterator[str]:
    standard = understander.ranker.standard(asked)
    stems = " ".join(stem(word) for word in words(standard))
    yield text("nlu.explain-language", language=found.language).unescape()
    yield text("nlu.explain-read", read=standard, stems=stems).unescape()


def _recognised(question: str, found: Understanding, region: Region, text: Text) -> Iterator[str]:
    lines = found.emergency.help_lines if found.emergency else ()
    numbers = ", ".join(f"{line.name} {line.number}" for line in lines)
    kind = found.emergency.kind if found.emergency else NOTHING
    yield text("nlu.explain-emergency", kind=kind, numbers=numbers).unescape().rstrip()
    yield text("nlu.explain-intent", intent=found.intent or NOTHING).unescape()
    named = [f"{one.kind} {one.value}" for one in _entities(region).find(question)]
    yield text("nlu.explain-named", named=", ".join(named) or NOTHING).unescape()


def _entities(region: Region) -> Entities:
    places = {
        name: place.name
        for place in region.municipalities
        for name in (place.name, *place.aliases, *place.localities)
    }
    return Entities({EntityKind.MUNICIPALITY: lambda: places}, utc_now)


def _candidate(at: int, one: Candidate, name: str, text: Text) -> str:
    signals = ", ".join(f"{key} {text.number(round(of, 2))}" for key, of in one.signals.items())
    return text(
        "nlu.explain-candidate",
        at=at,
        id=one.id,
        name=name,
        score=text.number(round(one.score, 3)),
        why=one.why,
        signals=signals,
    ).unescape()


def _decided(understander: Builtin, found: Understanding, text: Text) -> Sequence[str]:
    gate = understander.gate
    decision = text(DECISIONS[found.decision]).unescape()
    if gate is None:
        return [text("nlu.explain-no-gate").unescape(), decision]
    shown = {
        "in_scope": found.in_scope,
        "answer": gate.thresholds.answer,
        "choose": gate.thresholds.choose,
        "clarify": gate.thresholds.clarify,
    }
    numbers = {name: text.number(round(value, 3)) for name, value in shown.items()}
    return [text("nlu.explain-gate", **numbers).unescape(), decision]
