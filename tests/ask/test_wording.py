"""In danger people read numbers first; every emergency, line and intent has words."""

import re

import pytest

from handlers.ask.wording import EMERGENCIES, HELP_LINES, INTENTS, emergency_words, intent_words
from nlu.emergencies import Emergency, EmergencyKind, emergency_in, help_lines
from nlu.intents import Intent
from services.direction import MARK
from services.region.records import Hotline

HOTLINE = Hotline(phone="115")
BY_COMMAND = {Intent.ERASE_MY_DATA, Intent.UNSUBSCRIBE, Intent.CHANGE_LANGUAGE}


def test_everything_has_words():
    assert EMERGENCIES.keys() == set(EmergencyKind)
    assert INTENTS.keys() | BY_COMMAND == set(Intent)
    lines = {line.id for kind in EmergencyKind for line in help_lines(kind)}
    assert lines == HELP_LINES.keys()


@pytest.mark.parametrize("kind", EmergencyKind)
def test_the_first_line_says_what_to_do_and_the_second_whom_to_call(texts, kind):
    for text in texts.languages.values():
        emergency = Emergency(kind, help_lines(kind))
        first, second, *_ = emergency_words(text, emergency).replace(MARK, "").splitlines()
        assert re.fullmatch("<b>.{5,90}</b>", first), text.language
        assert emergency.help_lines[0].number in second
        assert not {"?", "؟"} & set(emergency_words(text, emergency))


def test_a_fire_in_german(texts):
    fire = emergency_in("hilfe meine küche brennt")
    assert fire
    assert emergency_words(texts.of("de"), fire).startswith(
        "<b>Rufen Sie sofort an:</b>\n• Feuerwehr und Rettungsdienst (Notruf): <b>112</b>\n\nGehen"
    )


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_is_answered_in_every_language(texts, intent):
    for text in texts.languages.values():
        assert intent_words(text, intent, hotline=HOTLINE, county="Kreis Anders")


def test_who_wants_a_human_gets_a_number_and_what_we_do_not_know_about_it(texts):
    words = intent_words(texts.of("de"), Intent.HUMAN, hotline=HOTLINE, county="")
    assert "115" in words
    assert "prüfen" in words
