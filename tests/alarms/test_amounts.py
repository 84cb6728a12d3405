"""Measured values as people write them, in the vocabulary's unit."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import LOCALES
from handlers.alarms.amounts import amount, written
from handlers.readings.quantities import QUANTITIES
from lorawan.vocabulary import QUANTITIES as VOCABULARY
from services.alarms.drafting import BadRuleError
from services.text import Texts, load_texts

TEXTS = load_texts(LOCALES, ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("words", "quantity", "value"),
    [
        ("4,85", "water.level", 4.85),
        ("4,85 m", "water.level", 4.85),
        ("4.85m", "water.level", 4.85),
        ("485 cm", "water.level", 4.85),
        ("485", "water.level", 4.85),
        ("20", "water.level", 20.0),
        ("21", "water.level", 0.21),
        ("-50 cm", "water.level", -0.5),
        ("− 0,5 Meter", "water.level", -0.5),
        ("-3", "air.temperature", -3.0),
        ("-3,5 °C", "air.temperature", -3.5),
        ("30 Grad", "air.temperature", 30.0),
        ("80 %", "waste.fillLevel", 80.0),
        ("90 km/h", "wind.speed", 25.0),
        ("1500 ppm", "air.co2", 1500.0),
        ("20", "link.battery", 20.0),
        ("20 %", "link.battery", 20.0),
        ("0,05 mg/m³", "air.pm10", 50.0),
    ],
)
def test_values(words: str, quantity: str, value: float, texts: Texts) -> None:
    assert amount(words, quantity, texts.of("de")) == pytest.approx(value)


@pytest.mark.parametrize(
    ("words", "quantity", "key"),
    [
        ("viel", "water.level", "alarms.no-number"),
        ("", "water.level", "alarms.no-number"),
        ("4 m 85", "water.level", "alarms.wrong-unit"),
        ("4 kg", "water.level", "alarms.wrong-unit"),
        ("4 m", "air.temperature", "alarms.wrong-unit"),
        ("30 m", "water.level", "alarms.out-of-range"),
        ("120 %", "waste.fillLevel", "alarms.out-of-range"),
        ("1.500 ppm", "air.co2", "alarms.ambiguous-number"),
        ("5 cm/h", "water.level", "alarms.wrong-unit"),
    ],
)
def test_no_values(words: str, quantity: str, key: str, texts: Texts) -> None:
    with pytest.raises(BadRuleError) as error:
        amount(words, quantity, texts.of("de"))
    assert error.value.text_key == key
    assert texts.of("de")(key, **error.value.params)


@pytest.mark.parametrize("words", ["8 cm/h", "8 cm pro Stunde", "0,08 m je Stunde", "8 cm"])
def test_changes_an_hour(words: str, texts: Texts) -> None:
    assert amount(words, "water.level", texts.of("de"), an_hour=True) == 0.08


@given(st.sampled_from(sorted(QUANTITIES)), st.integers(0, 100))
def test_what_is_offered_is_read_as_meant(quantity: str, value: int) -> None:
    meant = value / 100 if QUANTITIES[quantity].factor > 1 else float(value)
    text = TEXTS.of("de")
    if not VOCABULARY[quantity].can_be(meant):
        return
    assert amount(written(meant, quantity), quantity, text) == pytest.approx(meant)
