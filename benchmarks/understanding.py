"""How often the right service is among the first one, three, five: ours next to simpler ways.

    python -m benchmarks.understanding [--vectors FOLDER] [--ozg FOLDER] [--munich FILE]

The starter catalogue is measured on the questions in tests/nlu. With --ozg (a folder with
ozg_catalogue.jsonl and dev_questions.jsonl) the 557 OZG services are measured, too; with --munich
(leistungen.json) that town's synonyms. False answers and coverage come from five folds: each
fifth is judged by a gate that was learned from the other four. The first run encodes all examples,
which takes minutes; the vectors are kept. Speed: `python -m benchmarks.understanding_speed`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.baselines import PLAIN_SUM, WORDS, Characters, Sum
from benchmarks.munich import munich
from handlers.nlu.catalogues import Catalogue, read_entries
from nlu.builtin import Builtin
from nlu.calibration import FOLDS, SEED, Recalling, learn, observe
from nlu.encoders import available_encoders
from nlu.evaluation import Outcome, Rank, ask, figures
from nlu.index import build
from nlu.questions import Question, read_questions
from nlu.ranker import Ranker
from nlu.training import read_training
from nlu.understanding import Decision
from nlu.vectors import VectorStore

ROOT = Path(__file__).resolve().parent.parent
REGION = ROOT / "regions" / "anhalt-bitterfeld"
QUESTIONS = ROOT / "tests" / "nlu"


def _show(name: str, found: dict[str, Any]) -> None:
    recalls = " ".join(f"{found[f'recall_at_{most}']:.3f}" for most in (1, 3, 5))
    print(f"{name:34} {recalls}  MRR {found['mrr']:.3f}  n {found['n']}", flush=True)


def _evaluate(questions: Sequence[Question], rank: Rank, known: Catalogue) -> dict[str, Any]:
    asked = [replace(one, text=known.read(one.text)) for one in questions]
    return figures(ask(asked, rank, carried=known.carried))


def _compare(
    title: str, known: Catalogue, questions: Sequence[Question], stores: Sequence[VectorStore]
) -> Builtin:
    """Print the figures of every way to rank; return our understander."""
    entries, generic = known.entries, read_training().generic
    print(f"\n{title}: {len(entries)} entries (R@1 R@3 R@5)")
    ways: dict[str, Rank] = {
        "TF-IDF characters": Characters(entries).rank,
        "words alone (BM25)": Sum(entries, stores, generic, {WORDS: 1.0}).rank,
    }
    for store in stores:
        name = store.encoder.name
        ways[f"{name} alone"] = Sum(entries, stores, generic, {name: 1.0}).rank
    ways["plain sum"] = Sum(entries, stores, generic, PLAIN_SUM).rank
    bare = [replace(one, phrases=()) for one in entries]
    ways["ours, names alone"] = Ranker(bare, stores, generic).rank
    for name, rank in ways.items():
        _show(name, _evaluate(questions, rank, known))
    understander = build(entries).with_meaning(stores)
    ours = _evaluate(questions, understander.ranker.rank, known)
    _show("ours", ours)
    for group in ("by_lang", "by_style"):
        for key, found in ours[group].items():
            _show(f"  {key}", found)
    return understander


def _fold(
    understander: Builtin,
    known: Catalogue,
    questions: Sequence[Question],
    out_of_scope: Sequence[Question],
) -> None:
    """Print coverage and false answers, each fifth decided by what the others taught."""
    every = [replace(one, text=known.read(one.text)) for one in (*questions, *out_of_scope)]
    right = [
        frozenset(one for one, ids in known.carried.items() if not ids.isdisjoint(asked.services))
        for asked in every
    ]
    texts = [question.text for question in every]
    observed = observe(understander.ranker, list(zip(texts, right, strict=True)))
    fold = np.random.default_rng(SEED).permutation(len(every)) % FOLDS
    outcomes: list[Outcome] = []
    for number in range(FOLDS):
        others = [one for one, at in zip(observed, fold, strict=True) if at != number]
        understander.gate, _ = learn(others)
        asked = [every[at] for at in np.flatnonzero(fold == number).tolist()]
        outcomes += ask(asked, lambda _: (), understander.understand, known.carried)
    found = figures(outcomes)
    alone = sum(one.decision is Decision.ANSWER for one in outcomes)
    print(
        f"{FOLDS} folds: coverage {found['coverage']} (n {found['n']}), "
        f"false answers {found['oos_false_rate']} (n {found['oos_n']}), "
        f"alone {alone} with precision {found['precision_alone']}",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, default=ROOT / "data" / "vectors")
    parser.add_argument("--ozg", type=Path)
    parser.add_argument("--munich", type=Path)
    given = parser.parse_args()
    stores = [VectorStore(given.vectors, Recalling(one)) for one in available_encoders()]
    print("encoders:", ", ".join(store.encoder.name for store in stores) or "none")
    beyond = read_questions(QUESTIONS / "out_of_scope.jsonl")
    own = read_questions(QUESTIONS / "questions.jsonl")
    blind = read_questions(QUESTIONS / "questions_blind.jsonl")
    starter = read_entries(REGION)
    understander = _compare("Starter catalogue, questions", starter, own, stores)
    ours = _evaluate(blind, understander.ranker.rank, starter)
    _show("ours, blind questions", ours)
    _fold(understander, starter, [*own, *blind], beyond)
    if given.ozg:
        known = read_entries(given.ozg / "ozg_catalogue.jsonl")
        asked = read_questions(given.ozg / "dev_questions.jsonl")
        services = [one for one in asked if one.services]
        understander = _compare("OZG catalogue, development questions", known, services, stores)
        _fold(
            understander, known, services, [*beyond, *(one for one in asked if not one.services)]
        )
    if given.munich:
        found = munich(given.munich, stores, read_training())
        shares = " ".join(f"{found[f'recall_at_{most}']:.3f}" for most in (1, 3, 5))
        print(f"\nMunich, {found['n']} removed synonyms (R@1 R@3 R@5)\n{'ours':34} {shares}")


if __name__ == "__main__":
    main()
