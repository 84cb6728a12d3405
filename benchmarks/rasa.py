"""How well a real Rasa server understands, next to our own ranking: same services, same questions.

    python -m benchmarks.rasa [--python FILE] [--folder FOLDER] [--services 24] [--examples 12]

Builds an environment of its own with Python 3.10 (2.7 GB, once), trains, starts the server, asks
it, and compares its answers with the recorded ones of tests/rasa. Ends with 1 when their shape has
changed. Without Python 3.10 it says so and ends with 0.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import SecretStr

from benchmarks.rasa_server import ask, environment, find_python, memory, server, train
from bot.metrics import Metrics
from bot.rasa import Rasa
from nlu.index import build_understander
from nlu.rasa.contract import read
from nlu.rasa.export import export, intents_of
from nlu.training import read_training
from nlu.understanding import Decision, Entry
from services.catalogue.reading import read_catalogue

ROOT = Path(__file__).resolve().parent.parent
REGION = ROOT / "regions" / "anhalt-bitterfeld"
QUESTIONS = ROOT / "tests" / "nlu"
RECORDED = ROOT / "tests" / "rasa" / "recorded"
MOST = 3


@dataclass(frozen=True)
class Question:
    """A question, and the services of which any is right; none when out of scope."""

    text: str
    services: frozenset[str]


@dataclass
class Figures:
    """What was measured of one system."""

    name: str
    ranked: list[tuple[Question, list[str]]] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        recalls = [
            np.mean([bool(question.services & {*ids[:most]}) for question, ids in self.ranked])
            for most in (1, MOST)
        ]
        p50, p95 = (1000 * np.percentile(self.took, share) for share in (50, 95))
        return f"{self.name:10} {recalls[0]:8.3f} {recalls[1]:8.3f} {p50:8.1f} {p95:8.1f}"


def read_questions(name: str) -> list[Question]:
    """Read questions of tests/nlu."""
    lines = (QUESTIONS / name).read_text(encoding="utf-8").splitlines()
    return [Question(one["text"], frozenset(one["services"])) for one in map(json.loads, lines)]


def most_asked(questions: Sequence[Question], services: int, examples: int) -> list[Entry]:
    """Return the services with most questions, each with some of its examples."""
    counts = Counter(one for question in questions for one in sorted(question.services))
    records = {found.record.id: found.record for found in read_catalogue(REGION).services}
    texts = read_training().services
    return [
        Entry(one, (record.name.de, record.name.en, record.official), texts[one][:examples])
        for one, _ in counts.most_common(services)
        for record in [records[one]]
    ]


def shape(body: str | bytes) -> Any:
    """Return the keys of an answer and those of what it ranks."""
    found = json.loads(body)
    ranked = found.get("intent_ranking") or [{}]
    return sorted(found), sorted(ranked[0])


def changed(url: str, token: str) -> list[str]:
    """Return the recorded answers that the server would give in another shape."""
    names = []
    for path in sorted(RECORDED.glob("*.json")):
        recorded = json.loads(path.read_text(encoding="utf-8"))
        if recorded["status"] in {401, 404, 405, 409}:
            continue  # other pages, another token, no model
        status, body = ask(url, recorded["asked"], token)
        if (status, shape(body)) != (recorded["status"], shape(recorded["body"])):
            names.append(path.stem)
    return names


def ours(entries: Sequence[Entry], questions: Sequence[Question], folder: Path) -> Figures:
    """Ask our own ranking; vectors are kept in the folder."""
    understander = build_understander(entries, folder)
    figures = Figures("ours")
    for question in questions:
        began = time.perf_counter()
        understander.understand(question.text)
        figures.took.append(time.perf_counter() - began)
        found = understander.explain(question.text).candidates
        figures.ranked.append((question, [one.id for one in found]))
    return figures


async def rasa(
    url: str, token: str, entries: tuple[Entry, ...], questions: Sequence[Question]
) -> Figures:
    """Ask through the bot's own client; ranks come from the same answers, read whole."""
    client, intents = Rasa(url, SecretStr(token), Metrics().understanding), intents_of(entries)
    figures = Figures("Rasa")
    alone, offered = [], []
    for question in questions:
        began = time.perf_counter()
        found = await client.understand(question.text, entries)
        figures.took.append(time.perf_counter() - began)
        if found:
            right = any(one.id in question.services for one in found.candidates)
            (alone if found.decision is Decision.ANSWER else offered).append(right)
        body = (await asyncio.to_thread(ask, url, {"text": question.text}, token))[1]
        ids = [one.id for one in read(body, intents).candidates]
        figures.ranked.append((question, ids))
    print(f"Rasa answers alone: {len(alone)}, of these right: {sum(alone)}")
    print(f"Rasa offers three: {len(offered)}, of these with the right one: {sum(offered)}")
    refused = [
        await client.understand(one.text, entries) for one in read_questions("out_of_scope.jsonl")
    ]
    wrong = Counter(str(one.decision) for one in refused if one)
    print(f"Rasa on {len(refused)} questions out of scope: {dict(wrong)}")
    return figures


def main() -> int:
    """Build, train, ask, print; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--python", help="a Python 3.8 to 3.10")
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "rasa")
    parser.add_argument("--services", type=int, default=24)
    parser.add_argument("--examples", type=int, default=12)
    given = parser.parse_args()
    python = find_python(given.python)
    if python is None:
        print("Skipped: Rasa needs Python 3.10, and none was found. PYTHON310=FILE names one.")
        return 0
    programs = environment(python, given.folder / "environment")
    asked = read_questions("questions.jsonl")
    entries = tuple(most_asked(asked, given.services, given.examples))
    known = {entry.id for entry in entries}
    questions = [one for one in asked if one.services & known]
    model = given.folder / "model"
    export(model, entries, read_training().out_of_scope)
    train(programs, model)
    token = secrets.token_hex(8)
    with server(programs, model, token) as (url, process):
        others = changed(url, token)
        theirs = asyncio.run(rasa(url, token, entries, questions))
        print(f"Server: {memory(process):.0f} MB")
    print(f"\n{len(entries)} services, {len(questions)} questions")
    print(f"{'':10} {'R@1':>8} {'R@3':>8} {'p50 ms':>8} {'p95 ms':>8}")
    print(ours(entries, questions, given.folder / "vectors"))
    print(theirs)
    print(f"Recorded answers with another shape: {', '.join(others) or 'none'}")
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main())
