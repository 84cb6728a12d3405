"""The gate: probabilities, what follows from them, and how both are learned."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handlers.nlu.calibrate_cli import OWN_FILE, digest_of
from nlu.builtin import Builtin
from nlu.calibration import FALSE_OFFERS, Observed, judge, learn, reliability, thresholds
from nlu.gate import Gate, Thresholds, choices, shipped_gates
from nlu.training import Training
from nlu.understanding import Decision, Entry, Kind

GATE = Gate(
    features=("top",),
    mean=(0.0,),
    scale=(1.0,),
    weights=(2.0,),
    bias=0.0,
    temperature=0.1,
    thresholds=Thresholds(answer=0.7, choose=0.5, clarify=0.2),
)


@pytest.mark.parametrize(
    ("in_scope", "first", "expected"),
    [
        (0.9, 0.8, Decision.ANSWER),
        (0.9, 0.6, Decision.CHOOSE),
        (0.4, 0.4, Decision.CLARIFY),
        (0.1, 0.1, Decision.REFUSE),
    ],
)
def test_what_is_done_follows_from_two_probabilities(
    in_scope: float, first: float, expected: Decision
):
    assert GATE.decide(in_scope, first) is expected


def test_the_chances_of_all_entries_are_together_that_of_any():
    in_scope = GATE.in_scope({"top": 1.0})
    chances = GATE.chances(in_scope, np.array([0.5, 0.4, -3.0]))
    assert chances.sum() == pytest.approx(in_scope)
    assert chances[0] > chances[1] > chances[2]


@pytest.mark.parametrize(
    ("chances", "offered"),
    [
        ([0.9, 0.05, 0.03, 0.01], 3),
        ([0.3, 0.2, 0.1, 0.09, 0.08, 0.07], 5),
        ([0.3, 0.2, 0.1, 0.09, 0.02], 4),
        ([0.42, 0.16, 0.13, 0.08, 0.06], 3),
        ([0.5], 1),
        ([], 0),
    ],
)
def test_three_are_offered_and_up_to_five_where_they_are_as_likely(
    chances: list[float], offered: int
):
    assert choices(chances) == offered


def observations(count: int = 400) -> list[Observed]:
    """Questions whose best score tells, not without exception, whether anything is meant."""
    random = np.random.default_rng(7)
    found = []
    for number in range(count):
        right = np.zeros(4, dtype=bool)
        scores = random.normal(0.0, 0.3, 4)
        if number % 2:
            right[number % 4] = True
            scores[number % 4] += random.normal(1.5, 0.6)
        features = {"top": float(scores.max()), "never varies": 1.0}
        found.append(Observed(features, scores, right))
    return found


def test_a_learned_gate_keeps_what_it_promises_for_questions_it_never_saw():
    observed = observations()
    judged = judge(observed)
    limits = thresholds(judged)
    offered = judged.in_scope >= limits.choose
    alone = offered & (judged.first >= limits.answer)
    assert (offered & ~judged.is_in_scope).sum() / (
        ~judged.is_in_scope
    ).sum() <= FALSE_OFFERS + 0.005
    assert (offered & judged.is_in_scope).sum() / judged.is_in_scope.sum() > 0.6
    assert judged.first_is_right[alone].mean() >= 0.9


def test_probabilities_mean_what_they_say():
    _, judged = learn(observations(2000))
    for one in reliability(judged.in_scope, judged.is_in_scope):
        if one["n"] >= 50:
            assert one["said"] == pytest.approx(one["true"], abs=0.12)


TRAINING = Training(services={}, ozg={}, out_of_scope=("wie wird das wetter", "erzähl einen witz"))
ENTRIES = [
    Entry("hundesteuer", ("Hundesteuer",), ("hund anmelden",)),
    Entry("reisepass", ("Reisepass",)),
    Entry("known:tuev", ("Hauptuntersuchung beim TÜV",), kind=Kind.KNOWN),
]


def sure(threshold: float) -> dict[str, Gate]:
    limits = Thresholds(answer=threshold, choose=threshold, clarify=threshold)
    return {"words": Gate(("top",), (0.0,), (1.0,), (9.0,), 0.0, 0.1, limits)}


def test_a_question_is_answered_and_says_which_words_spoke_for_it():
    understood = Builtin(ENTRIES, TRAINING, sure(0.1)).understand("hund anmelden")
    assert understood.decision is Decision.ANSWER
    assert [one.id for one in understood.candidates] == ["hundesteuer"]
    assert understood.candidates[0].why == "hund anmelden"
    assert understood.by == "words"


def test_what_is_not_ours_is_refused_but_named():
    understood = Builtin(ENTRIES, TRAINING, sure(0.1)).understand("tüv hauptuntersuchung")
    assert understood.decision is Decision.REFUSE
    assert [one.kind for one in understood.candidates] == [Kind.KNOWN]


def test_what_is_not_ours_is_offered_first_where_something_of_ours_is_nearly_as_likely():
    entries = [
        Entry("befreiung", ("Rundfunkbeitrag befreien",)),
        Entry("known:rundfunkbeitrag", ("Rundfunkbeitrag abmelden",), kind=Kind.KNOWN),
    ]
    limits = Thresholds(answer=0.9, choose=0.1, clarify=0.1)
    warm = {"words": replace(sure(0.1)["words"], temperature=3.0, thresholds=limits)}
    understood = Builtin(entries, TRAINING, warm).understand("rundfunkbeitrag abmelden")
    assert understood.decision is Decision.CHOOSE
    assert [one.id for one in understood.candidates] == ["known:rundfunkbeitrag", "befreiung"]


def test_what_is_unlikely_is_refused():
    understood = Builtin(ENTRIES, TRAINING, sure(1.1)).understand("hund anmelden")
    assert understood.decision is Decision.REFUSE


def test_signals_nobody_has_measured_offer_and_never_claim():
    understood = Builtin(ENTRIES, TRAINING, {}).understand("hund anmelden")
    assert understood.decision is Decision.CHOOSE


def test_an_emergency_comes_before_everything():
    understood = Builtin(ENTRIES, TRAINING, sure(0.1)).understand("es brennt, der hund auch")
    assert understood.decision is Decision.EMERGENCY
    assert understood.emergency is not None


def test_an_explanation_shows_what_was_weighed():
    explained = Builtin(ENTRIES, TRAINING, sure(0.1)).explain("hund anmelden")
    assert explained.decision is Decision.ANSWER
    assert {one.id for one in explained.candidates} == {one.id for one in ENTRIES}
    assert set(explained.candidates[0].signals) == {"words"}


@pytest.mark.parametrize("question", ["", "🐕", "?" * 5000, "\ud800"])
def test_any_text_is_understood_somehow(question: str):
    assert Builtin(ENTRIES, TRAINING, sure(0.5)).understand(question).decision in Decision


def test_an_empty_catalogue_refuses():
    assert Builtin([], TRAINING).understand("hund").decision is Decision.REFUSE


def test_the_shipped_gates_were_learned_from_what_is_there_now():
    """After a change of examples or questions: `make calibrate`."""
    content = json.loads(OWN_FILE.read_text(encoding="utf-8"))
    assert content["data"] == digest_of(Path(__file__).parent / "questions.jsonl")


def test_there_is_a_gate_for_each_set_of_signals_and_it_keeps_what_was_promised():
    measured = json.loads(OWN_FILE.read_text(encoding="utf-8"))["measured"]
    assert shipped_gates().keys() == {"words", "words+use", "words+e5", "words+use+e5"}
    best = measured["words+use+e5"]
    assert best["false_offers"] <= 0.06
    assert best["coverage"] >= 0.65
    assert best["precision_alone"] >= 0.8
