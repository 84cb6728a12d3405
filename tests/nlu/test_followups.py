"""Follow-ups are recognised in seven languages; a question with its own service never is one."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.followups import Topic, follow_up
from nlu.training import read_training
from tests.nlu.test_emergencies import rows

WRITTEN = yaml.safe_load(Path(__file__).with_name("followups.yaml").read_text(encoding="utf-8"))
ANEW = WRITTEN.pop("none")
PHRASES = [(phrase, Topic(topic)) for topic, phrases in WRITTEN.items() for phrase in phrases]


@pytest.mark.parametrize(("phrase", "topic"), PHRASES)
def test_a_follow_up_is_recognised(phrase: str, topic: Topic) -> None:
    assert follow_up(phrase) is topic


@pytest.mark.parametrize("phrase", ANEW)
def test_who_names_a_service_asks_anew(phrase: str) -> None:
    assert follow_up(phrase) is None


def test_every_topic_is_there_in_many_phrasings() -> None:
    assert WRITTEN.keys() == set(Topic)
    assert min(len(phrases) for phrases in WRITTEN.values()) >= 10
    assert len(ANEW) >= 30


def test_no_question_of_the_test_files_is_a_follow_up() -> None:
    asked = [row["text"] for row in rows("questions.jsonl")]
    assert [one for one in asked if follow_up(one)] == []


def test_no_example_of_a_service_is_a_follow_up() -> None:
    examples = [text for texts in read_training().services.values() for text in texts]
    assert len(examples) > 3000
    assert [one for one in examples if follow_up(one)] == []


@given(st.text(max_size=700))
def test_any_text_has_a_topic_or_none(text: str) -> None:
    assert follow_up(text) in {None, *Topic}
