"""What no text may say: an Alarmstufe without who declared it, a guide value for a severity."""

import re

import pytest

from handlers.alarms.wording import SEVERITIES
from tests.architecture.test_texts import CATALOGUES, forms, messages

STAGE = re.compile(
    r"alarmstufe|hochwasserstufe|alarm (stage|level)|stopień alarmow|stan alarmow"
    r"|ступень тревоги|ступінь тривоги|alarm kademesi|درجة الإنذار",
    re.IGNORECASE,
)
"""An official stage, in the languages of the bot."""
GUIDE_VALUE = re.compile(r"richtwert|guide value", re.IGNORECASE)


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_stage_never_stands_without_who_declared_it(language: str) -> None:
    told = {
        key: form for key, one in messages(language).items() for form in forms(one)
        if STAGE.search(form)
    }  # fmt: skip
    assert "alarms.declared" in told
    assert not {key: form for key, form in told.items() if "{declarer}" not in form}


@pytest.mark.parametrize("words", ["Alarmstufe 2 überschritten", "flood alarm stage 3 reached"])
def test_words_that_would_be_found(words: str) -> None:
    assert STAGE.search(words)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_severity_is_no_guide_value_and_no_stage(language: str) -> None:
    texts = messages(language)
    names = [forms(texts[key])[0] for key in SEVERITIES.values()]
    assert len(set(names)) == len(names)
    assert not [one for one in names if GUIDE_VALUE.search(one) or STAGE.search(one)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_a_sensor_says_is_unchecked(language: str) -> None:
    texts = messages(language)
    unchecked = re.compile("ungeprüft|unverified|unchecked|not checked", re.IGNORECASE)
    for key in ("alarms.measured", "alarms.own-value", "readings.unchecked"):
        assert unchecked.search(forms(texts[key])[0]), key
    for key in ("alarms.limit-above", "alarms.public-above"):
        assert GUIDE_VALUE.search(forms(texts[key])[0]), key
