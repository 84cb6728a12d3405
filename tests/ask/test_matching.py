"""A question asked often is understood once; what somebody wrote is kept nowhere."""

from handlers.matching import Remembering
from nlu.understanding import Decision, Understanding


class Counting:
    """Understands nothing, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def understand(self, question: str) -> Understanding:
        self.asked.append(question)
        return Understanding(Decision.REFUSE, ())


def test_the_same_question_is_understood_once() -> None:
    inner = Counting()
    remembering = Remembering(inner)
    questions = ("Hund anmelden", "  hund   ANMELDEN\n", "Hund abmelden")
    found = [remembering.understand(one) for one in questions]
    assert found[0] is found[1]
    assert len(inner.asked) == 2


def test_only_the_latest_are_remembered() -> None:
    inner = Counting()
    remembering = Remembering(inner, most=2)
    for question in ("a", "b", "a", "c", "a", "b"):
        remembering.understand(question)
    assert inner.asked == ["a", "b", "c", "b"]


def test_no_words_stay_in_memory() -> None:
    remembering = Remembering(Counting())
    remembering.understand("Ich heiße Erika Geheimnis")
    assert "geheimnis" not in str(vars(remembering)["_known"]).lower()


def test_any_text_can_be_asked() -> None:
    remembering = Remembering(Counting())
    for strange in ("", "\ud800", "\x00", "👩‍👩‍👧", "x" * 10_000):
        assert remembering.understand(strange).decision is Decision.REFUSE
