"""Measures a ranking on questions whose services are known."""

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Rank = Callable[[str], Sequence[str]]
"""Returns the ids for a question, best first."""


@dataclass(frozen=True)
class Question:
    """A question, and the services of which any is right; none when out of scope."""

    text: str
    services: frozenset[str]
    language: str
    style: str


def read_questions(path: Path) -> list[Question]:
    """Read questions, one JSON object in a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.strip()]
    return [
        Question(one["text"], frozenset(one["services"]), one["lang"], one.get("style", ""))
        for one in records
    ]


def evaluate(questions: Sequence[Question], rank: Rank) -> dict[str, Any]:
    """Return figures by their names; those that need a gate are not among them."""
    asked = [one for one in questions if one.services]
    positions: list[float] = []
    took: list[float] = []
    for question in asked:
        before = time.perf_counter()
        found = rank(question.text)
        took.append(1000 * (time.perf_counter() - before))
        positions.append(_position(found, question.services))
    return {
        **_recalls(positions),
        "by_lang": _grouped([one.language for one in asked], positions),
        "by_style": _grouped([one.style for one in asked], positions),
        "oos_n": len(questions) - len(asked),
        "latency_ms": {f"p{share}": _percentile(took, share) for share in (50, 95)},
        "rss_mb": _memory(),
    }


def _position(found: Sequence[str], right: frozenset[str]) -> float:
    return next((float(at) for at, one in enumerate(found, start=1) if one in right), np.inf)


def _recalls(positions: Sequence[float]) -> dict[str, Any]:
    ranks = np.array(positions)
    recalls = {
        f"recall_at_{most}": round(float((ranks <= most).mean()), 3) if ranks.size else None
        for most in (1, 3, 5)
    }
    mrr = round(float((1 / ranks).mean()), 3) if ranks.size else None
    return {"n": len(positions), **recalls, "mrr": mrr}


def _grouped(keys: Sequence[str], positions: Sequence[float]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[float]] = defaultdict(list)
    for key, position in zip(keys, positions, strict=True):
        groups[key].append(position)
    return {key: _recalls(groups[key]) for key in sorted(groups)}


def _percentile(took: Sequence[float], share: int) -> float | None:
    return round(float(np.percentile(took, share)), 1) if took else None


def _memory() -> float:
    """Return the most memory this process ever had, in MB."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
