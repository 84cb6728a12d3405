from hypothesis import given
from hypothesis import strategies as st

from nlu.language import Language, language_of
from tests.nlu.test_emergencies import rows


def test_nearly_every_question_is_put_in_its_language():
    found = [
        language_of(row["text"], chat=Language.GERMAN) == row["lang"]
        for row in rows("questions.jsonl")
    ]
    assert sum(found) / len(found) > 0.97


def test_two_words_keep_the_language_of_the_chat():
    assert language_of("new passport", chat=Language.POLISH) is Language.POLISH


@given(st.text(max_size=700))
def test_any_text_has_one_of_our_languages(text):
    assert language_of(text, chat=Language.GERMAN) in Language
