"""The example utterances: enough for every service, nothing twice, nothing we measure with."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "nlu" / "data" / "examples"
REGION = ROOT / "regions" / "anhalt-bitterfeld" / "services"
QUESTIONS = Path(__file__).parent / "questions.jsonl"
SHARED = ROOT.parent / "shared" / "data" / "questions"
WORD = re.compile(r"\w+")
NEAR = 0.9
LEAST = {"services": 10, "ozg": 6}
"""German utterances of each service."""


@cache
def examples(kind: str) -> dict[str, dict[str, list[str]]]:
    """Return all utterances by service and language."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted((EXAMPLES / kind).glob("*.yaml")):
        for name, languages in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            assert name not in found, name
            found[name] = languages
    return found


def utterances(kind: str) -> Iterator[tuple[str, str]]:
    for name, languages in examples(kind).items():
        for texts in languages.values():
            for text in texts:
                yield name, text


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


def near(questions: list[str], kind: str) -> list[tuple[str, str]]:
    """Return pairs of a question and an utterance with nearly the same words."""
    known = [(text, words(text)) for _, text in utterances(kind)]
    pairs = []
    for question in questions:
        asked = words(question)
        pairs += [
            (question, text)
            for text, said in known
            if asked and len(asked & said) / len(asked | said) >= NEAR
        ]
    return pairs


@pytest.mark.parametrize("kind", LEAST)
def test_every_service_has_enough_german_examples(kind: str) -> None:
    counts = {name: len(languages["de"]) for name, languages in examples(kind).items()}
    assert {name: count for name, count in counts.items() if count < LEAST[kind]} == {}


def test_every_service_of_the_county_has_examples_also_in_english_and_ukrainian() -> None:
    there = {
        service["id"]
        for file in REGION.glob("*.yaml")
        for service in yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    }
    assert examples("services").keys() == there
    for name, languages in examples("services").items():
        assert languages["en"], name
        assert languages["uk"], name


@pytest.mark.parametrize("kind", LEAST)
def test_no_example_stands_for_two_services(kind: str) -> None:
    counts = Counter(text.casefold() for _, text in utterances(kind))
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_example_is_one_of_the_questions_we_measure_with() -> None:
    asked = [one["text"] for one in read_lines(QUESTIONS)]
    assert near(asked, "services") == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development questions are missing")
def test_every_known_service_has_examples_and_none_is_a_development_question() -> None:
    known = {one["id"] for one in read_lines(SHARED / "ozg_catalogue.jsonl")}
    assert examples("ozg").keys() == known
    asked = [one["text"] for one in read_lines(SHARED / "dev_questions.jsonl")]
    assert near(asked, "ozg") + near(asked, "services") == []
