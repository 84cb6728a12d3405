"""The understander that needs no other service: emergencies, then intents, then the catalogue."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

from nlu.emergencies import Emergency, emergency_in, help_lines
from nlu.gate import Gate, choices, shipped_gates
from nlu.intents import intent_of
from nlu.language import Language, language_of
from nlu.listener import Listener, listener_for
from nlu.ranker import Ranker, Ranking
from nlu.training import Training
from nlu.understanding import Candidate, Decision, Entry, Kind, Understanding
from nlu.vectors import VectorStore

WORDS = "words"
OURS = frozenset({Kind.SERVICE, Kind.FAQ})
CLEARLY = 2.0
"""What is not ours is named alone where it is so much more likely than anything of ours."""
EXPLAINED = 10
"""Candidates of an explanation."""


class Builtin:
    """Implements `nlu.understanding.Understander`."""

    def __init__(
        self,
        entries: Sequence[Entry],
        training: Training,
        gates: Mapping[str, Gate] | None = None,
    ) -> None:
        """Index the entries; words alone decide."""
        self.ranker = Ranker(entries, (), training.generic, refused=training.to_compare)
        self._gates = shipped_gates() if gates is None else gates
        self.gate = self._gates.get(self.ranker.signals)
        self.listener: Listener | None = None

    def with_meaning(self, stores: Sequence[VectorStore]) -> "Builtin":
        """Return one that also uses these encoders; the words are not indexed again."""
        found = copy(self)
        found.ranker = self.ranker.with_meaning(stores)
        found.gate = self._gates.get(found.ranker.signals)
        found.listener = listener_for({one.encoder.name: one.encoder.version for one in stores})
        return found

    @property
    def by(self) -> str:
        return WORDS if self.ranker.signals == WORDS else "builtin"

    def understand(self, question: str) -> Understanding:
        """Return what a question asks for; see `nlu.understanding.Understander`."""
        language = language_of(question, chat=Language.GERMAN)
        emergency = emergency_in(question)
        if emergency is not None:
            return Understanding(Decision.EMERGENCY, language=language, emergency=emergency)
        intent = intent_of(question)
        if intent is not None:
            return Understanding(Decision.REFUSE, language=language, intent=intent)
        if not self.ranker.entries:
            return Understanding(Decision.REFUSE, language=language)
        ranking = self.ranker.ranking(question)
        heard = self.listener.kind_of(ranking.vectors) if self.listener else None
        if heard is not None:
            emergency = Emergency(heard, help_lines(heard))
            return Understanding(Decision.EMERGENCY, language=language, emergency=emergency)
        in_scope, found = self._candidates(ranking)
        decision = self._decide(in_scope, found)
        return Understanding(
            decision, _shown(decision, found), language=language, in_scope=in_scope, by=self.by
        )

    def explain(self, question: str) -> Understanding:
        """Return the same decision with all that was weighed: candidates of every kind."""
        understood = self.understand(question)
        if not self.ranker.entries:
            return understood
        in_scope, found = self._candidates(self.ranker.ranking(question))
        return replace(understood, candidates=found, in_scope=in_scope)

    def _candidates(self, ranking: Ranking) -> tuple[float, list[Candidate]]:
        in_scope, chances = 1.0, ranking.scores
        if self.gate is not None:
            in_scope = self.gate.in_scope(ranking.features)
            chances = self.gate.chances(in_scope, ranking.scores)
        best = ranking.order[:EXPLAINED]
        return in_scope, [
            self.ranker.candidate(ranking, number, float(chances[number])) for number in best
        ]

    def _decide(self, in_scope: float, found: Sequence[Candidate]) -> Decision:
        if self.gate is None:  # nobody has measured these encoders: offer, never claim
            return Decision.CHOOSE if found[0].score > 0 else Decision.REFUSE
        ours = next((one.score for one in found if one.kind in OURS), 0.0)
        decision = self.gate.decide(in_scope, ours)
        if decision is Decision.CLARIFY and self.by == WORDS:
            decision = Decision.CHOOSE  # words alone know too little to ask a good question
        if found[0].kind not in OURS and found[0].score >= CLEARLY * ours:
            return Decision.REFUSE if decision is not Decision.CLARIFY else decision
        return decision


def _shown(decision: Decision, found: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return what a person should see of the candidates."""
    if decision is Decision.REFUSE:
        return found[:1]
    ours = [one for one in found if one.kind in OURS]
    if decision is Decision.ANSWER:
        return ours[:1]
    if decision is Decision.CHOOSE and found[0] not in ours:
        ours.insert(0, found[0])  # likelier than ours, if not clearly
    return ours[: choices([one.score for one in ours])]
