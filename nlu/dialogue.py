"""What earlier words and several concerns at once do to an understanding; pure decisions."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from nlu.understanding import Candidate, Decision, Understanding
from nlu.words import FILLER, MAX_LENGTH, WORD, fold

MOST_CHOICES = 5
MOST_PARTS = 3
SURE = 0.4
"""A part that is less likely than this says too little to be a concern ("what shall I do?")."""
SHORTEST_WORD = 3
BETWEEN = re.compile(
    r"[,;+&،\n]|\b(?:und|sowie|außerdem|and|also|і|та|й|и|также|ve|ayrıca|i|oraz|و)\b",
    re.IGNORECASE,
)
"""What stands between two concerns in one message, in the bot's languages."""
UNDERSTOOD = frozenset({Decision.ANSWER, Decision.CHOOSE})


def together(now: Understanding, *, named: Collection[str], asked_back: bool) -> Understanding:
    """Understand a message together with what was named before it.

    Candidates named before come first. After a question back the only one named both times is the
    answer, and a second question back in a row becomes a choice, or a refusal with nothing to
    offer. Emergencies, answers and what is asked of the bot itself stay as they are.
    """
    if now.decision not in {Decision.CHOOSE, Decision.CLARIFY} or now.intent is not None:
        return now
    again = [one for one in now.candidates if one.id in named]
    candidates = [*again, *(one for one in now.candidates if one.id not in named)]
    decision: Decision = now.decision
    if asked_back and len(again) == 1:
        decision = Decision.ANSWER
    elif asked_back:
        decision = Decision.CHOOSE if candidates else Decision.REFUSE
    return replace(now, decision=decision, candidates=candidates[:MOST_CHOICES])


def parts_of(question: str) -> tuple[str, ...]:
    """Return the two or three parts of a question with several concerns; else nothing.

    A part without a word that means something, such as "hallo," before a question, is none.
    """
    read = question[:MAX_LENGTH]
    found = [part.strip() for part in BETWEEN.split(read) if _says_something(part)]
    return tuple(found) if 1 < len(found) <= MOST_PARTS else ()


def _says_something(part: str) -> bool:
    said = (word for word in WORD.findall(fold(part)) if word not in FILLER)
    return any(len(word) >= SHORTEST_WORD for word in said)


def several(whole: Understanding, parts: Sequence[Understanding]) -> list[Understanding]:
    """Return the parts when each is a concern of its own, else nothing.

    Each must be understood for itself, and as something else than the others. They must be better
    than the whole: answers, or surer than its best candidate. A whole that is answered by
    something none of the parts means stays whole.
    """
    if not all(part.decision in UNDERSTOOD and part.candidates for part in parts):
        return []
    firsts = {part.candidates[0].id for part in parts}
    if len(firsts) < max(len(parts), 2):
        return []
    best = whole.candidates[0] if whole.candidates else None
    if best is None:
        return list(parts)
    if whole.decision is Decision.ANSWER and best.id not in firsts:
        return []
    return list(parts) if all(_surer(part, best) for part in parts) else []


def _surer(part: Understanding, whole: Candidate) -> bool:
    first = part.candidates[0].score
    return part.decision is Decision.ANSWER or (first > whole.score and first >= SURE)
