"""How often the right service is among the first one, three, five: ours next to simpler ways.

    python -m benchmarks.understanding [--ozg FOLDER] [--vectors FOLDER]

The starter catalogue is measured on tests/nlu/questions.jsonl. With --ozg (a folder with
ozg_catalogue.jsonl and dev_questions.jsonl) the 557 OZG services are measured, too. The first run
encodes all examples, which takes minutes; the vectors are kept.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nlu.encoders import available_encoders
from nlu.evaluation import Rank, ask, figures
from nlu.lexical import Scores
from nlu.questions import Question, read_questions
from nlu.ranker import Ranker, Units
from nlu.understanding import Candidate, Entry
from nlu.vectors import VectorStore
from services.catalogue.reading import read_catalogue

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "nlu" / "data" / "examples"
GENERIC = ROOT / "nlu" / "data" / "out_of_scope.yaml"
REGION = ROOT / "regions" / "anhalt-bitterfeld"
QUESTIONS = ROOT / "tests" / "nlu" / "questions.jsonl"
EVERY = 20
"""Each twentieth example joins the generic questions."""


class Characters:
    """The baseline: TF-IDF over sequences of three to five characters."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self._units = Units.of(entries)
        counted = [_grams(text) for text in self._units.texts]
        occurs = Counter(gram for grams in counted for gram in grams)
        self._columns = {gram: column for column, gram in enumerate(sorted(occurs))}
        self._rarity = np.log(1 + len(counted) / np.array([occurs[one] for one in self._columns]))
        self._postings: dict[int, list[tuple[int, float]]] = {}
        for row, grams in enumerate(counted):
            weights = self._weights(grams)
            for column, weight in weights.items():
                self._postings.setdefault(column, []).append((row, weight))

    def rank(self, text: str) -> list[Candidate]:
        """Return all entries, best first."""
        scores: Scores = np.zeros(len(self._units.texts))
        for column, weight in self._weights(_grams(text)).items():
            for row, other in self._postings[column]:
                scores[row] += weight * other
        found = self._units.by_entry(scores)
        order = np.argsort(-found, kind="stable")
        return [Candidate(self._ids[number], float(found[number]), "") for number in order]

    def _weights(self, grams: set[str]) -> dict[int, float]:
        known = sorted(self._columns[gram] for gram in grams if gram in self._columns)
        found = {column: float(self._rarity[column]) for column in known}
        length = float(np.sqrt(sum(weight**2 for weight in found.values()))) or 1.0
        return {column: weight / length for column, weight in found.items()}


def _grams(text: str) -> set[str]:
    padded = f" {text.lower()} "
    return {padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)}


def _examples(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, by_language in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[key] = [text for texts in by_language.values() for text in texts]
    return found


def _generic(examples: dict[str, list[str]]) -> list[str]:
    refused = yaml.safe_load(GENERIC.read_text(encoding="utf-8"))
    texts = [text for key in sorted(examples) for text in examples[key]]
    return [*(text for group in refused.values() for text in group), *texts[::EVERY]]


def _starter() -> list[Entry]:
    services = [found.record for found in read_catalogue(REGION).services]
    return [
        Entry(one.id, (one.name.de, one.name.en, one.official), tuple(one.synonyms))
        for one in services
    ]


def _ozg(path: Path) -> list[Entry]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Entry(one["id"], (one["title"],), tuple(leika["name"] for leika in one["leika"]))
        for one in records
    ]


def _with(entries: Sequence[Entry], examples: dict[str, list[str]]) -> list[Entry]:
    return [Entry(one.id, one.names, (*one.phrases, *examples.get(one.id, ()))) for one in entries]


def _evaluate(questions: Sequence[Question], rank: Rank) -> dict[str, Any]:
    return figures(ask(questions, rank))


def _show(name: str, found: dict[str, Any]) -> None:
    recalls = " ".join(f"{found[f'recall_at_{most}']:.3f}" for most in (1, 3, 5))
    latency = found["latency_ms"]
    print(
        f"{name:34} {recalls}  MRR {found['mrr']:.3f}  "
        f"p50 {latency['p50']} p95 {latency['p95']} ms",
        flush=True,
    )


def _measure(
    title: str,
    entries: Sequence[Entry],
    examples: dict[str, list[str]],
    questions: Sequence[Question],
    stores: Sequence[VectorStore],
) -> None:
    generic = _generic(examples)
    taught = _with(entries, examples)
    print(f"\n{title}: {len(entries)} services, {len(questions)} questions (R@1 R@3 R@5)")
    _show("TF-IDF characters", _evaluate(questions, Characters(taught).rank))
    _show("words alone (BM25)", _evaluate(questions, Ranker(taught, [], generic).rank))
    for store in stores:
        alone = {"words": 0.0, store.encoder.name: 1.0}
        ranker = Ranker(taught, [store], generic, weights=alone)
        _show(f"{store.encoder.name} alone", _evaluate(questions, ranker.rank))
    _show("sum, no examples", _evaluate(questions, Ranker(entries, stores, generic).rank))
    ours = _evaluate(questions, Ranker(taught, stores, generic).rank)
    _show("ours: sum with examples", ours)
    for group in ("by_lang", "by_style"):
        for key, found in ours[group].items():
            recalls = " ".join(f"{found[f'recall_at_{most}']:.3f}" for most in (1, 3, 5))
            print(f"  {key:32} {recalls}  n {found['n']}")
    print(f"  most memory of this process: {ours['rss_mb']} MB")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ozg", type=Path)
    parser.add_argument("--vectors", type=Path, default=ROOT / "data" / "vectors")
    given = parser.parse_args()
    stores = [VectorStore(given.vectors, encoder) for encoder in available_encoders()]
    print("encoders:", ", ".join(store.encoder.name for store in stores) or "none")
    services = _examples(EXAMPLES / "services")
    _measure("Starter catalogue", _starter(), services, read_questions(QUESTIONS), stores)
    if given.ozg:
        entries = _ozg(given.ozg / "ozg_catalogue.jsonl")
        questions = read_questions(given.ozg / "dev_questions.jsonl")
        _measure("OZG catalogue", entries, _examples(EXAMPLES / "ozg"), questions, stores)


if __name__ == "__main__":
    main()
