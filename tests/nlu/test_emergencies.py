import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.emergencies import EmergencyKind, emergency_in

HERE = Path(__file__).parent


def rows(name):
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def test_every_measured_emergency_is_recognised():
    missed = [
        row["text"]
        for row in rows("emergencies.jsonl")
        if row["emergency"] and emergency_in(row["text"]) is None
    ]
    assert missed == []


def test_at_most_two_look_alikes_are_taken_for_one():
    taken = [
        row["text"]
        for row in rows("emergencies.jsonl")
        if not row["emergency"] and emergency_in(row["text"])
    ]
    assert len(taken) <= 2, taken


def test_of_the_service_questions_only_the_beaten_child_is_an_emergency():
    taken = [row["text"] for row in rows("questions.jsonl") if emergency_in(row["text"])]
    assert len(taken) == 1
    assert "blaue flecken" in taken[0]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("Die Küche brennt!", EmergencyKind.FIRE, "112"),
        ("mein opa ist bewustlos", EmergencyKind.MEDICAL, "112"),
        ("I want to kill myself", EmergencyKind.SUICIDE, "0800 1110111"),
        ("meine tochter hat spülmittel getrunken", EmergencyKind.POISON, "0361 730730"),
        ("mein mann schlägt mich", EmergencyKind.VIOLENCE, "116 016"),
    ],
)
def test_an_emergency_comes_with_whom_to_call(text, kind, number):
    emergency = emergency_in(text)
    assert emergency is not None
    assert emergency.kind is kind
    assert number in [line.number for line in emergency.help_lines]


@pytest.mark.parametrize("text", ["", "Personalausweis beantragen", "Brennholz im Wald sammeln"])
def test_what_is_none_is_none(text):
    assert emergency_in(text) is None


@given(st.text(max_size=700))
def test_any_text_has_an_emergency_with_help_lines_or_none(text):
    found = emergency_in(text)
    assert found is None or found.help_lines


@pytest.mark.parametrize("text", ["bewusstlosx " * 60, "a" * 5000, "ß" * 5000, "ﷺ" * 5000])
def test_a_long_text_takes_little_time(text):
    emergency_in("")
    started = time.perf_counter()
    emergency_in(text)
    assert time.perf_counter() - started < 0.25
