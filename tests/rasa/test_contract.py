"""What a Rasa server's answers mean, by answers recorded from a real one."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.rasa.contract import (
    ALONE,
    MOST_CHOICES,
    Reading,
    StrangeError,
    UnreadableError,
    decide,
    question_for_rasa,
    read,
)
from nlu.rasa.export import OUT_OF_SCOPE, intents_of
from nlu.understanding import Candidate, Decision, Kind
from tests.rasa.recorded import NAMES, recorded, trained

INTENTS = intents_of(trained())
ANSWERS = [name for name in NAMES if recorded(name).status == 200]


def reading(name: str) -> Reading:
    return read(recorded(name).body.encode(), INTENTS)


def ranking(*ranked: tuple[str, object]) -> bytes:
    return json.dumps(
        {"intent_ranking": [{"name": name, "confidence": one} for name, one in ranked]}
    ).encode()


@pytest.mark.parametrize("name", ["clear", "probable", "unsure", "emoji", "empty", "very-long"])
def test_a_real_answer_ranks_all_that_was_trained(name: str):
    found = reading(name)
    assert {one.id for one in found.candidates} == INTENTS.keys()
    scores = [one.score for one in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) + found.out_of_scope == pytest.approx(1, abs=1e-3)


def test_a_sure_answer_stands_alone():
    found = decide("hund anmelden", reading("clear"))
    assert found is not None
    assert found.decision is Decision.ANSWER
    assert found.by == "rasa"
    assert [one.id for one in found.candidates] == ["hund-anmelden"]
    assert found.candidates[0].score >= ALONE
    assert found.candidates[0].signals == {"rasa": found.candidates[0].score}


def test_a_probable_answer_offers_three():
    found = decide("ich ziehe mit meinem hund um", reading("probable"))
    assert found is not None
    assert found.decision is Decision.CHOOSE
    ids = [one.id for one in found.candidates]
    assert len(ids) == MOST_CHOICES
    assert ids[:2] == ["hund-anmelden", "wohnsitz-anmelden"]


@pytest.mark.parametrize(
    "name",
    ["unsure", "rather-not", "out-of-scope", "emoji", "empty", "unknown-words", "arabic"],
)
def test_where_rasa_is_not_sure_it_has_no_say(name: str):
    assert decide("?", reading(name)) is None


def test_what_is_rather_none_of_our_business_is_no_answer():
    candidates = [Candidate("hund-anmelden", 0.45, "Hund anmelden")]
    assert decide("?", Reading(candidates, 0.5)) is None
    assert decide("?", Reading(candidates, 0.4)) is not None


@pytest.mark.parametrize("kind", [Kind.KNOWN, Kind.ELSEWHERE])
def test_what_is_not_ours_is_neither_answered_nor_offered(kind: Kind):
    theirs = Candidate("known:fremd", 0.4, "Fremd", kind)
    ours = Candidate("hund-anmelden", 0.3, "Hund anmelden")
    assert decide("?", Reading([theirs, ours], 0.0)) is None
    found = decide("?", Reading([replace(ours, score=0.4), replace(theirs, score=0.3)], 0.0))
    assert found is not None
    assert [one.id for one in found.candidates] == ["hund-anmelden"]


def test_intents_of_another_catalogue_are_dropped():
    found = read(ranking(("nlu_fallback", 0.6), ("hund-anmelden", 0.3), ("fremd", 0.1)), INTENTS)
    assert [one.id for one in found.candidates] == ["hund-anmelden"]


@pytest.mark.parametrize("names", [("nlu_fallback",), ("fremd", "nlu_fallback")])
def test_only_intents_of_another_catalogue_are_strange(names: tuple[str, ...]):
    with pytest.raises(StrangeError):
        read(ranking(*((name, 0.5) for name in names)), INTENTS)


def test_a_real_answer_to_the_name_of_a_foreign_intent_is_strange():
    with pytest.raises(StrangeError):
        reading("named-unknown-intent")


def test_an_empty_ranking_means_nothing():
    assert read(b'{"intent_ranking": []}', INTENTS) == Reading([], 0.0)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ANSWERS])
def test_a_real_error_page_is_no_answer(name: str):
    with pytest.raises(UnreadableError):
        reading(name)


@pytest.mark.parametrize("confidence", [-0.1, 1.1, "0.5", None, True, float("nan"), float("inf")])
def test_a_confidence_is_a_number_from_0_to_1(confidence: object):
    with pytest.raises(UnreadableError):
        read(ranking(("hund-anmelden", confidence)), INTENTS)


def test_a_confidence_rounded_up_is_1():
    found = read(ranking(("hund-anmelden", 1.0000001)), INTENTS)
    assert found.candidates[0].score == 1.0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"intent_ranking": null}',
        b'{"intent_ranking": [1]}',
        b'{"intent_ranking": [{"name": null, "confidence": 0.0}]}',
        b'{"intent_ranking": [{"name": "hund-anmelden"}]}',
        b"\xff\xfe{}",
        '{"intent_ranking": []}'.encode("utf-16"),
        '{"intent_ranking": [{"name": "h\xfcnd", "confidence": 0.5}]}'.encode("latin-1"),
        b"[" * 100_000,
    ],
)
def test_anything_else_is_unreadable(body: bytes):
    with pytest.raises(UnreadableError):
        read(body, INTENTS)


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes):
    with pytest.raises(UnreadableError):
        read(body, INTENTS)


def test_nobody_names_an_intent_by_hand():
    assert recorded("named-intent").asked["text"].startswith("/")
    assert reading("named-intent").candidates[0].score == 1.0  # so would Rasa answer
    for text in ("/hund-anmelden", " / /hund-anmelden", "//hund-anmelden"):
        assert question_for_rasa(text) == "hund-anmelden"


@pytest.mark.parametrize("text", ["mein vater atmet nicht mehr", "es brennt im keller", "danke"])
def test_emergencies_and_what_is_asked_of_the_bot_are_not_rasa_s(text: str):
    assert question_for_rasa(text) == ""


@pytest.mark.parametrize("text", ["", "   ", "/", "\ud800"])
def test_nothing_is_not_asked(text: str):
    assert question_for_rasa(text) == ""


def test_a_long_question_is_cut():
    assert len(question_for_rasa("hund " * 1000)) <= 500


def test_the_intent_for_all_else_is_no_candidate():
    found = read(ranking((OUT_OF_SCOPE, 0.7), ("hund-anmelden", 0.3)), INTENTS)
    assert [one.id for one in found.candidates] == ["hund-anmelden"]
    assert found.out_of_scope == 0.7
