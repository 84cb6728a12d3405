"""Ranking by words and by meaning, with a small encoder of our own."""

from pathlib import Path

import numpy as np
import pytest

from nlu.encoders import passes_self_test
from nlu.lexical import Bm25
from nlu.ranker import Ranker
from nlu.understanding import Entry
from nlu.vectors import VectorStore

TOPICS = (("hund", "dog"), ("haus", "bau"), ("pass", "reise"))
ENTRIES = [
    Entry("hundesteuer", ("Hundesteuer",), ("mein Hund ist neu",)),
    Entry("baugenehmigung", ("Baugenehmigung",), ("ich will ein Haus",)),
    Entry("reisepass", ("Reisepass",)),
]
GENERIC = ["guten Tag", "wie wird das Wetter"]


class TopicEncoder:
    """Knows three topics; counts what it encodes."""

    name = "use"
    version = "1"
    dim = 4

    def __init__(self) -> None:
        self.encoded = 0

    def passages(self, texts):
        self.encoded += len(texts)
        return self.queries(texts)

    def queries(self, texts):
        rows = [[any(w in t.lower() for w in topic) for topic in TOPICS] + [0.1] for t in texts]
        found = np.array(rows, dtype=np.float32).reshape(len(texts), self.dim)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_a_question_in_another_language_finds_what_it_means(tmp_path: Path):
    ranker = Ranker(ENTRIES, [VectorStore(tmp_path, TopicEncoder())], GENERIC)
    assert ranker.rank("register my dog")[0].id == "hundesteuer"


def test_without_encoders_words_still_rank():
    assert Ranker(ENTRIES, [], GENERIC).rank("Haus")[0].id == "baugenehmigung"


def test_no_entries_rank_to_nothing():
    assert Ranker([], [], GENERIC).rank("Haus") == []


@pytest.mark.parametrize("question", ["", "🐕", "?" * 5000, "\ud800"])
def test_any_text_can_be_asked(question: str, tmp_path: Path):
    ranker = Ranker(ENTRIES, [VectorStore(tmp_path, TopicEncoder())], GENERIC)
    assert len(ranker.rank(question)) == 3


def test_units_that_do_not_count_are_as_if_nobody_had_written_them():
    ranker = Ranker(ENTRIES, [], GENERIC)
    assert ranker.units.texts[:2] == ("Hundesteuer", "mein Hund ist neu")
    found = ranker.ranking("Hundesteuer", without=[1])
    assert found.scores[0] == pytest.approx(found.units[0])


def test_a_compound_is_found_by_its_parts():
    scores = Bm25(["Hund", "Steuer", "Reise"]).scores("Hundesteuer")
    assert scores[0] > 0
    assert scores[1] > 0
    assert scores[2] == 0


def test_a_text_is_encoded_once(tmp_path: Path):
    VectorStore(tmp_path, TopicEncoder()).passages(["hund", "haus"])
    again = TopicEncoder()
    vectors = VectorStore(tmp_path, again).passages(["haus", "pass", "haus"])
    assert again.encoded == 1
    assert np.allclose(vectors, again.queries(["haus", "pass", "haus"]))


@pytest.mark.parametrize("damage", ["cut", "changed", "garbage"])
def test_a_damaged_file_is_computed_again(tmp_path: Path, damage: str):
    store = VectorStore(tmp_path, TopicEncoder())
    right = store.passages(["hund", "haus"])
    content = bytearray(store.path.read_bytes())
    if damage == "changed":
        content[40] ^= 255
    harmed = {"cut": content[:-3], "changed": content, "garbage": b"nothing of ours"}
    store.path.write_bytes(bytes(harmed[damage]))
    assert np.array_equal(VectorStore(tmp_path, TopicEncoder()).passages(["hund", "haus"]), right)
    assert np.array_equal(VectorStore(tmp_path, TopicEncoder()).passages(["hund", "haus"]), right)


@pytest.mark.parametrize("harm", ["gone", "others"])
def test_a_file_that_changes_meanwhile_is_written_anew(tmp_path: Path, harm: str):
    store = VectorStore(tmp_path, TopicEncoder())
    right = store.passages(["hund", "haus"])
    store.path.unlink()
    if harm == "others":
        VectorStore(tmp_path, TopicEncoder()).passages(["pass", "reise", "bau"])
    assert np.array_equal(store.passages(["hund", "haus"]), right)


def test_two_writers_do_not_mix(tmp_path: Path):
    one, other = (VectorStore(tmp_path, TopicEncoder()) for _ in range(2))
    one.passages(["hund"])
    other.passages(["haus", "pass"])
    expected = one.encoder.queries(["reise", "hund"])
    assert np.array_equal(one.passages(["reise", "hund"]), expected)
    assert VectorStore(tmp_path, TopicEncoder()).missing(["hund", "haus", "pass", "reise"]) == 0


def test_a_folder_nobody_may_write_to_costs_only_time(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    store = VectorStore(tmp_path / "file" / "vectors", TopicEncoder())
    expected = store.encoder.queries(["haus"])
    assert np.array_equal(store.passages(["haus"]), expected)
    assert store.missing(["haus"]) == 0


def test_progress_is_told(tmp_path: Path):
    told = []
    texts = [f"hund {number}" for number in range(40)]
    store = VectorStore(tmp_path, TopicEncoder())
    store.fill(texts, ["Hund?"], lambda done, of: told.append((done, of)))
    assert told == [(32, 41), (40, 41), (41, 41)]
    assert store.missing(texts, ["Hund?"]) == 0
    assert store.missing(["neu", "neu"], ["hund 1"]) == 2


def test_an_encoder_that_mixes_up_meanings_fails_its_self_test():
    class Constant(TopicEncoder):
        def queries(self, texts):
            return np.ones((len(texts), self.dim), dtype=np.float32)

    assert not passes_self_test(Constant())
