"""Measures an understanding on questions for which somebody said what would be right.

- recall@k: share of questions in scope with a right entry among the first k, whatever was decided;
- coverage: share of questions in scope that get an answer or a choice;
- false answers: the same share of the questions out of scope; numbers to call are none;
- precision alone: share of the answers that stand alone and are right, of all questions.
"""

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlu.questions import Question
from nlu.understanding import Candidate, Decision, Understanding

Rank = Callable[[str], Sequence[Candidate]]
"""Returns candidates for a question, best first."""
Understand = Callable[[str], Understanding]
Carried = Mapping[str, frozenset[str]]
"""All ids an entry is known by, by its own; one that is missing is known by its own alone."""
MOST = 10
"""So many ranked entries of each question are looked at."""
ANSWERED = (Decision.ANSWER, Decision.CHOOSE)
STATM = Path("/proc/self/statm")
"""Pages of this process; the second number counts those that are in memory."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Outcome:
    """What became of a question.

    Attributes:
        question: what was asked.
        ranked: the candidates, best first.
        position: where the first right one stands, from 1; infinite where it is not among them.
        decision: what was decided; None where only a ranking is measured.
        right: the first candidate of the decision is a right one.
        milliseconds: how long the question took.
    """

    question: Question
    ranked: Sequence[Candidate]
    position: float
    decision: Decision | None
    right: bool
    milliseconds: float

    @property
    def answered(self) -> bool:
        """Tell whether services were offered; in an emergency numbers to call are as good."""
        in_danger = self.question.emergency and self.question.services
        return self.decision in ANSWERED or bool(in_danger and self.decision is Decision.EMERGENCY)


def ask(
    questions: Sequence[Question],
    rank: Rank,
    understand: Understand | None = None,
    carried: Carried | None = None,
) -> list[Outcome]:
    """Ask each question once; the time is that of understanding, or else of ranking."""
    return [_ask(question, rank, understand, carried or {}) for question in questions]


def _ask(
    question: Question, rank: Rank, understand: Understand | None, carried: Carried
) -> Outcome:
    def is_right(found: Candidate) -> bool:
        return not question.services.isdisjoint(carried.get(found.id, frozenset({found.id})))

    before = time.perf_counter()
    understood = understand(question.text) if understand else None
    between = time.perf_counter()
    ranked = rank(question.text)
    took = (between if understand else time.perf_counter()) - before
    candidates = understood.candidates if understood else ranked
    return Outcome(
        question,
        ranked,
        next((float(at) for at, one in enumerate(ranked, 1) if is_right(one)), np.inf),
        understood.decision if understood else None,
        bool(candidates) and is_right(candidates[0]),
        1000 * took,
    )


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures by their names; None where there was nothing to count."""
    asked = [one for one in outcomes if one.question.services]
    decided = [one for one in outcomes if one.decision is not None]
    took = [one.milliseconds for one in outcomes]
    return {
        **_recalls(asked),
        "by_lang": _grouped(asked, lambda one: one.question.language),
        "by_style": _grouped(asked, lambda one: one.question.style),
        "oos_n": len(outcomes) - len(asked),
        "oos_false_rate": _share([one.answered for one in decided if not one.question.services]),
        "coverage": _share([one.answered for one in decided if one.question.services]),
        "precision_alone": _share(
            [one.right for one in decided if one.decision is Decision.ANSWER]
        ),
        "latency_ms": {f"p{share}": _percentile(took, share) for share in (50, 95)},
        "rss_mb": memory(),
    }


def _recalls(asked: Sequence[Outcome]) -> dict[str, Any]:
    positions = np.array([one.position for one in asked])
    recalls = {f"recall_at_{most}": _share(list(positions <= most)) for most in (1, 3, 5)}
    mrr = round(float((1 / positions).mean()), 3) if asked else None
    return {"n": len(asked), **recalls, "mrr": mrr}


def _grouped(asked: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in asked:
        groups[key(one)].append(one)
    return {name: _recalls(groups[name]) for name in sorted(groups)}


def _share(counted: Sequence[bool]) -> float | None:
    return round(float(np.mean(counted)), 3) if counted else None


def _percentile(took: Sequence[float], share: int) -> float | None:
    return round(float(np.percentile(took, share)), 1) if took else None


def memory() -> float:
    """Return what this process holds in memory, in MB; or else the most it ever held."""
    try:
        pages = int(STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE, 1)
    return round(pages * resource.getpagesize() / MEGABYTE, 1)
