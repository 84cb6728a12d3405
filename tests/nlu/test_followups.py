"""Follow-ups are recognised in seven languages; a question with its own service never is one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.followups import Topic, follow_up
from nlu.training import read_training
from tests.nlu.test_emergencies import rows

PHRASES = rows("followups.jsonl")


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase["text"])
def test_a_follow_up_is_recognised_and_a_question_with_its_own_service_is_none(
    phrase: dict[str, Any],
) -> None:
    assert follow_up(phrase["text"]) == phrase["topic"]


def test_every_topic_is_there_in_many_phrasings() -> None:
    topics = [phrase["topic"] for phrase in PHRASES]
    assert min(topics.count(topic) for topic in Topic) >= 10
    assert topics.count(None) >= 30


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
