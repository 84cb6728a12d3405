"""The understander that needs no other service: emergencies, then intents, then the catalogue."""

from collections.abc import Sequence

from nlu.emergencies import emergency_in
from nlu.intents import intent_of
from nlu.language import Language, language_of
from nlu.ranker import Ranker
from nlu.understanding import Decision, Entry, Understanding
from nlu.vectors import VectorStore

MOST_CHOICES = 3


class Builtin:
    """Implements `nlu.understanding.Understander`."""

    def __init__(
        self, entries: Sequence[Entry], stores: Sequence[VectorStore], generic: Sequence[str]
    ) -> None:
        """Index the entries; without any store words alone decide."""
        self.entries = tuple(entries)
        self.ranker = Ranker(entries, stores, generic)

    def understand(self, question: str) -> Understanding:
        """Return what a question asks for; see `nlu.understanding.Understander`."""
        language = language_of(question, chat=Language.GERMAN)
        emergency = emergency_in(question)
        if emergency is not None:
            return Understanding(Decision.EMERGENCY, language=language, emergency=emergency)
        intent = intent_of(question)
        if intent is not None:
            return Understanding(Decision.REFUSE, language=language, intent=intent)
        found = self.ranker.rank(question, most=MOST_CHOICES)
        if not found or found[0].score <= 0:
            return Understanding(Decision.REFUSE, language=language)
        return Understanding(Decision.CHOOSE, found, language=language, in_scope=1.0)
