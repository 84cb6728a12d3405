"""What was named before, and several concerns in one message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dialogue import parts_of, several, together
from nlu.understanding import Candidate, Decision, Understanding


def understood(decision: Decision, *ids: str, score: float = 0.5) -> Understanding:
    candidates = [Candidate(one, score - number / 10, one) for number, one in enumerate(ids)]
    return Understanding(decision, candidates)


def ids(understanding: Understanding) -> list[str]:
    return [one.id for one in understanding.candidates]


# -- with what was named before


def test_what_was_named_before_comes_first() -> None:
    now = together(
        understood(Decision.CHOOSE, "car", "dog", "home"), named=["dog"], asked_back=False
    )
    assert (now.decision, ids(now)) == (Decision.CHOOSE, ["dog", "car", "home"])


def test_after_a_question_back_the_only_one_named_twice_is_the_answer() -> None:
    for decision in (Decision.CHOOSE, Decision.CLARIFY):
        now = together(understood(decision, "car", "dog"), named=["dog", "cat"], asked_back=True)
        assert (now.decision, ids(now)) == (Decision.ANSWER, ["dog", "car"])


def test_nobody_is_asked_back_twice_in_a_row() -> None:
    again = understood(Decision.CLARIFY, "car", "home")
    assert together(again, named=["dog"], asked_back=True).decision is Decision.CHOOSE
    nothing = understood(Decision.CLARIFY)
    assert together(nothing, named=["dog"], asked_back=True).decision is Decision.REFUSE
    assert together(again, named=["dog"], asked_back=False).decision is Decision.CLARIFY


@pytest.mark.parametrize("decision", [Decision.ANSWER, Decision.REFUSE, Decision.EMERGENCY])
def test_what_is_clear_stays(decision: Decision) -> None:
    now = understood(decision, "car", "dog")
    assert together(now, named=["dog"], asked_back=True) is now


def test_at_most_five_are_offered() -> None:
    now = together(understood(Decision.CHOOSE, *"abcdefgh"), named=["h"], asked_back=False)
    assert ids(now) == ["h", "a", "b", "c", "d"]


# -- several concerns


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("umgezogen und Hund", ("umgezogen", "Hund")),
        ("Hallo, ich bin umgezogen und habe einen Hund", ("ich bin umgezogen", "habe einen Hund")),
        ("Perso + Reisepass", ("Perso", "Reisepass")),
        ("umgezogen, Hund, Auto", ("umgezogen", "Hund", "Auto")),
        ("moved and got a dog", ("moved", "got a dog")),
        ("переїхав і собака", ("переїхав", "собака")),
        ("переехал и собака", ("переехал", "собака")),
        ("taşındım ve köpek", ("taşındım", "köpek")),
        ("przeprowadzka i pies", ("przeprowadzka", "pies")),
        ("انتقلت، كلب", ("انتقلت", "كلب")),
        ("Hund anmelden", ()),
        ("Hallo, Hund anmelden", ()),
        ("und jetzt?", ()),
        ("a, b, c", ()),
        ("Auto, Hund, Haus, Kind", ()),
        ("", ()),
    ],
)
def test_the_parts_of_a_question(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@given(st.text(max_size=700))
def test_any_text_has_no_parts_or_a_few(text: str) -> None:
    assert len(parts_of(text)) in {0, 2, 3}


def test_two_concerns_understood_for_themselves_are_two() -> None:
    parts = [understood(Decision.ANSWER, "home"), understood(Decision.ANSWER, "dog")]
    for whole in (
        understood(Decision.CHOOSE, "home", "dog", score=0.9),
        understood(Decision.ANSWER, "home"),
        understood(Decision.CLARIFY, "car"),
        understood(Decision.REFUSE),
    ):
        assert several(whole, parts) == parts


def test_a_part_that_must_be_chosen_counts_when_it_is_surer_than_the_whole() -> None:
    parts = [understood(Decision.ANSWER, "home"), understood(Decision.CHOOSE, "dog", score=0.6)]
    assert several(understood(Decision.CHOOSE, "home", score=0.5), parts) == parts
    assert several(understood(Decision.CHOOSE, "home", score=0.7), parts) == []


@pytest.mark.parametrize(
    "parts",
    [
        [understood(Decision.ANSWER, "home"), understood(Decision.ANSWER, "home")],
        [understood(Decision.ANSWER, "home"), understood(Decision.REFUSE)],
        [understood(Decision.ANSWER, "home"), understood(Decision.CLARIFY, "dog")],
        [understood(Decision.ANSWER, "home")],
        [],
    ],
)
def test_what_is_not_two_stays_one(parts: list[Understanding]) -> None:
    assert several(understood(Decision.CHOOSE, "car", score=0.1), parts) == []


def test_a_whole_that_means_something_of_its_own_stays_whole() -> None:
    parts = [understood(Decision.ANSWER, "birth"), understood(Decision.ANSWER, "job")]
    assert several(understood(Decision.ANSWER, "parental-leave"), parts) == []
