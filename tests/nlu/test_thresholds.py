"""Who wants to be told of a measured value is heard; who asks for anything else is not taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.emergencies import emergency_in
from nlu.measured import Measured
from nlu.thresholds import Side, Wish, wish

HERE = Path(__file__).resolve().parent
WATERS = {
    "Mulde": ("мульд*", "muldz*", "مولد*", "muld*"),
    "Elbe": ("elbe*",),
    "Fuhne": (),
    "Goitzsche": ("goitzsche*",),
}
EXAMPLES = [
    json.loads(line)
    for line in (HERE / "thresholds.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["text"])
def test_what_is_wished_for(example: dict[str, Any]) -> None:
    found = wish(example["text"], WATERS)
    assert (found and [found.measured, found.side, found.value]) == example["wish"]


def test_there_are_enough_examples_of_both() -> None:
    wished = [one for one in EXAMPLES if one["wish"]]
    assert len(wished) >= 45
    assert len(EXAMPLES) - len(wished) >= 45
    assert {one["lang"] for one in wished} == {"de", "en", "uk", "ru", "ar", "tr", "pl"}


@pytest.mark.parametrize(
    "name",
    [
        "questions.jsonl",
        "questions_blind.jsonl",
        "out_of_scope.jsonl",
        "languages.jsonl",
        "emergencies.jsonl",
        "emergencies_blind.jsonl",
        "emergencies_blind_2.jsonl",
        "emergencies_blind_3.jsonl",
        "measured.jsonl",
    ],
)
def test_no_question_is_taken(name: str) -> None:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) > 50
    assert [text for text in texts if wish(text, WATERS)] == []


def test_waters_are_named_by_the_county_s_own_names() -> None:
    assert wish("Fuhne unter 80 cm", WATERS) == Wish(
        Measured.WATER_LEVEL, Side.BELOW, 0.8, ("Fuhne",)
    )
    assert wish("Zugspitze über 4 m", WATERS) is None


def test_two_numbers_are_no_threshold() -> None:
    assert wish("Mulde über 4 m oder 5 m", WATERS) is None


def test_who_wishes_is_in_no_danger() -> None:
    wished = [str(one["text"]) for one in EXAMPLES if one["wish"]]
    assert [text for text in wished if emergency_in(text)] == []


@given(st.text(max_size=300))
def test_any_text_wishes_something_known_or_nothing(text: str) -> None:
    found = wish(text, WATERS)
    assert found is None or {*found.waters} <= WATERS.keys()
