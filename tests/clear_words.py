"""Understands tests' questions by plain rules, so that they do not hang on what encoders think.

A phrase said in full, or a question that lies wholly in one entry, is an answer; a shared word is
a choice. What is not ours is not known. Emergencies and what is asked of the bot itself go by the
real rules.
"""

from collections.abc import Sequence

from nlu.builtin import OURS
from nlu.emergencies import emergency_in
from nlu.intents import intent_of
from nlu.understanding import Candidate, Decision, Entry, Understanding
from nlu.vectors import VectorStore
from nlu.words import stem, words

MOST_CHOICES = 3


class ClearWords:
    """Implements `nlu.understanding.Understander`."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.phrases = [
            (entry, _stems(text))
            for entry in entries
            if entry.kind in OURS
            for text in (*entry.names, *entry.phrases)
        ]

    def with_meaning(self, stores: Sequence[VectorStore]) -> "ClearWords":
        return self

    def understand(self, question: str) -> Understanding:
        emergency, intent = emergency_in(question), intent_of(question)
        if emergency is not None:
            return Understanding(Decision.EMERGENCY, emergency=emergency)
        if intent is not None:
            return Understanding(Decision.REFUSE, intent=intent)
        return self._compare(question)

    def _compare(self, question: str) -> Understanding:
        asked = _stems(question)
        scores: dict[str, float] = {}
        for entry, phrase in self.phrases:
            shared = len(asked & phrase) / len(asked | phrase) if asked | phrase else 0.0
            score = shared + (asked >= phrase > set()) + (phrase >= asked > set())
            scores[entry.id] = max(scores.get(entry.id, 0.0), score)
        best = sorted((one for one in scores if scores[one]), key=lambda one: -scores[one])
        found = [Candidate(one, min(1.0, scores[one]), "") for one in best[:MOST_CHOICES]]
        if not found:
            return Understanding(Decision.REFUSE)
        lead = scores[best[0]] - (scores[best[1]] if len(best) > 1 else 0.0)
        clear = scores[best[0]] >= 1 and lead >= 0.1
        return Understanding(Decision.ANSWER if clear else Decision.CHOOSE, found)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}
