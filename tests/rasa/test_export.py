"""The training files for Rasa: the same examples, in Rasa's manner."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.rasa.export import OUT_OF_SCOPE, export, intents_of, training
from nlu.training import read_training
from nlu.understanding import Entry, Kind

ENTRIES = (
    Entry("hund-anmelden", ("Hund anmelden", "Register a dog"), ("wauwau neu", "wauwau neu")),
    Entry("faq:heute-offen", ("Ist heute offen?",), kind=Kind.FAQ),
)


def read(folder: Path, name: str) -> dict:
    return yaml.safe_load((folder / name).read_text(encoding="utf-8"))


def examples(content: str) -> dict[str, list[str]]:
    """Return the examples of each intent, read as Rasa reads them."""
    return {
        one["intent"]: [line.removeprefix("-").strip() for line in one["examples"].splitlines()]
        for one in yaml.safe_load(content)["nlu"]
    }


def test_each_entry_is_an_intent_with_its_names_and_phrases(tmp_path: Path):
    export(tmp_path, ENTRIES, ["wie wird das wetter"])
    assert examples((tmp_path / "nlu.yml").read_text(encoding="utf-8")) == {
        "hund-anmelden": ["Hund anmelden", "Register a dog", "wauwau neu"],
        "faq_heute-offen": ["Ist heute offen?"],
        OUT_OF_SCOPE: ["wie wird das wetter"],
    }


def test_the_domain_names_the_same_intents(tmp_path: Path):
    export(tmp_path / "new", ENTRIES, ["wie wird das wetter"])
    intents = [one["intent"] for one in read(tmp_path / "new", "nlu.yml")["nlu"]]
    assert read(tmp_path / "new", "domain.yml")["intents"] == intents


def test_the_config_ranks_all_intents_and_looks_for_no_entities(tmp_path: Path):
    export(tmp_path, ENTRIES, ["x"])
    diet = read(tmp_path, "config.yml")["pipeline"][-1]
    assert diet["name"] == "DIETClassifier"
    assert diet["ranking_length"] == 0
    assert diet["entity_recognition"] is False


def test_names_of_intents_lead_back_to_the_entries():
    assert {name: entry.id for name, entry in intents_of(ENTRIES).items()} == {
        "hund-anmelden": "hund-anmelden",
        "faq_heute-offen": "faq:heute-offen",
    }


@pytest.mark.parametrize("ids", [("faq:a", "faq/a"), ("a", "out_of_scope")])
def test_two_entries_are_never_one_intent(ids: tuple[str, str], tmp_path: Path):
    with pytest.raises(ValueError, match="one intent"):
        export(tmp_path, [Entry(one, ("Name",)) for one in ids], [])


def test_brackets_are_no_entities():
    assert examples(training({"a": ["[hund](tier) und {katze}[x]{y}"]})) == {
        "a": ["hund (tier) und katze x y"]
    }


@given(st.lists(st.text(), min_size=1))
def test_any_text_is_one_line_that_yaml_can_read(texts: list[str]):
    content = training({"a": texts})
    found = content.split("|\n", 1)[1]
    assert all(line.startswith("    - ") for line in found.splitlines())
    assert not re.search(r"[\[\]{}\\]", found)
    content.encode("utf-8")
    yaml.safe_load(content)


def test_our_own_training_data_become_legal_intents(tmp_path: Path):
    data = read_training()
    entries = [Entry(one, (one,), texts) for one, texts in data.services.items()]
    export(tmp_path, entries, data.out_of_scope)
    found = examples((tmp_path / "nlu.yml").read_text(encoding="utf-8"))
    assert found.keys() == {*data.services, OUT_OF_SCOPE}
    assert all({*found[one]} >= {*texts} for one, texts in data.services.items())
