import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.intents import Intent, intent_of
from tests.nlu.test_emergencies import rows


def test_no_service_question_is_taken_for_something_asked_of_the_bot():
    assert [row["text"] for row in rows("questions.jsonl") if intent_of(row["text"])] == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hallo!", Intent.GREETING),
        ("Vielen Dank", Intent.THANKS),
        ("Дякую", Intent.THANKS),
        ("bitte lösche alle meine daten", Intent.ERASE_MY_DATA),
        ("Welche Daten hast du über mich gespeichert?", Intent.MY_DATA),
        ("ich will mit einem echten menschen sprechen", Intent.HUMAN),
        ("who are you?", Intent.WHO_ARE_YOU),
        ("jemand hat müll im wald abgeladen", Intent.ILLEGAL_WASTE),
        ("wie hoch ist der Pegel gerade", Intent.SENSOR_VALUE),
        ("stop", Intent.UNSUBSCRIBE),
        ("merhaba", Intent.GREETING),
        ("do widzenia", Intent.GOODBYE),
        ("change language", Intent.CHANGE_LANGUAGE),
    ],
)
def test_what_is_asked_of_the_bot_is_recognised(text, intent):
    assert intent_of(text) is intent


@pytest.mark.parametrize(
    "text",
    [
        "Hallo, wo melde ich mein Auto an?",
        "Hallo, Hund anmelden",
        "moin Sperrmüll",
        "danke, und Reisepass",
        "hi passport",
        "привіт, паспорт",
        "merhaba pasaport",
        "Tschüss Führerschein",
    ],
)
def test_a_polite_word_beside_a_question_is_no_intent(text):
    assert intent_of(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Guten Morgen zusammen", Intent.GREETING),
        ("Vielen lieben Dank für die Hilfe", Intent.THANKS),
        ("thank you very much", Intent.THANKS),
        ("дуже дякую вам", Intent.THANKS),
        ("большое спасибо за помощь", Intent.THANKS),
        ("شكرا جزيلا لكم", Intent.THANKS),
        ("çok teşekkürler", Intent.THANKS),
        ("bardzo dziękuję za pomoc", Intent.THANKS),
        ("auf Wiedersehen und danke", Intent.THANKS),
        ("Schönen Abend noch, tschüss", Intent.GOODBYE),
        ("dzień dobry", Intent.GREETING),
        ("السلام عليكم", Intent.GREETING),
    ],
)
def test_polite_words_beside_each_other_stay_polite(text, intent):
    assert intent_of(text) is intent


@pytest.mark.parametrize("word", ["anmelden", "abmelden", "ummelden", "Anmeldung"])
def test_one_word_of_the_registration_office_is_no_intent(word):
    assert intent_of(word) is None


@given(st.text(max_size=700))
def test_any_text_has_one_of_our_intents_or_none(text):
    assert intent_of(text) in {None, *Intent}
