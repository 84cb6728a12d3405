"""The figures of an understanding."""

import pytest

from nlu.evaluation import ask, figures
from nlu.questions import Question
from nlu.understanding import Candidate, Decision, Understanding

KNOWN = {"a": ["n", "y", "x"], "b": ["z"], "c": ["n"], "d": ["z"], "e": []}


def asked(text: str, *services: str, language: str = "de", emergency: bool = False) -> Question:
    return Question(text, frozenset(services), language, "lay", emergency)


def rank(text: str) -> list[Candidate]:
    return [Candidate(one, 1.0, one) for one in KNOWN[text]]


def deciding(decision: Decision):
    return lambda text: Understanding(decision, rank(text))


def test_figures_count_the_best_right_entry():
    questions = [asked("a", "x", "y"), asked("b", "z", language="uk"), asked("c", "q"), asked("d")]
    found = figures(ask(questions, rank))
    assert (found["n"], found["oos_n"]) == (3, 1)
    assert (found["recall_at_1"], found["recall_at_3"]) == (0.333, 0.667)
    assert found["mrr"] == 0.5
    assert found["by_lang"]["uk"]["recall_at_1"] == 1.0
    assert found["by_style"]["lay"]["n"] == 3


def test_any_id_an_entry_is_known_by_counts():
    carried = {"z": frozenset({"z", "99050012104000", "10119"})}
    for named in ("z", "99050012104000", "10119"):
        assert figures(ask([asked("b", named)], rank, carried=carried))["recall_at_1"] == 1.0
    assert figures(ask([asked("b", "n")], rank, carried=carried))["recall_at_1"] == 0.0


def test_without_a_decision_there_is_no_coverage():
    found = figures(ask([asked("b", "z"), asked("d")], rank))
    decided = ("coverage", "precision_alone", "oos_false_rate")
    assert [found[name] for name in decided] == [None, None, None]


@pytest.mark.parametrize(
    ("decision", "coverage", "precision", "false"),
    [
        (Decision.ANSWER, 1.0, 0.333, 1.0),  # alone and right: one of all three answers
        (Decision.CHOOSE, 1.0, None, 1.0),
        (Decision.CLARIFY, 0.0, None, 0.0),
        (Decision.REFUSE, 0.0, None, 0.0),
        (Decision.EMERGENCY, 0.0, None, 0.0),
    ],
)
def test_decisions_count(decision, coverage, precision, false):
    questions = [asked("b", "z"), asked("a", "x"), asked("d")]
    found = figures(ask(questions, rank, deciding(decision)))
    assert found["coverage"] == coverage
    assert found["precision_alone"] == precision
    assert found["oos_false_rate"] == false


def test_numbers_to_call_are_right_in_an_emergency():
    questions = [asked("b", "z", emergency=True), asked("e", emergency=True)]
    found = figures(ask(questions, rank, deciding(Decision.EMERGENCY)))
    assert (found["coverage"], found["oos_false_rate"]) == (1.0, 0.0)
    found = figures(ask(questions, rank, deciding(Decision.CHOOSE)))
    assert (found["coverage"], found["oos_false_rate"]) == (1.0, 1.0)


def test_no_questions_have_no_figures():
    found = figures(ask([], rank))
    assert found["recall_at_1"] is None
    assert found["latency_ms"] == {"p50": None, "p95": None}


def test_the_names_of_the_figures_are_a_promise():
    assert list(figures([])) == [
        *("n", "recall_at_1", "recall_at_3", "recall_at_5", "mrr", "by_lang", "by_style"),
        *("oos_n", "oos_false_rate", "coverage", "precision_alone", "latency_ms", "rss_mb"),
    ]
