"""The example utterances: enough for every service, nothing twice, nothing we measure with."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from handlers.nlu.catalogues import read_entries
from nlu.training import read_training
from nlu.understanding import Kind

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "nlu" / "data" / "examples"
REGION = ROOT / "regions" / "anhalt-bitterfeld" / "services"
QUESTIONS = Path(__file__).parent / "questions.jsonl"
BLIND = Path(__file__).parent / "questions_blind.jsonl"
"""Written by somebody who had not seen the examples."""
OUT_OF_SCOPE = Path(__file__).parent / "out_of_scope.jsonl"
SHARED = ROOT.parent / "shared" / "data" / "questions"
WORD = re.compile(r"\w+")
DIALOGUES = Path(__file__).parent / "dialogues.yaml"
NEAR = 0.9
BESIDE = (Kind.FAQ, Kind.KNOWN)
MANY = 200
MANY_SERVICES = 150
LOPSIDED = 3
"""Times the usual number of examples: a service with so many draws questions to itself."""
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


def near(questions: list[str], known: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of a question and a known text with nearly the same words."""
    by_size: dict[int, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for text in known:
        said = words(text)
        by_size[len(said)].append((text, said))
    pairs = []
    for question in questions:
        asked = words(question)
        sizes = range(int(len(asked) * NEAR), int(len(asked) / NEAR) + 2)
        pairs += [
            (question, text)
            for text, said in chain.from_iterable(by_size[size] for size in sizes)
            if asked and len(asked & said) / len(asked | said) >= NEAR
        ]
    return pairs


def learned_from() -> Iterator[str]:
    """Return all that the understanding learns from."""
    for kind in LEAST:
        yield from (text for _, text in utterances(kind))
    yield from read_training().out_of_scope
    beyond = (one for one in read_entries(REGION.parent).entries if one.kind in BESIDE)
    yield from (text for one in beyond for text in one.phrases)


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


@pytest.mark.parametrize("kind", LEAST)
def test_no_service_has_many_times_the_examples_of_others(kind: str) -> None:
    counts = Counter(name for name, _ in utterances(kind))
    usual = median(counts.values())
    assert {name: count for name, count in counts.items() if count >= LOPSIDED * usual} == {}


def test_the_files_we_measure_with_are_large_enough_and_ask_for_many_services() -> None:
    blind, beyond = read_lines(BLIND), read_lines(OUT_OF_SCOPE)
    asked_for = {service for one in blind for service in one["services"]}
    assert len(asked_for) >= MANY_SERVICES
    assert asked_for <= examples("services").keys()
    for questions in (blind, beyond):
        assert len({one["text"].casefold() for one in questions}) == len(questions) >= MANY


@pytest.mark.parametrize("file", [QUESTIONS, BLIND, OUT_OF_SCOPE], ids=lambda file: file.stem)
def test_nothing_learned_is_one_of_the_questions_we_measure_with(file: Path) -> None:
    assert near([one["text"] for one in read_lines(file)], learned_from()) == []


def test_the_questions_we_measure_with_are_different_ones() -> None:
    first = [one["text"] for one in read_lines(QUESTIONS)]
    assert near([one["text"] for one in read_lines(BLIND)], first) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development questions are missing")
def test_every_known_service_has_examples_and_none_is_a_development_question() -> None:
    known = {one["id"] for one in read_lines(SHARED / "ozg_catalogue.jsonl")}
    assert examples("ozg").keys() == known
    asked = [one["text"] for one in read_lines(SHARED / "dev_questions.jsonl")]
    assert near(asked, learned_from()) == []


def test_the_dialogues_speak_of_services_there_are() -> None:
    dialogues = yaml.safe_load(DIALOGUES.read_text(encoding="utf-8"))
    turns = [turn for one in dialogues for turn in one["turns"]]
    assert {one for turn in turns for one in turn.get("shows", ())} <= examples("services").keys()
