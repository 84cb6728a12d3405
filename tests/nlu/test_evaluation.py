"""The figures of a ranking."""

from nlu.evaluation import Question, evaluate


def asked(text: str, *services: str, language: str = "de") -> Question:
    return Question(text, frozenset(services), language, "lay")


def test_figures_count_the_best_right_answer():
    questions = [asked("a", "x", "y"), asked("b", "z", language="uk"), asked("c", "q"), asked("d")]
    figures = evaluate(questions, lambda text: ["n", "y", "x"] if text == "a" else ["z"])
    assert (figures["n"], figures["oos_n"]) == (3, 1)
    assert (figures["recall_at_1"], figures["recall_at_3"]) == (0.333, 0.667)
    assert figures["mrr"] == 0.5
    assert figures["by_lang"]["uk"]["recall_at_1"] == 1.0


def test_no_questions_have_no_figures():
    assert evaluate([], lambda text: [])["recall_at_1"] is None
