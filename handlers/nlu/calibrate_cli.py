"""`abibot nlu calibrate`: learn anew when the bot answers, offers, refuses or hears danger."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from handlers.entries import service_entries
from handlers.nlu.evaluate_cli import questions_in
from handlers.terminal import Terminal
from nlu.calibration import Asked, Lesson, Recalling, calibrate, kept, reliability
from nlu.encoders import Encoder, works
from nlu.gate import FILE
from nlu.listener import FILE as LISTENER_FILE
from nlu.listener_learning import as_json, learn_each, lesson
from nlu.questions import Question
from nlu.supplement import services_of_others
from nlu.training import DATA, read_training
from nlu.understanding import Entry, Kind
from nlu.vectors import VectorStore
from services.catalogue.reading import read_catalogue
from services.catalogue.records import Service

OWN_FILE = Path(str(DATA)) / FILE
OWN_LISTENER = Path(str(DATA)) / LISTENER_FILE
QUESTIONS = Path("tests/nlu/questions.jsonl")
LEARNED_FROM = ("out_of_scope.yaml", "everyday.yaml", "other_places.yaml", "elsewhere.yaml")


@click.command("calibrate")
@click.option(
    "--questions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=QUESTIONS,
    show_default=True,
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=OWN_FILE)
@click.option(
    "--listener-out", type=click.Path(dir_okay=False, path_type=Path), default=OWN_LISTENER
)
@click.pass_obj
def command(terminal: Terminal, questions: Path, out: Path, listener_out: Path) -> None:
    """Learn the gate and, where encoders are, the listener for emergencies."""
    asked = questions_in(questions, terminal.text)
    options = terminal.understanding
    encoders = [one for one in map(options.load, options.encoders) if one and works(one)]
    gates = _learn_gates(terminal, asked, encoders)
    _write(out, json.dumps({"data": digest_of(questions), **gates}, indent=1) + "\n")
    if not encoders:  # words alone teach no listener; the old one is better than none
        click.echo(terminal.text("nlu.no-listener").unescape())
        return
    _write(listener_out, _learn_listeners(terminal, encoders))


def _learn_gates(
    terminal: Terminal, asked: Sequence[Question], encoders: Sequence[Encoder]
) -> dict[str, Any]:
    """Return the gate of each set of signals, and what each was measured to keep."""
    services = [found.record for found in read_catalogue(terminal.region_folder).services]
    stores = [VectorStore(terminal.understanding.vectors, Recalling(one)) for one in encoders]
    lessons = [_ours(services, asked), _ozg(services, asked)]
    gates: dict[str, Any] = {}
    measured: dict[str, Any] = {}
    for signals, gate, judged in calibrate(lessons, stores, read_training()):
        keeps = kept(judged, gate.thresholds)
        gates[signals] = asdict(gate)
        measured[signals] = {
            "n": len(judged.first),
            **asdict(keeps),
            "in_scope": reliability(judged.in_scope, judged.is_in_scope),
            "first": reliability(judged.first, judged.first_is_right),
        }
        figures = asdict(keeps)
        click.echo(terminal.text("nlu.calibrated", signals=signals, **figures).unescape())
    return {"gates": gates, "measured": measured}


def _learn_listeners(terminal: Terminal, encoders: Sequence[Encoder]) -> str:
    """Return the content of the listeners' file: one for each set of encoders."""
    stores = [VectorStore(terminal.understanding.vectors, one) for one in encoders]
    given = lesson(read_training())
    learned = list(learn_each(stores, given))
    emergencies, others = len(given.emergencies), len(given.others)
    told = terminal.text("nlu.listener-learned", emergencies=emergencies, others=others)
    click.echo(told.unescape())
    return as_json(learned, given)


def _write(out: Path, content: str) -> None:
    written = out.with_suffix(".part")  # whole or not at all
    written.write_text(content, encoding="utf-8")
    written.replace(out)


def digest_of(questions: Path) -> str:
    """Return the digest of all that a gate is learned from: questions and training files."""
    digest = hashlib.sha256(questions.read_bytes())
    for name in LEARNED_FROM:
        digest.update(DATA.joinpath(name).read_bytes())
    for kind in ("services", "ozg"):
        folder = DATA.joinpath("examples", kind)
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _ours(services: Sequence[Service], asked: Sequence[Question]) -> Lesson:
    """The region's own services, as the bot ranks them."""
    found = [(one.text, one.services) for one in asked if one.services]
    entries = service_entries(services, read_training())
    return Lesson(entries, found, list(_by_name(entries)))


def _ozg(services: Sequence[Service], asked: Sequence[Question]) -> Lesson:
    """All services of the OZG as if they were ours: a gate for other counties' catalogues, too."""
    examples = read_training().ozg
    others = services_of_others().values()
    entries = [replace(one.entry(examples), kind=Kind.SERVICE) for one in others]
    carried: dict[str, set[str]] = defaultdict(set)
    for service in services:
        carried[service.id] |= {f"ozg:{service.ozg}"} if service.ozg else set()
    found = [
        (one.text, frozenset().union(*(carried[key] for key in one.services)))
        for one in asked
        if one.services
    ]
    about_ozg = [(text, right) for text, right in found if right]
    return Lesson(entries, about_ozg, list(_by_name(entries)))


def _by_name(entries: Sequence[Entry]) -> Iterable[Asked]:
    """People also type nothing but a name; what else has the same name is as right."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for text in (*entry.names, *entry.phrases):
            owners[text.casefold()].add(entry.id)
    for entry in entries:
        name = entry.names[0]
        yield name, frozenset(owners[name.casefold()])
