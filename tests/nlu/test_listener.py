"""A listener hears what it was taught and keeps its promise about false ones."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from nlu.emergencies import EmergencyKind, emergency_in
from nlu.encoders import Vectors, available_encoders
from nlu.listener import listener_for, shipped_listeners
from nlu.listener_learning import Lesson, as_json, learn, lesson
from nlu.training import DATA, read_training
from nlu.vectors import VectorStore
from tests.nlu.test_emergencies import rows

WORDS = ["brand", "rauch", "feuer", "gas", "riecht", "hund", "anmelden", "pass", "steuer", "auto"]


class Words:
    """An encoder that sees which of a few words stand in a text."""

    name, version, dim = "words", "1", len(WORDS)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([[word in text.split() for word in WORDS] for text in texts], np.float32)

    passages = queries


TAUGHT = Lesson(
    emergencies=(
        *((f"feuer und rauch {number}", EmergencyKind.FIRE) for number in range(20)),
        *((f"gas riecht {number}", EmergencyKind.GAS) for number in range(20)),
    ),
    others=tuple(f"{word} {number}" for word in WORDS[5:] for number in range(30)),
)


@pytest.fixture
def listener(tmp_path):
    return learn([VectorStore(tmp_path, Words())], TAUGHT)


def kind_of(listener, text):
    return listener.kind_of({"words": Words().queries([text])[0]})


def test_what_was_taught_is_heard_with_its_kind(listener):
    assert kind_of(listener, "hier ist rauch und feuer") is EmergencyKind.FIRE
    assert kind_of(listener, "es riecht nach gas") is EmergencyKind.GAS
    assert kind_of(listener, "hund anmelden") is None
    assert kind_of(listener, "") is None


def test_it_survives_the_file(listener, monkeypatch, tmp_path):
    (tmp_path / "listener.json").write_text(as_json([listener], TAUGHT))
    monkeypatch.setattr("nlu.listener.DATA", tmp_path)
    shipped_listeners.cache_clear()
    assert listener_for({"words": "1"}) == listener
    assert listener_for({"words": "2"}) is None, "vectors of another version cannot be compared"
    shipped_listeners.cache_clear()


def test_the_lesson_has_every_kind_and_no_question_a_rule_takes_for_an_emergency():
    given = lesson(read_training())
    assert {kind for _, kind in given.emergencies} == set(EmergencyKind)
    assert len(given.others) > 3000
    assert not [text for text in given.others if emergency_in(text)]
    unseen = {row["text"] for row in rows("emergencies_blind_3.jsonl")}
    assert not unseen & {*given.others, *(text for text, _ in given.emergencies)}


def test_with_both_encoders_most_of_what_nobody_foresaw_is_heard():
    encoders = available_encoders()
    listener = listener_for({one.name: one.version for one in encoders})
    if listener is None:
        pytest.skip("other encoders than those the listener was learned for")
    unseen = rows("emergencies_blind_3.jsonl")
    texts = [row["text"] for row in unseen]
    vectors = {one.name: one.queries(texts) for one in encoders}
    heard = [
        emergency_in(text) is not None
        or listener.kind_of({name: found[at] for name, found in vectors.items()}) is not None
        for at, text in enumerate(texts)
    ]
    real = [one for one, row in zip(heard, unseen, strict=True) if row["kind"]]
    assert sum(real) / len(real) >= 0.8


def test_the_shipped_listeners_were_learned_from_what_is_there_now():
    """After a change of examples or questions to refuse: `make calibrate`."""
    content = json.loads(DATA.joinpath("listener.json").read_text("utf-8"))
    assert content["digest"] == lesson(read_training()).digest
    assert content["listeners"].keys() == {"use", "e5", "use+e5"}
