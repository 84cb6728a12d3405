"""An understander whose decisions a test plans; the rest is understood by plain rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from handlers.understanding import Options, Understanders
from nlu.understanding import Candidate, Decision, Entry, Kind, Understanding
from tests.clear_words import ClearWords
from tests.county import County

DOG, HOME, CARD, LOST, BUILD, CAR = (
    "hund-anmelden",
    "wohnsitz-anmelden",
    "personalausweis",
    "ausweis-verlust",
    "baugenehmigung",
    "kfz-abmelden",
)


@dataclass
class Plan:
    """What questions mean; those nobody planned are understood by their words."""

    meant: dict[str, Understanding] = field(default_factory=dict)
    clear: ClearWords | None = None

    def on(self, question: str, decision: Decision, *ids: str, score: float = 0.6) -> None:
        """Plan the decision for a question and its candidates, best first."""
        found = [
            Candidate(one, score - number / 10, f"Phrase für {one}", Kind.SERVICE, {"words": 1.5})
            for number, one in enumerate(ids)
        ]
        self.meant[question.lower()] = Understanding(decision, found, in_scope=score)

    def build(self, entries: Sequence[Entry]) -> "Plan":
        self.clear = ClearWords(entries)
        return self

    def with_meaning(self, _stores: Sequence[object]) -> "Plan":
        return self

    def understand(self, question: str) -> Understanding:
        planned = self.meant.get(" ".join(question.lower().split()))
        if planned is not None:
            return replace(planned)
        assert self.clear is not None, "the index is built first"
        return self.clear.understand(question)


def understands_by(county: County, plan: Plan) -> None:
    """From now on questions are understood as planned."""
    region = county.application.region
    understanders = Understanders(region, Options(make=plan.build))
    county.worker.given["understanders"].close()
    county.worker.given["understanders"] = county.worker.ahead.understanders = understanders


@dataclass
class Notebook:
    """Keeps what a conversation tells the learning."""

    notes: list[tuple[object, ...]] = field(default_factory=list)

    async def asked(self, question: str, understanding: Understanding) -> int | None:
        self.notes.append(("asked", question, understanding.decision.value))
        return len(self.notes)

    async def chosen(self, ref: int, entry_id: str) -> None:
        self.notes.append(("chosen", ref, entry_id))

    async def thumb(self, ref: int, up: bool) -> None:
        self.notes.append(("thumb", ref, up))
