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

from benchmarks.baselines import PLAIN_SUM, WORDS, Asked, Characters, Sum
from benchmarks.munich import munich
from handlers.nlu.catalogues import Catalogue, read_entries
from nlu.calibration import FOLDS, SEED, Observed, learn, observe
from nlu.emergencies import emergency_in
from nlu.encoders import available_encoders
from nlu.evaluation import Rank, ask, figures
from nlu.gate import Gate
from nlu.intents import intent_of
from nlu.questions import Question, read_questions
from nlu.ranker import Ranker
from nlu.training import read_training
from nlu.understanding import Decision
from nlu.vectors import VectorStore

ROOT = Path(__file__).resolve().parent.parent
REGION = ROOT / "regions" / "anhalt-bitterfeld"
QUESTIONS = ROOT / "tests" / "nlu"
ANSWERED = (Decision.ANSWER, Decision.CHOOSE)


def _show(name: str, found: dict[str, Any]) -> None:
    recalls = " ".join(f"{found[f'recall_at_{most}']:.3f}" for most in (1, 3, 5))
    print(f"{name:34} {recalls}  MRR {found['mrr']:.3f}  n {found['n']}", flush=True)


def _evaluate(questions: Sequence[Question], rank: Rank, known: Catalogue) -> dict[str, Any]:
    asked = [replace(one, text=known.read(one.text)) for one in questions]
    return figures(ask(asked, rank, carried=known.carried))


def _compare(
    title: str, known: Catalogue, questions: Sequence[Question], stores: Sequence[VectorStore]
) -> Ranker:
    """Print the figures of every way to rank; return ours."""
    training, entries = read_training(), known.entries
    generic = training.generic
    print(f"\n{title}: {len(entries)} services (R@1 R@3 R@5)")
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
    ranker = Ranker(entries, stores, generic, refused=training.out_of_scope)
    ours = _evaluate(questions, ranker.rank, known)
    _show("ours", ours)
    for group in ("by_lang", "by_style"):
        for key, found in ours[group].items():
            _show(f"  {key}", found)
    return ranker


def _fold(
    ranker: Ranker,
    known: Catalogue,
    questions: Sequence[Question],
    out_of_scope: Sequence[Question],
) -> None:
    """Print coverage and false answers, each fifth judged by what the others taught."""
    every = [*questions, *out_of_scope]
    right = [
        frozenset(one for one, ids in known.carried.items() if not ids.isdisjoint(asked.services))
        for asked in every
    ]
    texts = [known.read(question.text) for question in every]
    observed = observe(ranker, list(zip(texts, right, strict=True)))
    fold = np.random.default_rng(SEED).permutation(len(every)) % FOLDS
    decided: list[tuple[bool, Decision, bool]] = []
    for number in range(FOLDS):
        gate, _ = learn([one for one, at in zip(observed, fold, strict=True) if at != number])
        decided += [
            (bool(every[at].services), *_decide(every[at].text, observed[at], gate))
            for at in np.flatnonzero(fold == number).tolist()
        ]
    covered = [decision in ANSWERED for asked, decision, _ in decided if asked]
    false = [decision in ANSWERED for asked, decision, _ in decided if not asked]
    alone = [is_right for _, decision, is_right in decided if decision is Decision.ANSWER]
    print(
        f"{FOLDS} folds: coverage {np.mean(covered):.3f} (n {len(covered)}), "
        f"false answers {np.mean(false):.3f} (n {len(false)}), "
        f"alone {len(alone)} with precision {np.mean(alone) if alone else float('nan'):.3f}",
        flush=True,
    )


def _decide(text: str, observed: Observed, gate: Gate) -> tuple[Decision, bool]:
    """Return what would be decided, and whether the first entry is right."""
    first = int(observed.scores.argmax())
    is_right = bool(observed.right[first])
    if emergency_in(text) is not None:
        return Decision.EMERGENCY, is_right
    if intent_of(text) is not None:
        return Decision.REFUSE, is_right
    in_scope = gate.in_scope(observed.features)
    chance = float(gate.chances(in_scope, observed.scores)[first])
    return gate.decide(in_scope, chance), is_right


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, default=ROOT / "data" / "vectors")
    parser.add_argument("--ozg", type=Path)
    parser.add_argument("--munich", type=Path)
    given = parser.parse_args()
    stores = [VectorStore(given.vectors, Asked(one)) for one in available_encoders()]
    print("encoders:", ", ".join(store.encoder.name for store in stores) or "none")
    beyond = read_questions(QUESTIONS / "out_of_scope.jsonl")
    own = read_questions(QUESTIONS / "questions.jsonl")
    blind = read_questions(QUESTIONS / "questions_blind.jsonl")
    starter = read_entries(REGION)
    ranker = _compare("Starter catalogue, questions", starter, own, stores)
    ours = _evaluate(blind, ranker.rank, starter)
    _show("ours, blind questions", ours)
    _fold(ranker, starter, [*own, *blind], beyond)
    if given.ozg:
        known = read_entries(given.ozg / "ozg_catalogue.jsonl")
        asked = read_questions(given.ozg / "dev_questions.jsonl")
        services = [one for one in asked if one.services]
        ranker = _compare("OZG catalogue, development questions", known, services, stores)
        _fold(ranker, known, services, [*beyond, *(one for one in asked if not one.services)])
    if given.munich:
        found = munich(given.munich, stores, read_training())
        shares = " ".join(f"{found[f'recall_at_{most}']:.3f}" for most in (1, 3, 5))
        print(f"\nMunich, {found['n']} removed synonyms (R@1 R@3 R@5)\n{'ours':34} {shares}")


if __name__ == "__main__":
    main()
