"""Who asks for a measured value is heard; who wants a service is left to the services."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.emergencies import EmergencyKind, emergency_in
from nlu.measured import Measured, Wanted, named_waters, wanted
from services.region.service import load_region
from tests.conftest import ROOT

HERE = Path(__file__).resolve().parent
WATERS = load_region(ROOT / "regions" / "anhalt-bitterfeld").facts.sensors.spellings
EXAMPLES = [
    json.loads(line) for line in (HERE / "measured.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["text"])
def test_what_is_asked_for(example: dict[str, str | None]) -> None:
    found = wanted(str(example["text"]), WATERS)
    assert (found.measured if found else None) == example["group"]


def test_there_are_enough_examples_of_both() -> None:
    asked = [one for one in EXAMPLES if one["group"]]
    assert len(asked) >= 60
    assert len(EXAMPLES) - len(asked) >= 60
    assert {one["lang"] for one in asked} == {"de", "en", "uk", "ru", "ar", "tr", "pl"}


@pytest.mark.parametrize(
    "name",
    [
        "questions.jsonl",
        "out_of_scope.jsonl",
        "languages.jsonl",
        "emergencies.jsonl",
        "emergencies_blind.jsonl",
        "emergencies_blind_2.jsonl",
    ],
)
def test_nothing_that_asks_for_a_service_is_taken(name: str) -> None:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) > 50
    assert [text for text in texts if wanted(text, WATERS)] == []


def test_waters_are_named_by_the_county_s_own_names() -> None:
    assert wanted("Рівень води Мульде", WATERS) == Wanted(Measured.WATER_LEVEL, ("Mulde",))
    assert named_waters("mulde und elbe", WATERS) == ("Mulde", "Elbe")
    assert named_waters("Muldestausee", WATERS) == ("Muldestausee",)
    assert named_waters("Muldenstein, Laborwert, функция", WATERS) == ()
    assert named_waters("Mulde", {}) == ()


def test_a_river_nobody_named_is_no_gauge() -> None:
    assert wanted("wie hoch ist die Zugspitze", WATERS) is None


@given(st.text(max_size=300))
def test_any_text_asks_for_something_known_or_for_nothing(text: str) -> None:
    found = wanted(text, WATERS)
    assert found is None or {*found.waters} <= WATERS.keys()


def test_who_asks_for_a_value_is_in_no_danger() -> None:
    asked = [str(one["text"]) for one in EXAMPLES if one["group"]]
    assert [text for text in asked if emergency_in(text)] == []


def test_a_flood_is_an_emergency() -> None:
    told = emergency_in("Die Mulde tritt über die Ufer, der Keller läuft voll")
    assert told
    assert told.kind is EmergencyKind.WATER
